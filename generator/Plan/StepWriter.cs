using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>Writes the steps of one rate.</summary>
internal sealed partial class StepWriter(Schedule schedule, Rate rate, Dictionary<int, PlannedValue>? kept)
{
    private readonly List<Step> steps = [];
    private readonly Dictionary<int, PlannedValue> values = [];
    private readonly HashSet<int> written = [];
    private readonly Taken copies = new();
    private readonly Dictionary<int, int> readyAt = [];
    private readonly Dictionary<(PlannedValue Value, Guard Guard, Scan? Scan), PlannedValue> rowsOf = [];
    private Guard guard;
    private readonly List<(PlannedValue Value, int Step, bool IsReadOut)> touched = [];
    private int backFrom = int.MaxValue;

    public EquatableArray<Node> Nodes => schedule.Nodes;

    /// <summary>What was decided of the nodes.</summary>
    public Schedule Fusion => schedule;

    /// <summary>Where a node's value lies.</summary>
    public PlannedValue Of(int id)
    {
        if (!values.TryGetValue(id, out var value))
            values[id] = value = Leaf(id);
        return value;
    }

    private PlannedValue Leaf(int id) => schedule.Rates[id] switch
    {
        Rate.Load => New(id, Storage.Constant),
        var lower when lower < rate => kept![id],
        _ => throw new InvalidOperationException($"%{id} is read before it is written."),
    };

    /// <summary>Memory for a node's value.</summary>
    public PlannedValue New(int id, Storage storage = Storage.Arena) =>
        new(schedule.Names.Of(id), Nodes[id].Shape!, schedule.Channels[id], storage)
        {
            Source = Nodes[id], Slots = SlotsOf(id, storage), Moves = SlotsOf(id, storage) > 1,
        };

    /// <summary>The reference's forward pass, or what is the same along a path; returns what a backward pass needs of it.</summary>
    public Dictionary<int, PlannedValue> Keep()
    {
        var ids = schedule.Order.Where(id => schedule.Needed[id] && schedule.Rates[id] == rate).ToList();
        WriteNodes(ids);
        var offset = 0;
        var read = new Dictionary<int, PlannedValue>();
        foreach (var id in ids.Where(schedule.Pinned.Contains))
        {
            Touch(Of(id), steps.Count);
            var slots = Nodes[id].Scan?.Steps ?? 1;
            read[id] = new PlannedValue(schedule.Names.Of(id), Nodes[id].Shape!, schedule.Channels[id], Storage.Kept)
            {
                Offset = offset, Slots = slots,
                Moves = Nodes[id].Scan is not null,
            };
            offset += read[id].Size * slots;
        }
        return read;
    }

    /// <summary>The forward pass, and at its end the parts of each point, which only a backward pass to that point computes.</summary>
    public void Forward()
    {
        var deltas = schedule.Derived.Points.Select(point => point.Deltas).ToList();
        // A scan runs once: what parts need of it is computed with the rest.
        var common = Scans.Reached(Nodes, schedule.Roots(withDeltas: false)
            .Concat(Forwards().Where(id => Nodes[id].Op is Input or Stacked or Final || Nodes[id].Scan is not null)));
        WriteNodes(Forwards().Where(id => common[id]));
        for (var i = 0; i < deltas.Count; i++)
        {
            if (deltas[i] is not { } parts)
                continue;
            if (deltas.IndexOf(parts) is var first && first < i)
            {
                deltaValues[i] = deltaValues[first];
                continue;
            }
            guard = new Guard(GuardKind.Deltas, i);
            var own = Scans.Reached(Nodes, [parts.Positive, parts.Negative]);
            // What another point's parts need too is written again for this one: only one of them ever runs.
            foreach (var id in Forwards().Where(id => own[id] && !common[id]))
                WriteNode(id);
            Touch(Of(parts.Positive), steps.Count);
            Touch(Of(parts.Negative), steps.Count);
            deltaValues[i] = (Of(parts.Positive), Of(parts.Negative));
            steps.Add(new DeltaMark(Of(parts.Positive), Of(parts.Negative)) { Guard = guard });
        }
        guard = default;
    }

    private readonly Dictionary<int, (PlannedValue, PlannedValue)> deltaValues = [];

    private IEnumerable<int> Forwards() =>
        schedule.Order.Where(id => schedule.Needed[id] && (schedule.Rates[id] == rate || schedule.IsAnswer(id)) && Nodes[id].Position < 0);

    /// <summary>The way back, in sections between the points.</summary>
    public IReadOnlyList<Stop> Back()
    {
        var stops = new List<Stop>();
        backFrom = steps.Count;
        WriteNodes(schedule.Order.Where(id => schedule.Needed[id] && Nodes[id].Position >= 0 && schedule.Rates[id] <= rate), id =>
        {
            if (Nodes[id].Op is Seed
                && !(stops.Count > 0 && stops[stops.Count - 1].Points.SequenceEqual(Nodes[id].Settings.Ints("points"))))
                stops.Add(new Stop(Nodes[id].Settings.Ints("points")));
            guard = Nodes[id].Op is Seed ? default : new Guard(GuardKind.Section, stops.Count - 1);
            WriteNode(id);
            if (Nodes[id].Op is Seed)
                steps[steps.Count - 1].Guard = new Guard(GuardKind.Always, stops.Count - 1);
        }, () => guard = new Guard(GuardKind.Section, stops.Count - 1));
        guard = default;
        return stops;
    }

    /// <summary>Values to be read after the last step.</summary>
    public void ReadAtEnd(IEnumerable<PlannedValue> read)
    {
        foreach (var value in read)
            Touch(value, int.MaxValue - 1);
    }

    // Beside the steps themselves, which touch what they read and write.
    private void Touch(PlannedValue value, int step, bool isReadOut = true)
    {
        touched.Add((value, step, isReadOut));
        value.Touch(step);
    }

    /// <summary>What a skipped section leaves for later ones: zero.</summary>
    public IReadOnlyList<Cleared> Cleared()
    {
        var sectionOf = new Dictionary<PlannedValue, int>();
        var last = new Dictionary<int, int>();
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Guard.Kind != GuardKind.Section)
                continue;
            last[sectionOf[steps[i].To.Whole ?? steps[i].To] = steps[i].Guard.Index] = i;
            if (steps[i] is PairStep { Second.To: var also })
                sectionOf[also.Whole ?? also] = steps[i].Guard.Index;
        }
        var cleared = new List<Cleared>();
        foreach (var pair in sectionOf)
        {
            if (pair.Key.Last > last[pair.Value] && pair.Key.Storage == Storage.Arena)
                cleared.Add(new Cleared(pair.Key, pair.Value));
        }
        return cleared;
    }

    public PlannedPoint Point(PointNodes point, int index)
    {
        var value = Of(point.Value);
        return new PlannedPoint(point.Index, value, readsNothing ? -2 : readyAt.TryGetValue(point.Value, out var ready) ? ready : -1,
            point.Multipliers is { } multipliers ? (Of(multipliers.Positive), Of(multipliers.Negative)) : null,
            deltaValues.TryGetValue(index, out var parts) ? parts : null);
    }

    public Program Finish()
    {
        var arena = steps.SelectMany(step => step.From.Append(step.To)).Select(value => value.Memory)
            .Where(value => value.Storage == Storage.Arena && value.Last >= 0).Distinct().ToList();
        var size = Slots.Assign(arena);
        var shift = Slots.Shift(arena.Where(value => value.First < backFrom && value.Last >= backFrom),
            arena.Where(value => value.First >= backFrom));
        return new Program { Steps = steps, ArenaSize = size, BackFrom = Math.Min(backFrom, steps.Count), Shift = shift };
    }

    private void WriteNode(int id)
    {
        if (rate == schedule.Backward && schedule.Rates[id] != rate && schedule.IsAnswer(id) && written.Add(id))
            WriteAnswer(id);
        if (schedule.Rates[id] != rate || schedule.Absorbed.Contains(id) || (!written.Add(id) && guard.Kind != GuardKind.Deltas))
            return;
        var before = steps.Count;
        if (!schedule.Finished.Contains(id))
            Lowerings.Of(Nodes[id]).Write(this, id);
        var made = schedule.LastOf(id);
        for (var i = before; i < steps.Count; i++)
        {
            steps[i].Comment = schedule.Names.Comment(made, steps[i]);
            steps[i].IsSteep = schedule.IsSteep(made);
            steps[i].SteepAtZeroOnly = steps[i].IsSteep ? schedule.SteepAtZeroOnly(made) : null;
        }
        if (steps.Count > before)
            IsReady(id);
    }

    /// <summary>An answer that waits for no input: a copy of its own, since answers are read out of the arena.</summary>
    private void WriteAnswer(int id)
    {
        values[id] = Copied(id, Leaf(id));
        steps[steps.Count - 1].Comment = schedule.Names.Comment(id, steps[steps.Count - 1]);
        IsReady(id);
    }

    /// <summary>Adds a step.</summary>
    public void Do(Step step)
    {
        step.Guard = guard;
        step.Scan = inside;
        foreach (var value in step.From.Append(step.To))
            value.Touch(steps.Count);
        steps.Add(step);
    }

    /// <summary>Memory for a node's value, where it lies from now on.</summary>
    public PlannedValue Make(int id) => values[id] = New(id);

    /// <summary>Says where a node's value lies.</summary>
    public void Set(int id, PlannedValue value) => values[id] = value;

    /// <summary>Says that a node's value lies where another's does, and is complete with it.</summary>
    public void SetSame(int id, int other)
    {
        values[id] = Of(other);
        readyAt[id] = readyAt.TryGetValue(other, out var ready) ? ready : -1;
    }

    /// <summary>Says that a node's value is complete with the last step.</summary>
    public void IsReady(int id) => readyAt[id] = steps.Count - 1;

    /// <summary>Whether a value is made on the way back.</summary>
    public bool IsOfWayBack(PlannedValue value) => value.First >= backFrom;

    /// <summary>Says that a value is read after the last step, before the next.</summary>
    public void TouchNext(PlannedValue value) => Touch(value, steps.Count);

    /// <summary>What the user calls a node's value.</summary>
    public string? Name(int id) => Nodes[id].Text ?? Nodes[id].Name;

    /// <summary>The channels that an operator's kernel takes a value with, be it an input or its own.</summary>
    public int Wanted(int op, int value) => Nodes[value].Shape!.Rank < 2 ? schedule.Channels[value]
        : Lowerings.Of(Nodes[op]).OrderOf(Nodes[op]) == Order.Natural ? 1 : Memory.ChannelsLast(Nodes[value].Shape!);

    /// <summary>The value that a kernel makes, which is the node's own unless that lies differently.</summary>
    public PlannedValue Made(PlannedValue value, int channels) =>
        value.Channels == channels
            ? value
            : new PlannedValue(Another(Names.Copy(value.Name, "turned")), value.Shape, channels, Storage.Arena);

    /// <summary>Copies what a kernel has made into the order in which the value lies.</summary>
    public void Settle(PlannedValue value, PlannedValue made)
    {
        if (made == value)
            return;
        Do(Turn(value, made));
    }

    /// <summary>A value as a kernel takes it: rows one after the other, and so many channels.</summary>
    public PlannedValue Whole(int id, int channels)
    {
        var value = Of(id);
        if (value.Channels == channels)
            return Whole(value);
        var turned = new PlannedValue(Another(Names.Copy(value.Name, "turned")), Nodes[id].Shape!, channels, Storage.Arena);
        Do(Turn(turned, value));
        return turned;
    }

    /// <summary>A value with its rows one after the other.</summary>
    public PlannedValue Whole(PlannedValue value)
    {
        if (value.Storage == Storage.Arena
            || (value is { Storage: Storage.Input or Storage.Reference, IsShared: false } && value.Size == schedule.Names.InputSize))
            return value;
        // One copy for all readers; what a guarded section copies is its own, since the others may run without it.
        if (rowsOf.TryGetValue((value, guard, inside), out var known))
            return known;
        var copy = rowsOf[(value, guard, inside)] = new PlannedValue(Another(Names.Copy(value.Name, "rows")), value.Shape, value.Channels,
            Storage.Arena);
        Do(new MapStep(copy, new Argument(0), [value]));
        return copy;
    }

    // Copies that are not shared have names of their own.
    private string Another(string name) => copies.Take(name);

    /// <summary>Takes a node's value from the caller's rows, from <paramref name="offset"/> of each.</summary>
    public void Give(int id, Storage storage, int offset)
    {
        var given = new PlannedValue(schedule.Names.Of(id), Nodes[id].Shape!, 1, storage)
        {
            Offset = offset, IsShared = storage == Storage.Reference && schedule.SharesReferences,
        };
        if (schedule.Channels[id] == 1)
        {
            values[id] = schedule.IsAnswer(id) ? Copied(id, given) : given;
            return;
        }
        var turned = values[id] = new PlannedValue(Another(Names.Copy(given.Name, "rows")), given.Shape, schedule.Channels[id],
            Storage.Arena);
        Do(Turn(turned, given));
    }

    /// <summary>The copy from one of the two orders to the other: [channels][positions] to [positions][channels], or back.</summary>
    public static CopyStep Turn(PlannedValue to, PlannedValue from) => to.Turned
        ? new CopyStep(to, from, 0, 0, [(to.Positions, 1, to.Channels), (to.Channels, to.Positions, 1)], null)
        : new CopyStep(to, from, 0, 0, [(from.Channels, 1, from.Positions), (from.Positions, from.Channels, 1)], null);

    /// <summary>A copy of a node's value that is its own.</summary>
    public PlannedValue Copied(int id, PlannedValue from)
    {
        var copy = new PlannedValue(Another(Names.Copy(schedule.Names.Of(id), "own")), Nodes[id].Shape!, schedule.Channels[id],
            Storage.Arena);
        Do(new MapStep(copy, new Argument(0), [from]));
        return copy;
    }
}
