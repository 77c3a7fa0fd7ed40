using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>Turns a question's graph into programs: what runs when, in which buffers, by which kernels.</summary>
internal sealed class Planner
{
    // More operands than Loop.Map has overloads for, or a longer expression than a person would write in a line, is not fused.
    private const int MostOperands = 8;
    private const int HeaviestExpression = 48;

    private readonly Question question;
    private readonly EquatableArray<Node> nodes;
    private readonly bool[] needed;
    private readonly Stage[] stages;
    private readonly int[] channels;
    private readonly int[] readers;
    private readonly HashSet<int> pinned;
    private readonly Dictionary<int, (Expr Expr, int[] Operands)> elements = [];
    private readonly HashSet<int> absorbed = [];
    private readonly Dictionary<int, int> finishes = [];
    private readonly Names names;

    private enum Stage
    {
        Load,
        Keep,
        Run,
    }

    private Planner(Question question)
    {
        this.question = question;
        nodes = question.Nodes;
        needed = Needed();
        stages = Stages();
        channels = Layouts.Choose(nodes, id => needed[id]);
        readers = Readers();
        pinned = Pinned();
        names = new Names(question);
    }

    public static Plan Plan(Question question)
    {
        var planner = new Planner(question);
        planner.Fuse();
        return planner.Write();
    }

    private IEnumerable<int> Roots()
    {
        foreach (var output in question.Outputs)
            yield return output;
        foreach (var point in question.Points)
        {
            yield return point.Value;
            if (point.Multipliers is { } flow)
            {
                yield return flow.Positive;
                yield return flow.Negative;
            }
            if (point.Deltas is { } parts)
            {
                yield return parts.Positive;
                yield return parts.Negative;
            }
        }
        foreach (var result in question.Results)
        {
            if (result is { } flow)
            {
                yield return flow.Positive;
                yield return flow.Negative;
            }
        }
    }

    private bool[] Needed()
    {
        var found = new bool[nodes.Count];
        var open = new Stack<int>(Roots());
        while (open.Count > 0)
        {
            var id = open.Pop();
            if (found[id])
                continue;
            found[id] = true;
            foreach (var input in nodes[id].Inputs)
                open.Push(input);
        }
        // Every input is a parameter of the program, read or not.
        for (var id = 0; id < nodes.Count; id++)
            found[id] |= nodes[id].Op is Input;
        return found;
    }

    private Stage[] Stages()
    {
        var found = new Stage[nodes.Count];
        for (var id = 0; id < nodes.Count; id++)
        {
            found[id] = nodes[id].Op switch
            {
                Input or Seed => Stage.Run,
                ReferenceInput => Stage.Keep,
                _ => nodes[id].Inputs.Select(input => found[input]).DefaultIfEmpty(Stage.Load).Max(),
            };
        }
        // Steps over constants alone are rare; they run with the rest, so that only leaves are made at load. A constant that is
        // itself an answer is copied where answers are read.
        for (var id = 0; id < nodes.Count; id++)
        {
            if (found[id] == Stage.Load && (nodes[id].Inputs.Count > 0 || IsPoint(id)))
                found[id] = Stage.Run;
        }
        return found;
    }

    private bool IsPoint(int id) => question.Points.Any(point => point.Value == id) || question.Outputs.Contains(id);

    private int[] Readers()
    {
        var count = new int[nodes.Count];
        for (var id = 0; id < nodes.Count; id++)
        {
            if (!needed[id])
                continue;
            foreach (var input in nodes[id].Inputs.Distinct())
                count[input]++;
        }
        return count;
    }

    /// <summary>Nodes whose own value is read out, so that it must exist.</summary>
    private HashSet<int> Pinned()
    {
        var kept = new HashSet<int>(Roots());
        for (var id = 0; id < nodes.Count; id++)
        {
            if (needed[id] && stages[id] == Stage.Run)
                kept.UnionWith(nodes[id].Inputs.Where(input => stages[input] == Stage.Keep));
        }
        return kept;
    }

    /// <summary>Takes small neighbours into one loop, and functions onto the last write of the product below them.</summary>
    private void Fuse()
    {
        for (var id = 0; id < nodes.Count; id++)
        {
            if (needed[id] && Elementary.Of(nodes[id]) is { } expr)
                Fuse(id, expr);
        }
    }

    private void Fuse(int id, Expr expr)
    {
        var inputs = nodes[id].Inputs;
        // Each operand once: a square reads its neighbour once, however often it says it.
        var operands = inputs.Distinct().ToArray();
        expr = expr.Replace(index => new Argument(Array.IndexOf(operands, inputs[index])));
        if (nodes[id].Op is Elementwise && Finishes(operands[0], id))
        {
            finishes[operands[0]] = id;
            return;
        }
        for (var i = 0; i < operands.Length; i++)
        {
            if (Inlined(id, operands, i, expr) is not { } merged)
                continue;
            Move(operands[i], operands);
            (expr, operands) = merged;
            i = -1;
        }
        elements[id] = Simplified(expr, operands);
    }

    /// <summary>Counts readers again after a neighbour's expression has moved into one of its readers, which reads <paramref name="already"/>.</summary>
    private void Move(int below, int[] already)
    {
        var operands = elements[below].Operands;
        foreach (var operand in operands.Where(operand => !already.Contains(operand)))
            readers[operand]++;
        if (--readers[below] > 0)
            return;
        absorbed.Add(below);
        foreach (var operand in operands)
            readers[operand]--;
    }

    private bool Finishes(int product, int function) =>
        nodes[product].Op is MixingOp && readers[product] == 1 && !pinned.Contains(product) && stages[product] == stages[function]
        && channels[product] == channels[function];

    private (Expr, int[])? Inlined(int id, int[] operands, int i, Expr expr)
    {
        var below = operands[i];
        if (!elements.TryGetValue(below, out var inner) || pinned.Contains(below) || stages[below] != stages[id])
            return null;
        // A difference is taken again rather than kept, whoever else reads it; more than that moves only to its one reader, in the same step back.
        var small = inner.Expr.Weight <= 1 && nodes[below].Position < 0;
        if (!small && (readers[below] != 1 || nodes[below].Position != nodes[id].Position))
            return null;
        var uses = Elementary.Uses(expr).TryGetValue(i, out var count) ? count : 0;
        if (uses * inner.Expr.Weight > Math.Max(inner.Expr.Weight, 2) || expr.Weight + uses * inner.Expr.Weight > HeaviestExpression)
            return null;
        var merged = operands.Where((_, k) => k != i).Concat(inner.Operands).Distinct().ToArray();
        if (merged.Length > MostOperands)
            return null;
        int Place(int node) => Array.IndexOf(merged, node);
        var replaced = expr.Replace(index => index == i
            ? inner.Expr.Replace(k => new Argument(Place(inner.Operands[k])))
            : new Argument(Place(operands[index])));
        return (replaced, merged);
    }

    /// <summary>The same with constants of one value written as numbers, and each operand once.</summary>
    private (Expr, int[]) Simplified(Expr expr, int[] operands)
    {
        var left = operands.Where(operand => Uniform(operand) is null).Distinct().ToArray();
        if (left.Length == 0)
            left = [operands[0]];
        return (expr.Replace(index => Uniform(operands[index]) is { } value && !left.Contains(operands[index])
            ? new Number(value)
            : new Argument(Array.IndexOf(left, operands[index]))), left);
    }

    private double? Uniform(int node)
    {
        if (nodes[node].Op is not Constant)
            return null;
        var values = nodes[node].Settings.Numbers("values");
        return values.All(value => value.Equals(values[0])) ? values[0] : null;
    }

    private Plan Write()
    {
        var points = question.Points;
        var keep = question.Nodes.Any(node => node.Op is ReferenceInput) ? new Writer(this, Stage.Keep, null) : null;
        var kept = keep?.Keep();
        var run = new Writer(this, Stage.Run, kept);
        run.Forward();
        var stops = run.Back();
        var results = question.Results.Select(result => result is { } flow ? (run.Of(flow.Positive), run.Of(flow.Negative)) : ((Value, Value)?)null).ToList();
        run.ReadAtEnd(results.SelectMany(result => result is { } pair ? new[] { pair.Item1, pair.Item2 } : []));
        var outputs = question.Outputs.Select(run.Of).ToList();
        if (question.Method is null)
            run.ReadAtEnd(outputs);
        return new Plan
        {
            Method = question.Method,
            Keep = keep?.Finish(),
            Kept = kept?.Select(pair => (keep!.Of(pair.Key), pair.Value.Offset)).ToList() ?? [],
            KeptSize = kept is null ? 0 : kept.Values.Select(value => value.Offset + value.Size).DefaultIfEmpty(0).Max(),
            Points = points.Select((point, i) => run.Point(point, i)).ToList(),
            Stops = stops,
            Cleared = run.Cleared(),
            Results = results,
            Outputs = outputs,
            Run = run.Finish(),
        };
    }

    /// <summary>Writes the steps of one stage.</summary>
    private sealed class Writer(Planner plan, Stage stage, Dictionary<int, Value>? kept)
    {
        private readonly List<Step> steps = [];
        private readonly Dictionary<int, Value> values = [];
        private readonly HashSet<int> written = [];
        private readonly Dictionary<int, int> readyAt = [];
        private Guard guard;

        private EquatableArray<Node> Nodes => plan.nodes;

        /// <summary>Where a node's value lies.</summary>
        public Value Of(int id)
        {
            if (!values.TryGetValue(id, out var value))
                values[id] = value = Leaf(id);
            return value;
        }

        private Value Leaf(int id) => plan.stages[id] switch
        {
            Stage.Load => New(id, Place.Constant),
            Stage.Keep when stage == Stage.Run => kept![id],
            _ => throw new InvalidOperationException($"%{id} is read before it is written."),
        };

        private Value New(int id, Place place = Place.Arena) =>
            new(plan.names.Of(id), Nodes[id].Shape!, plan.channels[id], place) { Source = Nodes[id] };

        /// <summary>The reference's forward pass; returns what a walk needs of it.</summary>
        public Dictionary<int, Value> Keep()
        {
            var ids = Enumerable.Range(0, Nodes.Count).Where(id => plan.needed[id] && plan.stages[id] == Stage.Keep).ToList();
            foreach (var id in ids)
                WriteNode(id);
            var offset = 0;
            var read = new Dictionary<int, Value>();
            foreach (var id in ids.Where(plan.pinned.Contains))
            {
                Touch(Of(id), steps.Count);
                read[id] = new Value(plan.names.Of(id), Nodes[id].Shape!, plan.channels[id], Place.Kept) { Offset = offset };
                offset += read[id].Size;
            }
            return read;
        }

        /// <summary>The forward pass, and at its end the parts of each point, which only a walk to that point computes.</summary>
        public void Forward()
        {
            var deltas = plan.question.Points.Select(point => point.Deltas).ToList();
            var common = Reached(CommonRoots());
            foreach (var id in Forwards().Where(common.Contains))
                WriteNode(id);
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
                var own = Reached([parts.Positive, parts.Negative]);
                // What another point's parts need too is written again for this one: only one of them ever runs.
                foreach (var id in Forwards().Where(id => own.Contains(id) && !common.Contains(id)))
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
            Enumerable.Range(0, Nodes.Count).Where(id => plan.needed[id] && plan.stages[id] == Stage.Run && Nodes[id].Position < 0);

        private IEnumerable<int> CommonRoots()
        {
            foreach (var point in plan.question.Points)
            {
                yield return point.Value;
                if (point.Multipliers is { } flow)
                {
                    yield return flow.Positive;
                    yield return flow.Negative;
                }
            }
            foreach (var result in plan.question.Results)
            {
                if (result is { } flow)
                {
                    yield return flow.Positive;
                    yield return flow.Negative;
                }
            }
            foreach (var output in plan.question.Outputs)
                yield return output;
            for (var id = 0; id < Nodes.Count; id++)
            {
                if (Nodes[id].Op is Input)
                    yield return id;
            }
        }

        private HashSet<int> Reached(IEnumerable<int> roots)
        {
            var found = new HashSet<int>();
            var open = new Stack<int>(roots);
            while (open.Count > 0)
            {
                var id = open.Pop();
                if (!found.Add(id))
                    continue;
                foreach (var input in Nodes[id].Inputs)
                    open.Push(input);
            }
            return found;
        }

        /// <summary>The way back, in sections between the points.</summary>
        public IReadOnlyList<Stop> Back()
        {
            var backwards = Enumerable.Range(0, Nodes.Count).Where(id => plan.needed[id] && Nodes[id].Position >= 0).ToList();
            var stops = new List<Stop>();
            foreach (var id in backwards)
            {
                if (Nodes[id].Op is Seed && !(stops.Count > 0 && stops[stops.Count - 1].Points.SequenceEqual(Nodes[id].Settings.Ints("points"))))
                    stops.Add(new Stop(Nodes[id].Settings.Ints("points")));
                guard = Nodes[id].Op is Seed ? default : new Guard(GuardKind.Section, stops.Count - 1);
                WriteNode(id);
                if (Nodes[id].Op is Seed)
                    steps[steps.Count - 1].Guard = new Guard(GuardKind.Always, stops.Count - 1);
            }
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
            foreach (var step in steps)
            {
                if (step.Guard.Kind == GuardKind.Section)
                    sectionOf[step.To] = step.Guard.Index;
            }
            var cleared = new List<Cleared>();
            foreach (var pair in sectionOf)
            {
                var last = steps.FindLastIndex(step => step.Guard.Kind == GuardKind.Section && step.Guard.Index == pair.Value);
                if (pair.Key.Last > last && pair.Key.Place == Place.Arena)
                    cleared.Add(new Cleared(pair.Key, pair.Value));
            }
            return cleared;
        }

        public PlannedPoint Point(PointNodes point, int index)
        {
            var value = Of(point.Value);
            return new PlannedPoint(index, value, readyAt.TryGetValue(point.Value, out var ready) ? ready : -1,
                point.Multipliers is { } flow ? (Of(flow.Positive), Of(flow.Negative)) : null,
                deltaValues.TryGetValue(index, out var parts) ? parts : null);
        }

        public Program Finish()
        {
            var arena = steps.SelectMany(step => step.From.Append(step.To)).Where(value => value.Place == Place.Arena).Distinct();
            return new Program { Steps = steps, ArenaSize = Slots.Assign(arena) };
        }

        private void WriteNode(int id)
        {
            if (plan.stages[id] != stage || plan.absorbed.Contains(id) || (!written.Add(id) && guard.Kind != GuardKind.Deltas))
                return;
            var before = steps.Count;
            if (plan.elements.TryGetValue(id, out var element))
                WriteElements(id, element.Expr, element.Operands);
            else if (Nodes[id].Op is MixingOp)
                WriteProduct(id);
            else if (!plan.finishes.ContainsValue(id))
                WriteOther(id);
            for (var i = before; i < steps.Count; i++)
                steps[i].Comment = plan.names.Comment(id);
            if (steps.Count > before)
                readyAt[id] = steps.Count - 1;
            else if (Nodes[id].Op is Relabel)
                readyAt[id] = readyAt.TryGetValue(Nodes[id].Inputs[0], out var ready) ? ready : -1;
        }

        private void WriteOther(int id)
        {
            var node = Nodes[id];
            switch (node.Op)
            {
                case Input:
                    WriteInput(id, plan.question.Nodes.Take(id).Where(other => other.Op is Input).Sum(other => other.Shape!.Size));
                    break;
                case ReferenceInput:
                    WriteInput(id, plan.question.Nodes.Where(other => other.Op is Input).Take(node.Settings.Int("index")).Sum(other => other.Shape!.Size));
                    break;
                case MaxWindow or AverageWindow or AverageWindowBack or MaxWindowBack or MaxWindowSplit:
                    WritePool(id);
                    break;
                case SumAxis or LogSumExpAxis:
                    WriteReduction(id);
                    break;
                case SpreadAxis or Join or Cut or Border:
                    WriteMove(id);
                    break;
                case Relabel:
                    WriteRelabel(id);
                    break;
                case Seed:
                    WriteSeed(id);
                    break;
                case Constant or WeightOperand:
                    values[id] = Copied(id, New(id, Place.Constant));
                    break;
                default:
                    throw new InvalidOperationException($"{node.Op.Name} has no step.");
            }
        }

        private void Do(Step step)
        {
            step.Guard = guard;
            foreach (var value in step.From.Append(step.To))
                Touch(value, steps.Count);
            steps.Add(step);
        }

        private Value Make(int id) => values[id] = New(id);

        private void WriteElements(int id, Expr expr, int[] operands)
        {
            var from = operands.Select(Of).ToList();
            Do(new Elements(Make(id), expr, from) { Named = Name(id) });
        }

        private void WriteProduct(int id)
        {
            var node = Nodes[id];
            var last = plan.finishes.TryGetValue(id, out var function) ? function : id;
            var from = Whole(Of(node.Inputs[0]));
            var to = values[id] = values[last] = New(last);
            var weights = new PackedWeights(node.Weights!, node.Op.Name, node.Settings, node.Op is Affine ? from.Channels : 1, node.Op is Affine ? to.Channels : 1);
            var then = last == id ? null : Nodes[last].Function;
            Do(node.Op is Affine ? new DenseStep(to, from, weights, then) { Named = Name(last) } : new ConvolutionStep(to, from, weights, then) { Named = Name(last) });
            readyAt[last] = steps.Count - 1;
            if (last != id)
                steps[steps.Count - 1].Comment = plan.names.Comment(last);
        }

        private string? Name(int id) => Nodes[id].Text ?? Nodes[id].Name;

        /// <summary>A value as kernels other than loops take it: rows one after the other.</summary>
        private Value Whole(Value value)
        {
            if (value.Place == Place.Arena || (value.Place == Place.Input && value.Size == plan.names.InputSize))
                return value;
            var copy = new Value(value.Name + "Rows", value.Shape, value.Channels, Place.Arena);
            Do(new Elements(copy, new Argument(0), [value]));
            return copy;
        }

        private void WriteInput(int id, int offset)
        {
            var given = new Value(plan.names.Of(id), Nodes[id].Shape!, 1, Place.Input) { Offset = offset };
            if (plan.channels[id] == 1)
            {
                values[id] = plan.IsPoint(id) ? Copied(id, given) : given;
                return;
            }
            var turned = values[id] = new Value(given.Name + "Rows", given.Shape, plan.channels[id], Place.Arena);
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
                MaxWindow => "Max",
                AverageWindow => "Average",
                AverageWindowBack => "AverageBack",
                MaxWindowBack => "MaxBack",
                _ => "MaxSplit",
            };
            var from = node.Inputs.Select(Of).Select((value, i) => node.Op is MaxWindowSplit && i == 2 ? value : Whole(value)).ToList();
            Do(new PoolStep(Make(id), from, kernel, node.Settings) { Named = Name(id) });
        }

        private void WriteReduction(int id)
        {
            var node = Nodes[id];
            var from = Whole(Of(node.Inputs[0]));
            var extents = Memory.Extents(Nodes[node.Inputs[0]].Shape!);
            var place = Memory.PlaceOf(node.Settings.Int("axis"), extents.Count);
            var outer = extents.Take(place).Aggregate(1, (product, extent) => product * extent);
            var inner = extents.Skip(place + 1).Aggregate(1, (product, extent) => product * extent);
            var kernel = node.Op is SumAxis ? "Sum" : "LogSumExp";
            Do(new ReduceStep(Make(id), from, kernel, outer, extents[place], inner, node.Settings.Number("factor", 1)) { Named = Name(id) });
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
            if (from.Channels == plan.channels[id] || !from.Turned && plan.channels[id] == 1)
            {
                values[id] = plan.IsPoint(id) && (plan.question.Method is not null || from.Place != Place.Arena) ? Copied(id, from) : from;
                return;
            }
            var to = Make(id);
            if (to.Turned && from.Turned)
                throw new InvalidOperationException($"%{id} relabels between two images at once.");
            Do(Turn(to, from));
        }

        // A walk may replace a point's value, which must then be its own and not also the input's or a neighbour's.
        private Value Copied(int id, Value from)
        {
            var copy = new Value(plan.names.Of(id) + "Own", Nodes[id].Shape!, plan.channels[id], Place.Arena);
            Do(new Elements(copy, new Argument(0), [from]));
            return copy;
        }

        private void WriteSeed(int id)
        {
            var node = Nodes[id];
            var coming = node.Inputs.Count > 0 ? Of(node.Inputs[0]) : null;
            // What others read too stays as it came: the seed is added to a copy.
            var alone = coming is not null && plan.readers[node.Inputs[0]] == 1 && coming.Place == Place.Arena;
            var to = values[id] = alone ? coming! : New(id);
            Do(new SeedStep(to, coming, node.Settings.Ints("points")));
            // The point's multipliers are read out right after.
            Touch(to, steps.Count);
        }
    }
}

/// <summary>Where the two parts of a point's difference are complete, and read out.</summary>
internal sealed class DeltaMark(Value positive, Value negative) : Step(positive, [negative]);
