using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Networks.Tests.Interpret;

/// <summary>
/// Evaluates a question's graph in double precision, a node at a time, by the plainest loops that do it. The oracle of the emitted
/// code, which knows nothing of plans, layouts or kernels.
/// </summary>
internal sealed class Interpreter
{
    private readonly EquatableArray<Node> nodes;
    private readonly Dictionary<int, Mixing> mixings = [];
    private readonly Dictionary<int, Pools> pools = [];
    private readonly Dictionary<int, Block> constants = [];
    private readonly Dictionary<int, int> inputIndex = [];

    public Interpreter(EquatableArray<Node> nodes, Tensors tensors)
    {
        this.nodes = nodes;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            switch (node.Op)
            {
                case Input:
                    inputIndex.Add(i, inputIndex.Count);
                    break;
                case MixingOp:
                    mixings.Add(i, Mixing.Of(node, tensors));
                    break;
                case MaxWindow or MaxPieces or AverageWindow or AverageWindowBack or MaxWindowBack or MaxWindowSplit or MaxPiecesPath:
                    pools.Add(i, new Pools(node));
                    break;
                case Constant:
                    constants.Add(i, Block.Same(node.Settings.Numbers("values") is [var same]
                        ? [.. Enumerable.Repeat(same, node.Shape!.Size)]
                        : node.Settings.Numbers("values")));
                    break;
                case WeightOperand:
                    constants.Add(i, Block.Same(node.Settings.Has("view")
                        ? Repeated(LayerWeights.Operand(node, tensors), node.Settings.Ints("view"), node.Shape!.ToArray())
                        : Spread(LayerWeights.Operand(node, tensors), node.Shape!.Size, node.Settings.Has("trailing"))));
                    break;
            }
        }
    }

    /// <summary>A constant, or weights, in the order of a node's elements.</summary>
    public double[] ConstantOf(int node) => constants[node].First();

    /// <summary>
    /// The values of the nodes wanted, for what a call gives. Null is a multiplier that no seed reaches: what is above the beginning of
    /// a backward pass is not computed, and cannot spoil it with infinities.
    /// </summary>
    public Block?[] Evaluate(Given given, params IEnumerable<int> wanted)
    {
        var values = new Values(nodes.Count);
        var needed = Needed(given, wanted);
        for (var i = 0; i < nodes.Count; i++)
        {
            if (needed[i])
                Require(i, values, needed, given);
        }
        return values.Whole;
    }

    /// <summary>Computes a node, or the whole scan that it is in, once.</summary>
    private void Require(int index, Values values, bool[] needed, Given given)
    {
        if (!values.Known.Add(index))
            return;
        if (nodes[index].Scan is not { } scan)
        {
            // A scan may wait for nodes that come long after its first.
            foreach (var input in nodes[index].Inputs.Where(input => needed[input]))
                Require(input, values, needed, given);
            values.Whole[index] = given.Injected is { } injected && injected.Node == index ? injected.Value : Value(index, values, given);
            return;
        }
        var members = Enumerable.Range(0, nodes.Count).Where(i => needed[i] && nodes[i].Scan?.Id == scan.Id).ToList();
        values.Known.UnionWith(members);
        var outside = members.SelectMany(i => nodes[i].Inputs).Except(members).ToList();
        foreach (var input in outside)
            Require(input, values, needed, given);
        var back = outside.Where(input => nodes[input].Position >= 0).ToList();
        // Nothing flows back into a scan of the way back: nothing flows out of it.
        if (members.Exists(i => nodes[i].Position >= 0)
            && back.TrueForAll(input => values.Whole[input] is null || nodes[input].Op is Constant))
            return;
        values.Run(scan, members, nodes, step => values.Step = step, i => Value(i, values, given));
    }

    /// <summary>Every node of the forward pass, in order, which the network computes of its inputs.</summary>
    public IEnumerable<(Node Node, Block Value)> Trace(Given given)
    {
        var values = Evaluate(given, Enumerable.Range(0, nodes.Count));
        return Enumerable.Range(0, nodes.Count)
            .Where(i => nodes[i].Inputs.Count > 0 && nodes[i].Scan is null)
            .Select(i => (nodes[i], values[i]!));
    }

    private bool[] Needed(Given given, IEnumerable<int> wanted)
    {
        var closing = Enumerable.Range(0, nodes.Count).Where(i => nodes[i].Op is Next).ToDictionary(i => nodes[i].Inputs[0]);
        var needed = new bool[nodes.Count];
        var open = new Stack<int>(wanted);
        while (open.TryPop(out var i))
        {
            if (needed[i])
                continue;
            needed[i] = true;
            if (given.Injected?.Node == i || given.Sums.ContainsKey(i))
                continue;
            foreach (var input in nodes[i].Inputs)
                open.Push(input);
            if (closing.TryGetValue(i, out var next))
                open.Push(next);
        }
        return needed;
    }

    private Block? Value(int index, Values values, Given given)
    {
        var node = nodes[index];
        switch (node.Op)
        {
            case Input:
                return given.Inputs[inputIndex[index]];
            case ReferenceInput:
                return given.References[node.Settings.Int("index")];
            case Constant or WeightOperand:
                return constants[index];
            case Seed:
                return Seeded(node, values, given);
            case SumSteps:
                return given.Sums[index];
        }
        if (node.Op is Stacked or Final)
            return values.Leaving(node, nodes);
        var back = node.Inputs.Where(input => nodes[input].Position >= 0).ToList();
        if (node.Scan is null && back.Count > 0 && back.All(input => values.Of(input, nodes) is null))
            return null;
        var inputs = node.Inputs.Select(input => values.Of(input, nodes) ?? new Block(nodes[input].Shape!.Size, 1)).ToArray();
        var rows = inputs.Max(x => x.Rows);
        if (node.Op is Between)
            return At(given.Alphas!, inputs[0], inputs[1]);
        return node.Op is StepOf
            ? values.Part(inputs[0], node.Shape!.Size)
            : Computed(index, node, [.. inputs.Select(x => x.Over(rows))], rows);
    }

    private static Block At(double[] alphas, Block start, Block move)
    {
        var at = new Block(start.Size, alphas.Length);
        for (var i = 0; i < at.Size; i++)
        {
            for (var r = 0; r < alphas.Length; r++)
                at[i][r] = start[i][0] + alphas[r] * move[i][0];
        }
        return at;
    }

    private static Block? Seeded(Node node, Values values, Given given)
    {
        var coming = node.Inputs.Count > 0 ? values.Whole[node.Inputs[0]] : null;
        if (given.Seed is not { } seed || !node.Settings.Ints("points").Contains(seed.Point))
            return coming;
        if (coming is null)
            return seed.Value;
        var rows = Math.Max(coming.Rows, seed.Value.Rows);
        return Formula.Evaluate(new Argument(0) + (Expr)new Argument(1), [coming.Over(rows), seed.Value.Over(rows)], coming.Size, rows);
    }

    private Block Computed(int index, Node node, Block[] x, int rows)
    {
        var size = node.Shape!.Size;
        return node.Op switch
        {
            Dense => mixings[index].ApplyToLastAxis(x[0]),
            MixingOp => mixings[index].Apply(x[0]),
            Product => Formula.Evaluate(new Argument(0) * (Expr)new Argument(1), x, size, rows),
            SoftmaxUnit => Formula.Evaluate(new Arithmetic("Exp", EquatableArray.Of<Expr>(new Argument(1))), x, size, rows),
            CoreOp op when op.Formula(node) is { } formula => Formula.Evaluate(formula, x, size, rows),
            AverageWindow => pools[index].Average(x[0]),
            AverageWindowBack => pools[index].AverageBack(x[0]),
            MaxWindow or MaxPieces => pools[index].Max(x[0]),
            MaxWindowBack => pools[index].MaxBack(x[0], x[1]),
            MaxWindowSplit => pools[index].MaxSplit(x[0], x[1], x[2]),
            MaxPiecesPath => pools[index].MaxPath(x[0], x[1], x[2]),
            ChannelWindow => Along.Neighbours(x[0], node.Shape!, node.Settings),
            Relabel => x[0],
            Permute => Along.Permute(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            Resample => Along.Resample(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            ResampleBack => Along.ResampleBack(x[0], node.Shape!, node.Settings),
            MatrixProduct => Matrices.Product(x[0], x[1], node.Shape!, node.Settings),
            SumAxis => Along.Sum(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            SpreadAxis => Along.Repeat(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            LogSumExpAxis => Along.LogSumExp(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            LogSoftmaxAxis => Along.LogSoftmax(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            MaxAxis => Along.Max(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            Join => Along.Join(x, [.. node.Inputs.Select(input => nodes[input].Shape!)], node.Settings),
            Cut => Along.Cut(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            Border => Along.Border(x[0], nodes[node.Inputs[0]].Shape!, node.Settings),
            Flip => Along.Flip(x[0], node.Shape![0]),
            var op => throw new InvalidOperationException($"No meaning for {op.Name}."),
        };
    }

    /// <summary>A tensor with its axes of size 1 repeated: the first axis over all of the others' repetitions.</summary>
    private static double[] Repeated(double[] values, int[] view, int[] shape)
    {
        if (view.Length == 0)
            return values;
        var inner = values.Length / view[0];
        var parts = Enumerable.Range(0, shape[0])
            .Select(i => view[0] == 1 ? 0 : i)
            .Select(i => Repeated(values[(i * inner)..((i + 1) * inner)], view[1..], shape[1..]));
        return [.. parts.SelectMany(part => part)];
    }

    private static double[] Spread(double[] channels, int size, bool trailing)
    {
        var spread = new double[size];
        for (var i = 0; i < size; i++)
            spread[i] = trailing ? channels[i % channels.Length] : channels[i / (size / channels.Length)];
        return spread;
    }
}

/// <summary>
/// What a call gives a graph: its inputs, the reference's, where the backward pass begins and with what, and a value put in another's
/// place.
/// </summary>
internal sealed record Given(Block[] Inputs)
{
    public Block[] References { get; init; } = [];

    public (int Point, Block Value)? Seed { get; init; }

    public (int Node, Block Value)? Injected { get; init; }

    /// <summary>Of steps of one path: how far along it each row lies.</summary>
    public double[]? Alphas { get; init; }

    /// <summary>After the steps of a path: their sums.</summary>
    public IReadOnlyDictionary<int, Block> Sums { get; init; } = new Dictionary<int, Block>();
}
