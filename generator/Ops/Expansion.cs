using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// Writes a shaped graph in core operators, a user's node at a time: composites are taken apart, constants folded, BatchNorm folded
/// into the layer below where nothing else reads that layer's value.
/// </summary>
internal sealed class Expansion : CoreBuilder
{
    private readonly Graph user;
    private readonly HashSet<int> kept;
    private readonly List<bool> live = [];
    private readonly bool[] isLive;
    private readonly int[] nodes;
    private readonly int[] readers;
    private int current;
    private int scans;
    private string? part;
    private readonly Dictionary<int, int> present = [];

    private Expansion(Graph user, IEnumerable<int> kept, bool softmaxElementwise)
    {
        this.user = user;
        this.kept = [.. kept];
        nodes = new int[user.Nodes.Count];
        isLive = Liveness.Of(user);
        readers = new int[user.Nodes.Count];
        foreach (var input in user.Nodes.SelectMany(node => node.Inputs.Distinct()))
            readers[input]++;
        scans = user.Nodes.Select(node => node.Scan?.Id ?? -1).DefaultIfEmpty(-1).Max() + 1;
        SoftmaxElementwise = softmaxElementwise;
    }

    /// <summary>Whether softmax is taken as if elementwise.</summary>
    public bool SoftmaxElementwise { get; }

    /// <summary>The user's node being expanded.</summary>
    public Node Node => user.Nodes[current];

    /// <summary>Its shape.</summary>
    public Shape Shape => Node.Shape!;

    /// <summary>Whether it depends on an input.</summary>
    public bool IsLive => isLive[current];

    /// <summary>The core nodes of its inputs.</summary>
    public int[] Inputs => Node.Inputs.Select(input => nodes[input]).ToArray();

    /// <summary>
    /// The core graph of <paramref name="user"/>, and for each of its nodes the core node with its value. Nodes in
    /// <paramref name="kept"/> keep their value: nothing is folded into them.
    /// </summary>
    public static (Graph Core, int[] NodeOf) Expand(Graph user, IEnumerable<int> kept, bool softmaxElementwise = false)
    {
        var expansion = new Expansion(user, kept.Concat(user.Outputs), softmaxElementwise);
        for (var i = 0; i < user.Nodes.Count; i++)
            expansion.Visit(i);
        var outputs = user.Outputs.Select(output => expansion.nodes[output]);
        return (expansion.Made.Build(outputs, user.OutputNames), expansion.nodes);
    }

    private void Visit(int index)
    {
        current = index;
        nodes[index] = Node.Op is Input ? Input() : Node.Op.Expand(this);
    }

    /// <summary>The shape of a core node.</summary>
    public Shape ShapeOf(int node) => Made[node].Shape!;

    /// <summary>The current node as an input.</summary>
    public int Input() => Made.AddDistinct(
        new Node(Node.Op as Input
            ?? Registry.Input, EquatableArray.Of<int>(), Settings.None) { Shape = Shape, Name = Node.Name, Text = Node.Text });

    /// <summary>Makes nodes that are a part of the current node's value, to be called after it and the part: "lower forget".</summary>
    public int Part(string name, Func<int> make)
    {
        var outer = part;
        part = name;
        var made = make();
        part = outer;
        return made;
    }

    /// <summary>Ones, in a value's shape.</summary>
    public int Ones(int like) => Constant([1], ShapeOf(like));

    public Shape InputShape(int input) => user.Nodes[Node.Inputs[input]].Shape!;

    /// <summary>A core node which applies a function.</summary>
    public int AddFunction(Op op, Function? function, params int[] inputs) =>
        Add(new Node(op, inputs.ToEquatable(), Settings.None) { Function = function, Rule = RuleOf(function) });

    // RevealCancel asks for the function's value at the reference plus one part, which a logarithm or a reciprocal may not have.
    private static RuleChoice RuleOf(Function? function) => function is { IsPartial: true } ? RuleChoice.Rescale : RuleChoice.Inherit;

    /// <summary>A tensor of the current layer, by the last part of its name.</summary>
    private WeightSource Source(bool bias, string weight = "weight") => new(Node.Layer!, bias)
    {
        Weight = weight,
        Shape = Node.Op.Parameters(Node.Inputs.Select(input => user.Nodes[input].Shape!).ToList(), Node.Settings)
            .First(parameter => parameter.Role == weight).Shape,
    };

    private WeightSource Source(WeightKind kind) => Source(false, kind switch
    {
        WeightKind.Offset => "bias",
        WeightKind.Tensor => "",
        _ => "weight",
    });

    /// <summary>A core node which reads the current layer's weights.</summary>
    public int AddWeighted(Op op, Settings settings, params int[] inputs) =>
        Add(new Node(op, inputs.ToEquatable(), settings)
        {
            Weights = Source(Node.Settings.Flag("bias", true)) with { OneHot = Node.Settings.Flag("oneHot") },
        });

    /// <summary>
    /// A core node which reads the current layer's weights the other way round, with a bias for each of its own channels.
    /// </summary>
    public int AddTransposed(Op op, Settings settings, int input) =>
        Add(new Node(op, EquatableArray.Of(input), settings.With("transposed", 1))
        {
            Weights = Source(Node.Settings.Flag("bias", true)) with { Biased = Shape[0] },
        });

    /// <summary>
    /// A core node which reads a tensor of the current layer by the last part of its name, and as its bias the sum of others.
    /// </summary>
    public int AddWeighted(Op op, Settings settings, string weight, IEnumerable<string> biases, params int[] inputs)
    {
        var added = biases.ToEquatable();
        return Add(new Node(op, inputs.ToEquatable(), settings)
        {
            Weights = Source(added.Count > 0, weight) with { Biases = added },
        });
    }

    /// <summary>
    /// The current layer's weights of a kind, spread over the shape of a value: one number for each of its first axis, or a tensor of its
    /// last axes, <paramref name="trailing"/> of them.
    /// </summary>
    public int Weight(WeightKind kind, int like, int trailing = 0) =>
        Made.Add(new Node(Registry.WeightOperand, EquatableArray.Of<int>(),
            (trailing > 0 ? Node.Settings.With("trailing", trailing) : Node.Settings).With("kind", (int)kind))
        {
            Shape = Made[like].Shape,
            Weights = Source(kind) with { Epsilon = Node.Settings.Number("epsilon", 1e-5) },
        });

    /// <summary>
    /// The current node's value as it is loaded, the same for every example: setting "view" are the axes that it has before those of size 1
    /// are repeated up to the value's shape.
    /// </summary>
    public int Loaded(WeightKind kind) => Made.Add(Described(
        new Node(Registry.WeightOperand, EquatableArray.Of<int>(), Node.Settings.With("kind", (int)kind).With("view", Axes(Shape)))
        {
            Shape = Shape,
            Weights = Source(kind),
        }));

    /// <summary>A loaded value under another shape; null of what is not loaded, or repeated already.</summary>
    private int? Viewed(int x, Shape shape) =>
        Made[x].Settings.Has("view") && Made[x].Shape!.ToArray().SequenceEqual(Made[x].Settings.Ints("view"))
            ? Made.Add(Made[x] with { Shape = shape, Settings = Made[x].Settings.With("view", Axes(shape)) })
            : null;

    private static double[] Axes(Shape shape) => shape.ToArray().Select(axis => (double)axis).ToArray();

    /// <summary>
    /// The current BatchNorm folded into the layer whose value is <paramref name="input"/>, or null where that value is needed itself.
    /// </summary>
    public int? Folded(int input)
    {
        var below = Node.Inputs[0];
        // BatchNorm's channels are the first axis, a dense layer's outputs the last; a transposed convolution's weight has outputs second.
        if (Made[input] is not { Op: MixingOp, Weights.Norm: null } layer
            || layer is { Op: Dense, Shape.Rank: > 1 }
            || layer.Settings.Flag("transposed")
            || readers[below] != 1
            || kept.Contains(below)
            || user.Nodes[below].Layer is null)
            return null;
        var weights = layer.Weights! with { Norm = Node.Layer, Epsilon = Node.Settings.Number("epsilon", 1e-5), Bias = true };
        return Made.Add(Described(layer with { Weights = weights, Rule = Node.Rule == RuleChoice.Inherit ? layer.Rule : Node.Rule }));
    }

    // Axes that a kernel's copy goes over.
    private const int MostCopied = 4;

    /// <summary>The most numbers that are written into code, one by one.</summary>
    public const int MostNumbers = 1 << 22;

    /// <summary>Numbers, or one that stands for all of them.</summary>
    public int Constant(double[] values, Shape shape)
    {
        var first = values.Length > 0 ? BitConverter.DoubleToInt64Bits(values[0]) : 0;
        var kept = Array.TrueForAll(values, value => BitConverter.DoubleToInt64Bits(value) == first) ? [values[0]] : values;
        if (kept.Length > MostNumbers)
            throw new TooLargeException($"{kept.Length} different numbers of {Node.Text ?? Node.Op.Name} would be written into code, of "
                + $"which there may be {MostNumbers}");
        return Made.Add(new Node(Registry.Constant, EquatableArray.Of<int>(), Settings.Of("axes", shape.ToArray()).With("values", kept))
        {
            Shape = shape,
        });
    }

    /// <summary>
    /// A value that does not depend on an input with nothing below a number, so that minus infinity is one; what does depend on it stays.
    /// </summary>
    public int AtLeast(int x, double least) =>
        Values(x) is { } values ? Constant(values.Select(value => Math.Max(value, least)).ToArray(), Made[x].Shape!) :
        Live(x) ? x : Apply(Functions.Clamp(least, float.MaxValue), x);

    /// <summary>The same elements under another shape.</summary>
    public int Reshape(int x, Shape shape)
    {
        if (Made[x].Shape!.Equals(shape))
            return x;
        if (Values(x) is { } values)
            return Constant(values, shape);
        if (Viewed(x, shape) is { } viewed)
            return viewed;
        // Any reshaping is one to a single axis and one from it: only those two are moves that kernels know.
        if (Made[x].Shape!.Rank > 1 && shape.Rank > 1)
            x = Reshape(x, new Shape(shape.Size));
        return Relabel(x, shape);
    }

    /// <summary>The axes in another order.</summary>
    public int Permute(int x, int[] order)
    {
        if (order.SequenceEqual(Enumerable.Range(0, order.Length)))
            return x;
        if (Values(x) is not { } values)
            return order.Length <= MostCopied ? Add(Registry.Permute, Settings.Of("order", order), x) : PermuteByBlocks(x, order);
        var (from, shape) = (Made[x].Shape!, new Shape(order.Select(axis => Made[x].Shape![axis]).ToArray()));
        if (values.Length == 1)
            return Constant(values, shape);
        return Constant(Enumerable.Range(0, values.Length).Select(i => values[Offset(i, shape, from, order)]).ToArray(), shape);
    }

    // What kernels copy has up to four axes. Of more, those that stay side by side are taken for one, and blocks of them change places one
    // after another.
    private int PermuteByBlocks(int x, int[] order)
    {
        var shape = Made[x].Shape!;
        var now = Enumerable.Range(0, order.Length).ToList();
        for (var at = 0; at < order.Length;)
        {
            var from = now.IndexOf(order[at]);
            var run = 1;
            while (at + run < order.Length && from + run < now.Count && now[from + run] == order[at + run])
                run++;
            if (from > at)
            {
                int Size(int start, int count) => now.Skip(start).Take(count).Aggregate(1, (size, axis) => size * shape[axis]);
                var blocks = new Shape(Size(0, at), Size(at, from - at), Size(from, run), Size(from + run, now.Count - from - run));
                x = Permute(Reshape(x, blocks), [0, 2, 1, 3]);
                var moved = now.GetRange(from, run);
                now.RemoveRange(from, run);
                now.InsertRange(at, moved);
            }
            at += run;
        }
        return Reshape(x, new Shape(order.Select(axis => shape[axis]).ToArray()));
    }

    // Where the element at a place of a permuted shape comes from.
    private static int Offset(int place, Shape shape, Shape from, int[] order)
    {
        var index = new int[order.Length];
        for (var axis = order.Length - 1; axis >= 0; place /= shape[axis], axis--)
            index[order[axis]] = place % shape[axis];
        return index.Select((i, axis) => (i, axis)).Aggregate(0, (offset, at) => offset * from[at.axis] + at.i);
    }

    /// <summary>
    /// Places of an axis, each the weighted sum of some of the value's: [places, taps] indices and weights, none where all are 1.
    /// </summary>
    public int Resample(int x, int axis, int taps, int[] indices, double[] weights)
    {
        if (indices.Length > MostNumbers)
            throw new TooLargeException(
                $"{indices.Length} places of {Node.Text ?? Node.Op.Name} would be written into code, of which there may be {MostNumbers}");
        var settings = Settings.Of(("axis", axis), ("taps", taps)).With("indices", indices.Select(index => (double)index).ToArray());
        return Add(Registry.Resample, weights.Length == 0 ? settings : settings.With("weights", weights), x);
    }

    /// <summary>The sum along an axis, which stays with size 1, times a factor.</summary>
    public int Sum(int x, int axis, double factor) => Add(Registry.SumAxis, Settings.Of(("axis", axis), ("factor", factor)), x);

    /// <summary>x - log(sum(exp(x))) along an axis, below any number where all of x are hidden below <paramref name="least"/>.</summary>
    public int LogSoftmax(int x, int axis, double? least = null) => Add(Registry.LogSoftmaxAxis, LogSoftmaxAxis.Along(axis, least), x);

    public int LogSumExp(int x, int axis) => Add(Registry.LogSumExpAxis, Settings.Of(("axis", axis)), x);

    /// <summary>A stretch of axis 0; of values put together there, the one that it is.</summary>
    public int Cut(int x, int start, int length)
    {
        if (LastState(x, start, length) is { } state)
            return state;
        if (Made[x] is { Op: Join, Inputs: var parts } join && join.Settings.Int("axis") == 0)
        {
            var before = 0;
            foreach (var part in parts)
            {
                var size = Made[part].Shape![0];
                if (before == start && size == length)
                    return part;
                before += size;
            }
        }
        return Add(Registry.Cut, Settings.Of(("axis", 0), ("start", start), ("length", length)), x);
    }

    /// <summary>Axis 0 backwards; backwards again is as it was.</summary>
    public int Reversed(int x) => Made[x].Op is Flip ? Made[x].Inputs[0] : Add(Registry.Flip, Settings.None, x);

    /// <summary>A scan of the current node's own.</summary>
    public Scan NewScan(int steps, bool reversed) => new(scans++, steps, reversed);

    /// <summary>Inside a scan, a state that begins with a value from outside, and whether it depends on an input.</summary>
    public int Carried(int initial, Scan scan, bool isLive)
    {
        var state = Carried(initial, scan, Node.Op is Carried ? Node.Text : null);
        live[state] = Live(state) || isLive;
        return state;
    }

    /// <summary>Notes that states stay as they are in the steps of a scan where a mask, [steps], is zero: past the end of a text.</summary>
    public void HoldPast(int? mask, Scan scan)
    {
        if (mask is { } positions && !present.ContainsKey(scan.Id))
            present[scan.Id] = StepOf(positions, scan);
    }

    /// <summary>What a state becomes, given what it would: the same, except past the end of a text, where it stays.</summary>
    public int Held(int state, int value)
    {
        if (!present.TryGetValue(Made[state].Scan!.Id, out var here))
            return value;
        var among = SpreadTo(here, Made[state].Shape!);
        return Combine([1, 1], Product(value, among), Product(state, Combine([1, -1], Ones(state), among)));
    }

    /// <summary>A value of every step, along a new axis 0; one from outside the scan is the same in all.</summary>
    public override int Stacked(int value, int steps) => Made[value].Scan is null
        ? SpreadTo(Reshape(value, new Shape([1, .. Made[value].Shape!.ToArray()])), new Shape([steps, .. Made[value].Shape!.ToArray()]))
        : base.Stacked(value, steps);

    /// <summary>
    /// What a cut takes out of a value of every step, where that is what a state becomes after the last: the state then. Null of other
    /// cuts, or where the value of every step is asked about.
    /// </summary>
    private int? LastState(int x, int start, int length)
    {
        if (Made[x] is not { Op: Ops.Stacked, Shape.Rank: 2 } all || Made[all.Inputs[0]].Scan is not { } scan || length != 1
            || start != (scan.Reversed ? 0 : scan.Steps - 1) || kept.Any(asked => asked < current && nodes[asked] == x))
            return null;
        for (var next = 0; next < Made.Count; next++)
        {
            if (Made[next].Op is Ops.Next && Made[next].Inputs[1] == all.Inputs[0])
                return Relabel(Final(next), new Shape(1, all.Shape![1]));
        }
        return null;
    }

    /// <summary>An input of the current node, spread over its shape.</summary>
    public int Spread(int input) => SpreadTo(Inputs[input], Shape);

    /// <summary>A value with its axes of size 1, or all if it is a scalar, repeated up to a shape.</summary>
    public int SpreadTo(int x, Shape shape)
    {
        if (Made[x].Shape!.Rank == 0 && shape.Rank > 0)
        {
            if (Values(x) is { } values)
                return Constant(values, shape);
            x = Reshape(x, new Shape(Enumerable.Repeat(1, shape.Rank).ToArray()));
        }
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (Made[x].Shape![axis] != shape[axis])
                x = Repeated(x, axis, shape[axis]);
        }
        return x;
    }

    private int Repeated(int x, int axis, int size)
    {
        var shape = Made[x].Shape!;
        if (Made[x].Settings.Has("view"))
            return Made.Add(Made[x] with { Shape = shape.With(axis, size) });
        if (Values(x) is not { } values)
            return Repeat(x, axis, size);
        if (values.Length == 1)
            return Constant(values, shape.With(axis, size));
        if ((long)values.Length * size > MostNumbers)
            throw new TooLargeException($"{(long)values.Length * size} different numbers of {Node.Text ?? Node.Op.Name} would be written "
                + $"into code, of which there may be {MostNumbers}");
        var inner = Enumerable.Range(axis + 1, shape.Rank - axis - 1).Aggregate(1, (product, i) => product * shape[i]);
        var repeated = new double[values.Length * size];
        for (var i = 0; i < repeated.Length; i++)
            repeated[i] = values[i / (inner * size) * inner + i % inner];
        return Constant(repeated, shape.With(axis, size));
    }

    /// <summary>A weighted sum of the current node's inputs.</summary>
    public int Combine(params (double Weight, int Input)[] terms) =>
        Combine(terms.Select(term => term.Weight).ToArray(), terms.Select(term => Spread(term.Input)).ToArray());

    public int Combine(double[] weights, params int[] inputs)
    {
        var constants = inputs.Select(Values).ToArray();
        if (constants.All(values => values is not null))
            return Constant(Zip(weights, constants!), Made[inputs[0]].Shape!);
        for (var i = 0; i < inputs.Length; i++)
        {
            var other = Array.FindIndex(weights, weight => weight == -weights[i]);
            if (other >= 0 && LessItsSum(inputs[other], inputs[i]) is { } log)
            {
                var rest = Enumerable.Range(0, inputs.Length).Where(term => term != i && term != other).ToList();
                return rest.Count == 0 && weights[other] == 1
                    ? log
                    : Combine([weights[other], .. rest.Select(term => weights[term])], [log, .. rest.Select(term => inputs[term])]);
            }
        }
        return Add(Registry.Combine, Settings.None.With("weights", weights), inputs);
    }

    /// <summary>
    /// A value less its own log-sum-exp, as a log-softmax: as a difference of the two it would be no more than their rounding. Null of
    /// anything else, and where the sum is asked about, which multipliers then have to pass.
    /// </summary>
    private int? LessItsSum(int value, int sum)
    {
        var (lse, isWhole) = (sum, true);
        for (; Made[lse].Op is SpreadAxis or Ops.Relabel; lse = Made[lse].Inputs[0])
        {
            if (IsKept(lse))
                return null;
            isWhole &= Made[lse].Op is SpreadAxis;
        }
        if (Made[lse].Op is not LogSumExpAxis || IsKept(lse))
            return null;
        var (z, axis) = (Made[lse].Inputs[0], Made[lse].Settings.Int("axis"));
        if (value == z && isWhole)
            return LogSoftmax(z, axis);
        // Some of the elements of one axis.
        var moves = new Stack<Node>();
        for (var at = value; at != z; at = Made[at].Inputs[0])
        {
            if (Made[at] is not { Op: Ops.Cut or Ops.Relabel or SpreadAxis, Scan: null } move)
                return null;
            moves.Push(move);
        }
        return Made[lse].Shape!.Size > 1 ? null :
            moves.Aggregate(LogSoftmax(z, axis), (log, move) => Add(move with { Inputs = EquatableArray.Of(log) }));
    }

    private bool IsKept(int node) => kept.Any(user => nodes[user] == node);

    private static double[] Zip(double[] weights, double[][] values) =>
        Enumerable.Range(0, values.Max(one => one.Length))
            .Select(i => weights.Select((weight, k) => weight * At(values[k], i)).Sum())
            .ToArray();

    // One number stands for all.
    private static double At(double[] values, int i) => values.Length == 1 ? values[0] : values[i];

    /// <summary>A value plus a number.</summary>
    public int Offset(int x, double number)
    {
        var shape = Made[x].Shape!;
        return Combine([1, 1], x, Constant([number], shape));
    }

    /// <summary>The product of two values: a scaling where one of them is constant.</summary>
    public int Product(int a, int b)
    {
        if (Values(a) is { } left && Values(b) is { } right)
            return Constant(Enumerable.Range(0, Math.Max(left.Length, right.Length)).Select(i => At(left, i) * At(right, i)).ToArray(),
                Made[a].Shape!);
        return !Live(a) ? Add(Registry.Scale, Settings.None, b, a) :
            !Live(b) ? Add(Registry.Scale, Settings.None, a, b) :
            Add(Registry.Product, Settings.None, a, b);
    }

    /// <summary>A function of a value; a rule if it is not the explanation's to choose.</summary>
    public int Apply(Function function, int x, RuleChoice rule = RuleChoice.Inherit) =>
        Values(x) is { } values && function.Name == "Reciprocal"
            ? Constant(values.Select(value => 1 / value).ToArray(), Made[x].Shape!)
            : Add(
                new Node(Registry.Elementwise, EquatableArray.Of(x), Settings.None) { Function = function, Rule = rule == RuleChoice.Inherit
                    ? RuleOf(function)
                    : rule });

    private double[]? Values(int node) => Made[node].Op is Constant ? Made[node].Settings.Numbers("values") : null;

    /// <summary>Whether a core node depends on an input.</summary>
    public bool Live(int node)
    {
        // Nodes come after their inputs; to go through them in order, and not from each to its inputs, needs no more stack for a deeper
        // network.
        for (var next = live.Count; next <= node; next++)
            live.Add(Liveness.IsLive(Made[next], input => live[input]));
        return live[node];
    }

    protected override Node Described(Node node) =>
        node with { Name = (node.Op is Carried ? node.Name : null)
            ?? Called(Node.Name ?? Node.Layer?.Path), Text = Node.Text, Rule = Node.Rule == RuleChoice.Inherit ? node.Rule : Node.Rule };

    private string? Called(string? name) => part is null || name is null ? name : $"{name} {part}";
}
