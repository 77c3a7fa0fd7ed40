using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>Turns a core graph and a method into the graph of a question: one walk backwards, whatever the method.</summary>
internal static class Deriver
{
    /// <summary>The forward pass alone.</summary>
    public static Question Forward(Graph core, IReadOnlyList<NetworkPoint> points)
    {
        var d = new Derivation(core, withReference: false);
        return new Question(null, d.Nodes.ToEquatable(),
            points.Select((point, i) => new PointNodes(point, d.Value(point.Node), null, null) { Index = i }).ToEquatable(),
            core.Outputs.Select(d.Value).ToEquatable(), EquatableArray.Of<Flow?>());
    }

    /// <summary>The forward pass, the reference's where the method has one, and the way back.</summary>
    public static Question Derive(Graph core, Method how, IReadOnlyList<NetworkPoint> points)
    {
        var d = new Derivation(core, how.HasReference) { Asked = Asked(points) };
        var at = Walk(d, core, how, points);
        var results = core.Inputs.Select(input => at.TryGetValue(input, out var flow) ? flow : (Flow?)null);
        // A point that depends on no input has no multipliers: a walk from it ends in zeros.
        var nodes = points.Select((point, i) => at.TryGetValue(point.Node, out var flow)
            ? new PointNodes(point, d.Value(point.Node), flow, point.Kind == "Layer" ? how.PartsOf(new Site(d, point.Node)) : null)
            {
                Index = i,
            }
            : new PointNodes(point, d.Value(point.Node), null, null) { Index = i }).ToEquatable();
        return new Question(how.Name, d.Nodes.ToEquatable(), nodes, core.Outputs.Select(d.Value).ToEquatable(), results.ToEquatable())
        {
            MultiplierOf = at.GroupBy(pair => pair.Value.Positive).ToDictionary(group => group.Key, group => group.First().Key),
        };
    }

    /// <summary>The forward nodes of points.</summary>
    public static IReadOnlyCollection<int> Asked(IEnumerable<NetworkPoint> points) => new HashSet<int>(points.Select(point => point.Node));

    /// <summary>
    /// The way back from all points at once: the flow at each value that one of them depends on. Along a path it leaves the steps at a
    /// border.
    /// </summary>
    public static Dictionary<int, Flow> Walk(Derivation d, Graph core, Method how, IReadOnlyList<NetworkPoint> points,
        PathBorder? border = null)
    {
        var coming = new Dictionary<int, List<Flow>>();
        var at = new Dictionary<int, Flow>();
        var states = new Dictionary<int, int>();
        for (var node = core.Nodes.Count - 1; node >= 0; node--)
        {
            d.Position = node;
            if (Arriving(d, node, coming, points, border) is not { } flow)
                continue;
            at[node] = flow;
            foreach (var (input, back) in core.Nodes[node].Op is Next or Carried
                ? Carry(d, how, node, flow, states)
                : Back(d, how, node, flow))
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

    private static Flow? Arriving(Derivation d, int node, Dictionary<int, List<Flow>> coming, IReadOnlyList<NetworkPoint> points,
        PathBorder? border)
    {
        if (!d.Live(node))
            return null;
        coming.TryGetValue(node, out var flows);
        var here = Enumerable.Range(0, points.Count).Where(i => points[i].Node == node && border?.IsPoint(node) != false).ToList();
        Flow? WithSeeds(Flow? sum) => here.Count > 0 ? Seeded(d, sum, here, d.Shape(node)) : sum;
        if (border?.IsSummed(node) == true)
            return border.Arriving(d, node, flows ?? [], WithSeeds);
        // A state gets back what the steps after it give, even where nothing else reads it.
        if (flows is null && d.Forward[node].Op is Next or Carried)
            return d.Zeros(d.Shape(node));
        return WithSeeds(flows is null ? null : Sum(d, flows));
    }

    /// <summary>The sum of flows that meet at a value, in the order of their consumers.</summary>
    public static Flow Sum(Derivation d, IReadOnlyList<Flow> flows)
    {
        var positive = Sum(d, flows.Select(flow => flow.Positive).ToList());
        return flows.Any(flow => flow.Parted) ? new Flow(positive, Sum(d, flows.Select(flow => flow.Negative).ToList())) : positive;
    }

    private static int Sum(Derivation d, List<int> terms) =>
        terms.Skip(1).Aggregate(terms[0], (sum, term) => d.Map(new Leaf(sum, "sum") + (Expr)new Leaf(term, "m")));

    /// <summary>A flow with the seeds of the points at this value; without a flow, the seeds alone.</summary>
    private static Flow Seeded(Derivation d, Flow? flow, IEnumerable<int> points, Shape shape)
    {
        var settings = Settings.Of("points", points);
        if (flow is not { } coming)
            return d.Add(Registry.Seed, settings, shape);
        return coming.Parted
            ? new Flow(d.Add(Registry.Seed, settings.With("part", 0), shape, coming.Positive),
                d.Add(Registry.Seed, settings.With("part", 1), shape, coming.Negative))
            : d.Add(Registry.Seed, settings, shape, coming.Positive);
    }

    private static IEnumerable<(int Input, Flow Flow)> Back(Derivation d, Method how, int node, Flow m)
    {
        var inputs = d.Forward[node].Inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            if (d.Live(inputs[i]) && Back(d, how, node, i, m) is { } flow)
                yield return (inputs[i], d.Forward[node].Op is StepOf ? flow : Leaving(d, node, inputs[i], flow));
        }
    }

    /// <summary>
    /// Back through a state: the multiplier of what it becomes is a state of the scan that goes back, which begins with what comes from
    /// behind the last step, and becomes in each step what the state's readers give.
    /// </summary>
    private static IEnumerable<(int Input, Flow Flow)> Carry(Derivation d, Method how, int node, Flow m, Dictionary<int, int> states)
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

    /// <summary>A flow to an input: where it leaves a scan, the sum over the steps.</summary>
    private static Flow Leaving(Derivation d, int node, int input, Flow m)
    {
        if (d.Forward[node].Scan is null || d.Forward[input].Scan is not null)
            return m;
        return m.Parted ? new Flow(d.Summed(m.Positive), d.Summed(m.Negative)) : d.Summed(m.Positive);
    }

    private static Flow? Back(Derivation d, Method how, int node, int input, Flow m) => Back(new Site(d, node), how, input, m);

    private static Flow? Back(Site at, Method how, int input, Flow m) => at.Node.Op switch
    {
        Combine when how.IsOfShares(at, m) => how.LogShares(at, input, m),
        LinearOp op => how.Linear(at, op, input, m),
        ElementwiseOp op => how.Elementwise(at, op, m),
        Product => how.Product(at, input, m),
        MatrixProduct => how.MatrixProduct(at, input, m),
        ChoiceOp => how.Choice(at, m),
        LogSumExpAxis => how.LogSumExp(at, m),
        Final => how.Single(at, m),
        SoftmaxUnit => how.Softmax(at, input, m),
        var op => throw new InvalidOperationException($"{op.Name} belongs to no family."),
    };
}
