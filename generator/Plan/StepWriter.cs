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

    private EquatableArray<Node> Nodes => plan.Nodes;

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

    private Value New(int id, Place place = Place.Arena) =>
        new(plan.Names.Of(id), Nodes[id].Shape!, plan.Channels[id], place) { Source = Nodes[id], Slots = SlotsOf(id,
            place), Moves = SlotsOf(id, place) > 1 };

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
        if (plan.Elements.TryGetValue(id, out var element))
            WriteElements(id, element.Expr, element.Operands);
        else if (Nodes[id].Op is MixingOp)
            WriteProduct(id);
        else if (Nodes[id].Op is Between)
            WriteBetween(id);
        else if (!plan.Finished.Contains(id))
            WriteOther(id);
        var made = plan.Finishing.TryGetValue(id, out var function) ? function : id;
        for (var i = before; i < steps.Count; i++)
        {
            steps[i].Comment = plan.Names.Comment(made, steps[i]);
            steps[i].IsSteep = plan.IsSteep(made);
        }
        if (steps.Count > before)
            readyAt[id] = steps.Count - 1;
        else if (Nodes[id].Op is Relabel)
            readyAt[id] = readyAt.TryGetValue(Nodes[id].Inputs[0], out var ready) ? ready : -1;
    }

    /// <summary>An answer that waits for no input: a copy of its own, since answers are read out of the arena.</summary>
    private void WriteAnswer(int id)
    {
        values[id] = Copied(id, Leaf(id));
        steps[steps.Count - 1].Comment = plan.Names.Comment(id, steps[steps.Count - 1]);
        readyAt[id] = steps.Count - 1;
    }

    private void WriteOther(int id)
    {
        var node = Nodes[id];
        switch (node.Op)
        {
            case Input:
                WriteInput(id, plan.Question.Nodes.Take(id).Where(other => other.Op is Input).Sum(other => other.Shape!.Size));
                break;
            case ReferenceInput:
                WriteInput(id,
                    plan.Question.Nodes.Where(other => other.Op is Input).Take(node.Settings.Int("index")).Sum(other => other.Shape!.Size));
                break;
            case MaxWindow or MaxPieces or AverageWindow or AverageWindowBack or MaxWindowBack or MaxWindowSplit or MaxPiecesPath:
                WritePool(id);
                break;
            case ChannelWindow:
                WriteNeighbours(id);
                break;
            case SumAxis or LogSumExpAxis:
                WriteReduction(id);
                break;
            case SpreadAxis or Join or Cut or Border:
                WriteMove(id);
                break;
            case Flip:
                Do(Memory.Flipped(Make(id), plan.Channels[id], Of(node.Inputs[0]), plan.Channels[node.Inputs[0]], node.Shape!));
                break;
            case StepOf:
                WriteStepOf(id);
                break;
            case Final:
                WriteFinal(id);
                break;
            case Relabel:
                WriteRelabel(id);
                break;
            case Permute:
                Do(Memory.Permuted(Make(id), Of(node.Inputs[0]), Nodes[node.Inputs[0]].Shape!, node.Settings.Ints("order")));
                steps[steps.Count - 1].Named = Name(id);
                break;
            case Resample or ResampleBack:
                WriteResample(id);
                break;
            case MatrixProduct:
                WriteMatrixProduct(id);
                break;
            case Seed:
                WriteSeed(id);
                break;
            case SumSteps:
                Do(new SumStep(Make(id), SumOffset(id), SumNodes().Sum(other => Nodes[other].Shape!.Size)));
                break;
            default:
                throw new InvalidOperationException($"{node.Op.Name} has no step.");
        }
    }

    private void Do(Step step)
    {
        step.Guard = guard;
        step.Scan = inside;
        foreach (var value in step.From.Append(step.To))
            Touch(value, steps.Count);
        steps.Add(step);
    }

    private Value Make(int id) => values[id] = New(id);

    private void WriteElements(int id, Expr expr, int[] operands)
    {
        var from = operands.Select(Of).ToList();
        Do(new Elements(Make(id), expr, from) { Named = Name(id), Roles = Roles(id, operands), Loop = Names.Loop(Nodes[id].Said) });
    }

    /// <summary>
    /// What a formula calls its operands: as they are called where they are read, by the node itself or by a neighbour that was taken in.
    /// </summary>
    private List<string?> Roles(int id, int[] operands)
    {
        var (found, open, seen) = (new Dictionary<int, string>(), new Queue<int>([id]), new HashSet<int>());
        while (open.Count > 0)
        {
            var node = Nodes[open.Dequeue()];
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                var input = node.Inputs[i];
                // What is no operand was taken in.
                if (!operands.Contains(input) && plan.Elements.ContainsKey(input) && seen.Add(input))
                    open.Enqueue(input);
                else if (i < node.Said.Roles.Count && !found.ContainsKey(input))
                    found.Add(input, node.Said.Roles[i]);
            }
        }
        return operands.Select(operand => found.TryGetValue(operand, out var role) ? role : null).ToList();
    }

    private void WriteProduct(int id)
    {
        var node = Nodes[id];
        var last = plan.Finishing.TryGetValue(id, out var function) ? function : id;
        var from = Whole(node.Inputs[0], Wanted(id, node.Inputs[0]));
        var made = New(last);
        var to = Made(made, Wanted(id, id));
        values[id] = values[last] = made;
        var weights = new PackedWeights(node.Weights!, node.Op.Name, node.Settings, node.Op is Affine ? from.Channels : 1,
            node.Op is Affine ? to.Channels : 1);
        var then = last == id ? null : Nodes[last].Function;
        Do(node.Op is Affine
            ? new DenseStep(to, from, weights, then) { Named = Name(last), Repeat = node.Shape!.Size / node.Shape[node.Shape.Rank - 1] }
            : new ConvolutionStep(to, from, weights, then) { Named = Name(last) });
        Settle(made, to);
        readyAt[last] = steps.Count - 1;
    }

    private string? Name(int id) => Nodes[id].Text ?? Nodes[id].Name;

    /// <summary>The channels that an operator's kernel takes a value with, be it an input or its own.</summary>
    private int Wanted(int op, int value) =>
        Nodes[value].Shape!.Rank < 2 ? plan.Channels[value] : Layouts.IsNatural(Nodes[op]) ? 1 : Memory.ChannelsLast(Nodes[value].Shape!);

    /// <summary>The value that a kernel makes, which is the node's own unless that lies differently.</summary>
    private Value Made(Value value, int channels) =>
        value.Channels == channels ? value : new Value(Another(Names.Copy(value.Name, "turned")), value.Shape, channels, Place.Arena);

    /// <summary>Copies what a kernel has made into the order in which the value lies.</summary>
    private void Settle(Value value, Value made)
    {
        if (made == value)
            return;
        Do(Turn(value, made));
    }

    /// <summary>A value as a kernel takes it: rows one after the other, and so many channels.</summary>
    private Value Whole(int id, int channels)
    {
        var value = Of(id);
        if (value.Channels == channels)
            return Whole(value);
        var turned = new Value(Another(Names.Copy(value.Name, "turned")), Nodes[id].Shape!, channels, Place.Arena);
        Do(Turn(turned, value));
        return turned;
    }

    private Value Whole(Value value)
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

    private void WriteInput(int id, int offset)
    {
        var given =
            new Value(plan.Names.Of(id), Nodes[id].Shape!, 1, Nodes[id].Op is Input ? Place.Input : Place.Reference) { Offset = offset };
        if (plan.Channels[id] == 1)
        {
            values[id] = plan.IsAnswer(id) ? Copied(id, given) : given;
            return;
        }
        var turned = values[id] = new Value(Another(Names.Copy(given.Name, "rows")), given.Shape, plan.Channels[id], Place.Arena);
        Do(Turn(turned, given));
    }

    // [channels][positions] to [positions][channels].
    private static CopyStep Turn(Value to, Value from) => to.Turned
        ? new CopyStep(to, from, 0, 0, [(to.Positions, 1, to.Channels), (to.Channels, to.Positions, 1)], null)
        : new CopyStep(to, from, 0, 0, [(from.Channels, 1, from.Positions), (from.Positions, from.Channels, 1)], null);

    private void WritePool(int id)
    {
        var node = Nodes[id];
        var kernel = node.Op switch
        {
            MaxWindow or MaxPieces => "Max",
            AverageWindow => "Average",
            AverageWindowBack => "AverageBack",
            MaxWindowBack => "MaxBack",
            MaxPiecesPath => "MaxPath",
            _ => "MaxSplit",
        };
        var from = node.Inputs
            .Select((input, i) => i == 2 && node.Op is (MaxWindowSplit or MaxPiecesPath) && Of(input).Channels == Wanted(id, input)
                ? Of(input)
                : Whole(input, Wanted(id, input)))
            .ToList();
        var made = Make(id);
        var to = Made(made, Wanted(id, id));
        Do(new PoolStep(to, from, kernel, node.Settings) { Named = Name(id) });
        Settle(made, to);
    }

    private void WriteNeighbours(int id)
    {
        var node = Nodes[id];
        var from = Whole(node.Inputs[0], Wanted(id, node.Inputs[0]));
        var made = Make(id);
        var to = Made(made, Wanted(id, id));
        Do(new ChannelWindowStep(to, from, node.Shape![0], node.Settings) { Named = Name(id) });
        Settle(made, to);
    }

    private void WriteReduction(int id)
    {
        var node = Nodes[id];
        var from = Whole(Of(node.Inputs[0]));
        var shape = Nodes[node.Inputs[0]].Shape!;
        var (outer, axis, inner) = Memory.Around(shape, from.Channels, node.Settings.Int("axis"));
        var kernel = node.Op is SumAxis ? "Sum" : "LogSumExp";
        var made = Make(id);
        var to = Made(made, SameOrder(from, shape, node.Shape!));
        Do(new ReduceStep(to, from, kernel, outer, axis, inner, node.Settings.Number("factor", 1)) { Named = Name(id) });
        Settle(made, to);
    }

    private void WriteResample(int id)
    {
        var (node, back) = (Nodes[id], Nodes[id].Op is ResampleBack);
        var from = Whole(Of(node.Inputs[0]));
        var shape = Nodes[node.Inputs[0]].Shape!;
        var (outer, _, inner) = Memory.Around(shape, from.Channels, node.Settings.Int("axis"));
        var made = Make(id);
        var to = Made(made, SameOrder(from, shape, node.Shape!));
        Do(new ResampleStep(to, from, back, outer, (back ? node.Shape! : shape)[node.Settings.Int("axis")], inner, node.Settings)
        {
            Named = Name(id),
        });
        Settle(made, to);
    }

    /// <summary>The channels of a result whose axes lie in the order of those that it is made of.</summary>
    private static int SameOrder(Value from, Shape shape, Shape made) =>
        from.Channels == Memory.ChannelsLast(shape) ? Memory.ChannelsLast(made) : 1;

    private void WriteMatrixProduct(int id)
    {
        var node = Nodes[id];
        // Rows may be as far apart as they are, and a constant serves all.
        Value Factor(int input) => Of(input).Channels == 1 ? Of(input) : Whole(input, 1);
        var (a, b) = (Factor(node.Inputs[0]), Factor(node.Inputs[1]));
        var (first, shape) = (Nodes[node.Inputs[0]].Shape!, node.Shape!);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        var depth = first[first.Rank - (node.Settings.Flag("transposeA") ? 2 : 1)];
        var made = Make(id);
        var to = Made(made, 1);
        Do(new MatrixStep(to, a, b, shape.Size / (rows * columns), node.Settings.With("n", rows).With("k", depth).With("m", columns))
        {
            Named = Name(id),
        });
        Settle(made, to);
    }

    private void WriteMove(int id)
    {
        var node = Nodes[id];
        var axis = node.Settings.Int("axis");
        var to = Make(id);
        var position = 0;
        foreach (var input in node.Inputs)
        {
            var from = Of(input);
            var size = Nodes[input].Shape![axis];
            var (toStart, fromStart, extent) = node.Op switch
            {
                Join => (position, 0, size),
                Cut => (0, node.Settings.Int("start"), node.Settings.Int("length")),
                Border => (node.Settings.Int("before"), 0, size),
                _ => (0, 0, node.Settings.Int("size")),
            };
            position += size;
            var fill = node.Op is Border ? node.Settings.Number("value") : (double?)null;
            Do(Memory.Box(to, from, Nodes[input].Shape!, axis, toStart, fromStart, extent, node.Op is SpreadAxis, fill));
        }
        steps[steps.Count - 1].Named = Name(id);
    }

    private void WriteRelabel(int id)
    {
        var from = Of(Nodes[id].Inputs[0]);
        if (from.Channels == plan.Channels[id] || !from.Turned && plan.Channels[id] == 1)
        {
            // What is kept is read out of the arena, and so is an answer.
            var isRead = plan.IsAnswer(id) ? from.Place != Place.Arena : plan.Pinned.Contains(id) && from.Place == Place.Constant;
            values[id] = isRead || IsInjectable(id) ? Copied(id, from) : from;
            return;
        }
        var to = Make(id);
        if (to.Turned && from.Turned)
            throw new InvalidOperationException($"%{id} relabels between two images at once.");
        Do(Turn(to, from));
    }

    // A walk may replace a point's value, which must then be its own and not also the input's or a neighbour's.
    private bool IsInjectable(int id) => plan.Question.Method is not null && plan.Question.Points.Any(point => point.Value == id);

    private Value Copied(int id, Value from)
    {
        var copy = new Value(Another(Names.Copy(plan.Names.Of(id), "own")), Nodes[id].Shape!, plan.Channels[id], Place.Arena);
        Do(new Elements(copy, new Argument(0), [from]));
        return copy;
    }

    /// <summary>Whether a value has one reader, whatever name its bytes go by.</summary>
    private bool IsAlone(int id)
    {
        for (; plan.Readers[id] == 1 && !plan.Pinned.Contains(id); id = Nodes[id].Inputs[0])
        {
            if (Nodes[id].Op is not Relabel || Of(id) != Of(Nodes[id].Inputs[0]))
                return true;
        }
        return false;
    }

    private void WriteSeed(int id)
    {
        var node = Nodes[id];
        var coming = node.Inputs.Count > 0 ? Of(node.Inputs[0]) : null;
        // What others read too stays as it came: the seed is added to a copy.
        var alone = coming is not null && coming.Place == Place.Arena && coming.First >= backFrom && IsAlone(node.Inputs[0]);
        var to = values[id] = alone ? coming! : New(id);
        Do(new SeedStep(to, coming, node.Settings.Ints("points")));
        // The point's multipliers are read out right after.
        Touch(to, steps.Count);
    }
}
