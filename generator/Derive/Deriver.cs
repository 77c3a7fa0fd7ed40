using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>Turns a core graph and a method into the graph of a question: one walk backwards, whatever the method.</summary>
internal static class Deriver
{
    /// <summary>The forward pass alone.</summary>
    public static DerivedGraph Forward(Graph core, IReadOnlyList<NetworkPoint> points)
    {
        var d = new Derivation(core, withReference: false);
        return new DerivedGraph(null, d.Nodes.ToEquatable(),
            points.Select((point, i) => new PointNodes(point, d.Value(point.Node), null, null) { Index = i }).ToEquatable(),
            core.Outputs.Select(d.Value).ToEquatable(), EquatableArray.Of<Multipliers?>());
    }

    /// <summary>The forward pass, the reference's where the method has one, and the way back.</summary>
    public static DerivedGraph Derive(Graph core, Method how, IReadOnlyList<NetworkPoint> points)
    {
        var d = new Derivation(core, how.HasReference) { Asked = Asked(points) };
        var at = Walk(d, core, how, points);
        var results = core.Inputs.Select(input => at.TryGetValue(input, out var multipliers) ? multipliers : (Multipliers?)null);
        // A point that depends on no input has no multipliers: a backward pass from it ends in zeros.
        var nodes = points.Select((point, i) => at.TryGetValue(point.Node, out var multipliers)
            ? new PointNodes(point, d.Value(point.Node), multipliers, point.Kind == "Layer" ? how.PartsOf(new Site(d, point.Node)) : null)
            {
                Index = i,
            }
            : new PointNodes(point, d.Value(point.Node), null, null) { Index = i }).ToEquatable();
        return new DerivedGraph(how.Name, d.Nodes.ToEquatable(), nodes, core.Outputs.Select(d.Value).ToEquatable(), results.ToEquatable())
        {
            MultiplierOf = at.GroupBy(pair => pair.Value.Positive).ToDictionary(group => group.Key, group => group.First().Key),
        };
    }

    /// <summary>The forward nodes of points.</summary>
    public static IReadOnlyCollection<int> Asked(IEnumerable<NetworkPoint> points) => new HashSet<int>(points.Select(point => point.Node));

    /// <summary>
    /// The way back from all points at once: the multipliers at each value that one of them depends on. Along a path it leaves the steps at
    /// a border.
    /// </summary>
    public static Dictionary<int, Multipliers> Walk(Derivation d, Graph core, Method how, IReadOnlyList<NetworkPoint> points,
        PathBorder? border = null)
    {
        var coming = new Dictionary<int, List<Multipliers>>();
        var at = new Dictionary<int, Multipliers>();
        var states = new Dictionary<int, int>();
        for (var node = core.Nodes.Count - 1; node >= 0; node--)
        {
            d.Position = node;
            if (Arriving(d, node, coming, points, border) is not { } multipliers)
                continue;
            at[node] = multipliers;
            foreach (var (input, back) in core.Nodes[node].Op is Next or Carried
                ? Carry(d, how, node, multipliers, states)
                : Back(d, how, node, multipliers))
            {
                if (border?.Takes(node, input, back) == true)
                    continue;
                if (!coming.TryGetValue(input, out var list))
                    coming[input] = list = [];
                list.Add(back);
            }
        }
        return at;
    }

    private static Multipliers? Arriving(Derivation d, int node, Dictionary<int, List<Multipliers>> coming,
        IReadOnlyList<NetworkPoint> points,
        PathBorder? border)
    {
        if (!d.Live(node))
            return null;
        coming.TryGetValue(node, out var several);
        var here = Enumerable.Range(0, points.Count).Where(i => points[i].Node == node && border?.IsPoint(node) != false).ToList();
        Multipliers? WithSeeds(Multipliers? sum) => here.Count > 0 ? Seeded(d, sum, here, d.Shape(node)) : sum;
        if (border?.IsSummed(node) == true)
            return border.Arriving(d, node, several ?? [], WithSeeds);
        // A state gets back what the steps after it give, even where nothing else reads it.
        if (several is null && d.Forward[node].Op is Next or Carried)
            return d.Zeros(d.Shape(node));
        return WithSeeds(several is null ? null : Sum(d, several));
    }

    /// <summary>The sum of multipliers that meet at a value, in the order of their consumers.</summary>
    public static Multipliers Sum(Derivation d, IReadOnlyList<Multipliers> several)
    {
        var positive = Sum(d, several.Select(multipliers => multipliers.Positive).ToList());
        return several.Any(multipliers => multipliers.Parted)
            ? new Multipliers(positive, Sum(d, several.Select(multipliers => multipliers.Negative).ToList()))
            : positive;
    }

    private static int Sum(Derivation d, List<int> terms) =>
        d.Joined(terms) ?? terms.Skip(1).Aggregate(terms[0], (sum, term) => d.Map(new Leaf(sum, "sum") + (Expr)new Leaf(term, "m")));

    /// <summary>Multipliers with the seeds of the points at this value; without any, the seeds alone.</summary>
    private static Multipliers Seeded(Derivation d, Multipliers? multipliers, IEnumerable<int> points, Shape shape)
    {
        var settings = Settings.Of("points", points);
        if (multipliers is not { } coming)
            return d.Add(Registry.Seed, settings, shape);
        return coming.Parted
            ? new Multipliers(d.Add(Registry.Seed, settings.With("part", 0), shape, coming.Positive),
                d.Add(Registry.Seed, settings.With("part", 1), shape, coming.Negative))
            : d.Add(Registry.Seed, settings, shape, coming.Positive);
    }

    private static IEnumerable<(int Input, Multipliers Flow)> Back(Derivation d, Method how, int node, Multipliers m)
    {
        var inputs = d.Forward[node].Inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            if (d.Live(inputs[i]) && Back(d, how, node, i, m) is { } multipliers)
                yield return (inputs[i], d.Forward[node].Op is StepOf ? multipliers : Leaving(d, node, inputs[i], multipliers));
        }
    }

    /// <summary>
    /// Back through a state: the multiplier of what it becomes is a state of the scan that goes back, which begins with what comes from
    /// behind the last step, and becomes in each step what the state's readers give.
    /// </summary>
    private static IEnumerable<(int Input, Multipliers Flow)> Carry(Derivation d, Method how, int node, Multipliers m,
        Dictionary<int, int> states)
    {
        var forward = d.Forward[node];
        if (forward.Op is Next)
        {
            var state = states[forward.Inputs[0]] = d.Carried(m.Positive, d.Back(forward.Scan!));
            if (d.Live(forward.Inputs[1]))
                yield return (forward.Inputs[1], Leaving(d, node, forward.Inputs[1], state));
            yield break;
        }
        var next = d.Next(states[node], how.Single(new Site(d, node), m));
        if (d.Live(forward.Inputs[0]))
            yield return (forward.Inputs[0], d.Final(next));
    }

    /// <summary>Multipliers to an input: where they leave a scan, the sum over the steps.</summary>
    private static Multipliers Leaving(Derivation d, int node, int input, Multipliers m)
    {
        if (d.Forward[node].Scan is null || d.Forward[input].Scan is not null)
            return m;
        return m.Parted ? new Multipliers(d.Summed(m.Positive), d.Summed(m.Negative)) : d.Summed(m.Positive);
    }

    private static Multipliers? Back(Derivation d, Method how, int node, int input, Multipliers m) =>
        Back(new Site(d, node), how, input, m);

    private static Multipliers? Back(Site at, Method how, int input, Multipliers m) => at.Node.Op switch
    {
        LinearOp op => how.Linear(at, op, input, m),
        ElementwiseOp op => how.Elementwise(at, op, m),
        Product => how.Product(at, input, m),
        MatrixProduct => how.MatrixProduct(at, input, m),
        ChoiceOp => how.Choice(at, m),
        LogSumExpAxis => how.LogSumExp(at, m),
        LogSoftmaxAxis => how.LogSoftmax(at, m),
        Final => how.Single(at, m),
        SoftmaxUnit => how.Softmax(at, input, m),
        var op => throw new InvalidOperationException($"{op.Name} belongs to no family."),
    };
}
