using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>Scans: what is done once before and after, what in every step, and which memory lives through all of them.</summary>
internal sealed partial class StepWriter
{
    private readonly Dictionary<int, State> states = [];
    private Scan? inside;

    /// <summary>
    /// The memory of a carried value: as a step finds it, as it leaves it for the next, before the first step, and after the last.
    /// </summary>
    private sealed record State(PlannedValue Now, PlannedValue Next, PlannedValue First, PlannedValue Last);

    private int SlotsOf(int id, Storage storage) =>
        storage == Storage.Arena && Nodes[id].Scan is { } scan && schedule.Remembered.Contains(id) ? scan.Steps : 1;

    /// <summary>Writes nodes in order, those of a scan together; <paramref name="one"/> writes one outside of scans.</summary>
    private void WriteNodes(IEnumerable<int> ids, Action<int>? one = null, Action? before = null)
    {
        var left = new Queue<int>(ids);
        while (left.Count > 0)
        {
            var id = left.Dequeue();
            if (Nodes[id].Scan is not { } scan)
            {
                (one ?? WriteNode)(id);
                continue;
            }
            var members = new List<int> { id };
            while (left.Count > 0 && Nodes[left.Peek()].Scan?.Id == scan.Id)
                members.Add(left.Dequeue());
            before?.Invoke();
            WriteScan(scan, members);
        }
    }

    private void WriteScan(Scan scan, List<int> ids)
    {
        foreach (var id in ids.Where(id => Nodes[id].Op is Carried))
            Begin(scan, id);
        var inScan = new HashSet<int>(ids);
        var stacked = Enumerable.Range(0, Nodes.Count)
            .Where(id => schedule.Needed[id] && Nodes[id].Op is Stacked && inScan.Contains(Nodes[id].Inputs[0])).ToList();
        var first = steps.Count;
        inside = scan;
        foreach (var id in ids.Where(id => Nodes[id].Op is not (Carried or Next)))
            WriteNode(id);
        foreach (var id in stacked)
            WriteStacked(id);
        Carry(ids.Where(id => Nodes[id].Op is Next).ToList());
        inside = null;
        LiveThroughout(first, stacked.Select(Of));
        foreach (var id in stacked.Where(id => schedule.Derived.Points.Any(point => Unlabelled(point.Value) == id)))
        {
            Do(new ReadyMark(Of(id)));
            readyAt[id] = steps.Count - 1;
        }
    }

    /// <summary>The node whose memory a node is, under another shape or under its own.</summary>
    private int Unlabelled(int id) => Nodes[id].Op is Relabel ? Unlabelled(Nodes[id].Inputs[0]) : id;

    /// <summary>
    /// A state before the first step. One that is kept has a slot more than there are steps, so that none is written over.
    /// </summary>
    private void Begin(Scan scan, int id)
    {
        var name = schedule.Names.Of(id);
        var kept = schedule.Remembered.Contains(id);
        var memory =
            new PlannedValue(name, Nodes[id].Shape!, schedule.Channels[id], Storage.Arena)
            {
                Slots = kept ? scan.Steps + 1 : 1,
                Source = Nodes[id],
            };
        var (back, forth) = scan.Reversed ? (1, 0) : (0, 1);
        states[id] = kept
            ? new State(memory.At(name, back, true), memory.At(Names.Copy(name, "next"), forth, true),
                memory.At(Names.Copy(name, "first"), back * scan.Steps, false),
                memory.At(Names.Copy(name, "last"), forth * scan.Steps, false))
            : new State(memory, memory, memory, memory);
        values[id] = states[id].Now;
        Do(new MapStep(states[id].First, new Argument(0), [Of(Nodes[id].Inputs[0])]) { Comment = $"{name} before the first step" });
    }

    private void WriteStacked(int id)
    {
        written.Add(id);
        var one = Nodes[id].Inputs[0];
        Do(Memory.Into(Make(id), Nodes[id].Shape!, schedule.Channels[id], Of(one), schedule.Channels[one]));
        steps[steps.Count - 1].Comment = schedule.Names.Comment(id, steps[steps.Count - 1]);
        IsReady(id);
    }

    /// <summary>What a state, the node that a step finds it by, is after the last step.</summary>
    public PlannedValue LastOfState(int id) => states[id].Last;

    /// <summary>Every state becomes what it is in the next step; one that becomes what another was, by way of a copy.</summary>
    private void Carry(List<int> ids)
    {
        var coming = ids.Select(id => Of(Nodes[id].Inputs[1])).ToList();
        for (var i = 0; i < coming.Count; i++)
        {
            if (!states.Values.Any(state => state.Now == coming[i]))
                continue;
            var copy = new PlannedValue(Another(Names.Copy(coming[i].Name, "was")), coming[i].Shape, coming[i].Channels, Storage.Arena);
            Do(new MapStep(copy, new Argument(0), [coming[i]]) { Comment = $"{coming[i].Name} as it was" });
            coming[i] = copy;
        }
        for (var i = 0; i < coming.Count; i++)
        {
            var carried = Nodes[ids[i]].Inputs[0];
            Do(new MapStep(states[carried].Next, new Argument(0), [coming[i]]) { Comment = $"{schedule.Names.Of(carried)} for the next "
                + "step" });
        }
    }

    /// <summary>What a scan reads from outside, writes for outside, carries or keeps has its memory through all steps.</summary>
    private static bool FillsStepByStep(Step step) => step.To.StartStep != 0 || step is CopyStep { ToStep: not 0 };

    private void LiveThroughout(int first, IEnumerable<PlannedValue> filled) => LiveThroughout(first, steps.Count, filled);

    private void LiveThroughout(int first, int end, IEnumerable<PlannedValue> filled)
    {
        var last = end - 1;
        var read = steps.Skip(first).Take(end - first).SelectMany(step => step.From.Append(step.To)).Select(value => value.Memory);
        foreach (var value in read.Distinct().ToList().Where(value => value.First < first || value.Slots > 1).Concat(filled))
        {
            Touch(value, first, isReadOut: false);
            Touch(value, last, isReadOut: false);
        }
    }

    // The same for all scans, once steps were left out.
    private void LiveThroughout()
    {
        for (var first = 0; first < steps.Count; first++)
        {
            if (steps[first].Scan is not { } scan)
                continue;
            var end = first;
            while (end < steps.Count && steps[end].Scan == scan)
                end++;
            LiveThroughout(first, end, steps.Skip(first).Take(end - first).Where(FillsStepByStep).Select(step => step.To.Memory).ToList());
            first = end - 1;
        }
    }
}
