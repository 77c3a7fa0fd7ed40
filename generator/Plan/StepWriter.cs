using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>Writes the steps of one rate.</summary>
internal sealed partial class StepWriter(Fusion plan, Rate rate, Dictionary<int, Value>? kept)
{
    private readonly List<Step> steps = [];
    private readonly Dictionary<int, Value> values = [];
    private readonly HashSet<int> written = [];
    private readonly Taken copies = new();
    private readonly Dictionary<int, int> readyAt = [];
    private readonly Dictionary<(Value Value, Guard Guard, Scan? Scan), Value> rowsOf = [];
    private Guard guard;
    private int backFrom = int.MaxValue;

    public EquatableArray<Node> Nodes => plan.Nodes;

    /// <summary>What was decided of the nodes.</summary>
    public Fusion Fusion => plan;

    /// <summary>Where a node's value lies.</summary>
    public Value Of(int id)
    {
        if (!values.TryGetValue(id, out var value))
            values[id] = value = Leaf(id);
        return value;
    }

    private Value Leaf(int id) => plan.Rates[id] switch
    {
        Rate.Load => New(id, Place.Constant),
        var lower when lower < rate => kept![id],
        _ => throw new InvalidOperationException($"%{id} is read before it is written."),
    };

    /// <summary>Memory for a node's value.</summary>
    public Value New(int id, Place place = Place.Arena) => new(plan.Names.Of(id), Nodes[id].Shape!, plan.Channels[id], place)
    {
        Source = Nodes[id], Slots = SlotsOf(id, place), Moves = SlotsOf(id, place) > 1,
    };

    /// <summary>The reference's forward pass, or what is the same along a path; returns what a walk needs of it.</summary>
    public Dictionary<int, Value> Keep()
    {
        var ids = plan.Order.Where(id => plan.Needed[id] && plan.Rates[id] == rate).ToList();
        WriteNodes(ids);
        var offset = 0;
        var read = new Dictionary<int, Value>();
        foreach (var id in ids.Where(plan.Pinned.Contains))
        {
            Touch(Of(id), steps.Count);
            var slots = Nodes[id].Scan?.Steps ?? 1;
            read[id] = new Value(plan.Names.Of(id), Nodes[id].Shape!, plan.Channels[id], Place.Kept)
            {
                Offset = offset, Slots = slots,
                Moves = Nodes[id].Scan is not null,
            };
            offset += read[id].Size * slots;
        }
        return read;
    }

    /// <summary>The forward pass, and at its end the parts of each point, which only a walk to that point computes.</summary>
    public void Forward()
    {
        var deltas = plan.Question.Points.Select(point => point.Deltas).ToList();
        // A scan runs once: what parts need of it is computed with the rest.
        var common = Scans.Reached(Nodes, plan.Roots(withDeltas: false)
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

    private readonly Dictionary<int, (Value, Value)> deltaValues = [];

    private IEnumerable<int> Forwards() =>
        plan.Order.Where(id => plan.Needed[id] && (plan.Rates[id] == rate || plan.IsAnswer(id)) && Nodes[id].Position < 0);

    /// <summary>The way back, in sections between the points.</summary>
    public IReadOnlyList<Stop> Back()
    {
        var stops = new List<Stop>();
        backFrom = steps.Count;
        WriteNodes(plan.Order.Where(id => plan.Needed[id] && Nodes[id].Position >= 0 && plan.Rates[id] <= rate), id =>
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
    public void ReadAtEnd(IEnumerable<Value> read)
    {
        foreach (var value in read)
            Touch(value, int.MaxValue - 1);
    }

    private static void Touch(Value value, int step) => value.Touch(step);

    /// <summary>What a skipped section leaves for later ones: zero.</summary>
    public IReadOnlyList<Cleared> Cleared()
    {
        var sectionOf = new Dictionary<Value, int>();
        var last = new Dictionary<int, int>();
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Guard.Kind == GuardKind.Section)
                last[sectionOf[steps[i].To] = steps[i].Guard.Index] = i;
        }
        var cleared = new List<Cleared>();
        foreach (var pair in sectionOf)
        {
            if (pair.Key.Last > last[pair.Value] && pair.Key.Place == Place.Arena)
                cleared.Add(new Cleared(pair.Key, pair.Value));
        }
        return cleared;
    }

    public PlannedPoint Point(PointNodes point, int index)
    {
        var value = Of(point.Value);
        return new PlannedPoint(point.Index, value, readyAt.TryGetValue(point.Value, out var ready) ? ready : -1,
            point.Multipliers is { } flow ? (Of(flow.Positive), Of(flow.Negative)) : null,
            deltaValues.TryGetValue(index, out var parts) ? parts : null);
    }

    public Program Finish()
    {
        var arena = steps.SelectMany(step => step.From.Append(step.To)).Select(value => value.Memory)
            .Where(value => value.Place == Place.Arena).Distinct().ToList();
        var size = Slots.Assign(arena);
        var shift = Slots.Shift(arena.Where(value => value.First < backFrom && value.Last >= backFrom),
            arena.Where(value => value.First >= backFrom));
        return new Program { Steps = steps, ArenaSize = size, BackFrom = Math.Min(backFrom, steps.Count), Shift = shift };
    }

    private void WriteNode(int id)
    {
        if (rate == plan.Walks && plan.Rates[id] != rate && plan.IsAnswer(id) && written.Add(id))
            WriteAnswer(id);
        if (plan.Rates[id] != rate || plan.Absorbed.Contains(id) || (!written.Add(id) && guard.Kind != GuardKind.Deltas))
            return;
        var before = steps.Count;
        if (!plan.Finished.Contains(id))
            Lowerings.Of(Nodes[id]).Write(this, id);
        var made = plan.LastOf(id);
        for (var i = before; i < steps.Count; i++)
        {
            steps[i].Comment = plan.Names.Comment(made, steps[i]);
            steps[i].IsSteep = plan.IsSteep(made);
        }
        if (steps.Count > before)
            IsReady(id);
    }

    /// <summary>An answer that waits for no input: a copy of its own, since answers are read out of the arena.</summary>
    private void WriteAnswer(int id)
    {
        values[id] = Copied(id, Leaf(id));
        steps[steps.Count - 1].Comment = plan.Names.Comment(id, steps[steps.Count - 1]);
        IsReady(id);
    }

    /// <summary>Adds a step.</summary>
    public void Do(Step step)
    {
        step.Guard = guard;
        step.Scan = inside;
        foreach (var value in step.From.Append(step.To))
            Touch(value, steps.Count);
        steps.Add(step);
    }

    /// <summary>Memory for a node's value, where it lies from now on.</summary>
    public Value Make(int id) => values[id] = New(id);

    /// <summary>Says where a node's value lies.</summary>
    public void Set(int id, Value value) => values[id] = value;

    /// <summary>Says that a node's value lies where another's does, and is complete with it.</summary>
    public void SetSame(int id, int other)
    {
        values[id] = Of(other);
        readyAt[id] = readyAt.TryGetValue(other, out var ready) ? ready : -1;
    }

    /// <summary>Says that a node's value is complete with the last step.</summary>
    public void IsReady(int id) => readyAt[id] = steps.Count - 1;

    /// <summary>Whether a value is made on the way back.</summary>
    public bool IsOfWayBack(Value value) => value.First >= backFrom;

    /// <summary>Says that a value is read after the last step, before the next.</summary>
    public void TouchNext(Value value) => Touch(value, steps.Count);

    /// <summary>What the user calls a node's value.</summary>
    public string? Name(int id) => Nodes[id].Text ?? Nodes[id].Name;

    /// <summary>The channels that an operator's kernel takes a value with, be it an input or its own.</summary>
    public int Wanted(int op, int value) => Nodes[value].Shape!.Rank < 2 ? plan.Channels[value]
        : Lowerings.Of(Nodes[op]).OrderOf(Nodes[op]) == Order.Natural ? 1 : Memory.ChannelsLast(Nodes[value].Shape!);

    /// <summary>The value that a kernel makes, which is the node's own unless that lies differently.</summary>
    public Value Made(Value value, int channels) =>
        value.Channels == channels ? value : new Value(Another(Names.Copy(value.Name, "turned")), value.Shape, channels, Place.Arena);

    /// <summary>Copies what a kernel has made into the order in which the value lies.</summary>
    public void Settle(Value value, Value made)
    {
        if (made == value)
            return;
        Do(Turn(value, made));
    }

    /// <summary>A value as a kernel takes it: rows one after the other, and so many channels.</summary>
    public Value Whole(int id, int channels)
    {
        var value = Of(id);
        if (value.Channels == channels)
            return Whole(value);
        var turned = new Value(Another(Names.Copy(value.Name, "turned")), Nodes[id].Shape!, channels, Place.Arena);
        Do(Turn(turned, value));
        return turned;
    }

    /// <summary>A value with its rows one after the other.</summary>
    public Value Whole(Value value)
    {
        if (value.Place == Place.Arena || (value.Place is Place.Input or Place.Reference && value.Size == plan.Names.InputSize))
            return value;
        // One copy for all readers; what a guarded section copies is its own, since the others may run without it.
        if (rowsOf.TryGetValue((value, guard, inside), out var known))
            return known;
        var copy = rowsOf[(value, guard, inside)] = new Value(Another(Names.Copy(value.Name, "rows")), value.Shape, value.Channels,
            Place.Arena);
        Do(new Elements(copy, new Argument(0), [value]));
        return copy;
    }

    // Copies that are not shared have names of their own.
    private string Another(string name) => copies.Take(name);

    /// <summary>Takes a node's value from the caller's rows, from <paramref name="offset"/> of each.</summary>
    public void Give(int id, Place place, int offset)
    {
        var given = new Value(plan.Names.Of(id), Nodes[id].Shape!, 1, place) { Offset = offset };
        if (plan.Channels[id] == 1)
        {
            values[id] = plan.IsAnswer(id) ? Copied(id, given) : given;
            return;
        }
        var turned = values[id] = new Value(Another(Names.Copy(given.Name, "rows")), given.Shape, plan.Channels[id], Place.Arena);
        Do(Turn(turned, given));
    }

    /// <summary>The copy from one of the two orders to the other: [channels][positions] to [positions][channels], or back.</summary>
    public static CopyStep Turn(Value to, Value from) => to.Turned
        ? new CopyStep(to, from, 0, 0, [(to.Positions, 1, to.Channels), (to.Channels, to.Positions, 1)], null)
        : new CopyStep(to, from, 0, 0, [(from.Channels, 1, from.Positions), (from.Positions, from.Channels, 1)], null);

    /// <summary>A copy of a node's value that is its own.</summary>
    public Value Copied(int id, Value from)
    {
        var copy = new Value(Another(Names.Copy(plan.Names.Of(id), "own")), Nodes[id].Shape!, plan.Channels[id], Place.Arena);
        Do(new Elements(copy, new Argument(0), [from]));
        return copy;
    }
}
