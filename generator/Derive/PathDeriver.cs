using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// The gradient along a path, as a question over x, x0 and alpha (integrated gradients: arXiv 1703.01365). What moves in proportion to
/// alpha is computed once a path, at x0 and as a move. At each step the curved part of the network goes on from their border, and gives
/// back multipliers down to it. Their sum over the steps goes back through the rest once a path, for that is linear.
/// </summary>
internal static class PathDeriver
{
    /// <summary>The method's name in emitted code.</summary>
    public const string Name = "Path";

    /// <summary>The question; null of a network that is linear in all of its inputs, whose gradient is one everywhere.</summary>
    public static DerivedGraph? Derive(Graph core, IReadOnlyList<NetworkPoint> points)
    {
        var kinds = new PathKinds(core);
        var d = new Derivation(core, kinds) { Asked = Deriver.Asked(points) };
        var border = new PathBorder(kinds);
        var at = Deriver.Walk(d, core, new Gradient(), points, border);
        if (border.AtSteps.Count == 0)
            return null;
        foreach (var pair in border.AtSteps)
            at[pair.Key] = pair.Value;
        var asked = Enumerable.Range(0, points.Count).Where(i => kinds.IsAtSteps(points[i].Node) && at.ContainsKey(points[i].Node))
            .Select(i => new PointNodes(points[i], d.Value(points[i].Node), at[points[i].Node], null) { Index = i });
        var results = core.Inputs.Select(input => border.Sums.TryGetValue(input, out var sum) ? sum : (Multipliers?)null);
        return new DerivedGraph(Name, d.Nodes.ToEquatable(), asked.ToEquatable(), EquatableArray.Of<int>(), results.ToEquatable())
        {
            MultiplierOf = at.GroupBy(pair => pair.Value.Positive).ToDictionary(group => group.Key, group => group.First().Key),
            MoveOf = d.Moves,
            Forward = Enumerable.Range(0, core.Nodes.Count).Select(d.Value).ToList(),
            IsSteep = Enumerable.Range(0, core.Nodes.Count)
                .Any(node => d.Steepness.Coming(node) != Taint.None || d.Live(node)
                    && (d.Steepness.MayBeInfinite(node) || core.Nodes[node].Op is ElementwiseOp && d.Steepness.Guards(node))),
        };
    }
}

/// <summary>
/// Where the way back leaves the steps of a path: what comes to an affine value at each step, and what of that is summed.
/// </summary>
internal sealed class PathBorder(PathKinds kinds)
{
    private readonly Dictionary<int, List<Multipliers>> coming = [];

    /// <summary>The multipliers of values of the border at each step.</summary>
    public Dictionary<int, Multipliers> AtSteps { get; } = [];

    /// <summary>The multipliers of affine values, summed over the steps.</summary>
    public Dictionary<int, Multipliers> Sums { get; } = [];

    /// <summary>Takes what a curved value gives an affine one; whether it did.</summary>
    public bool Takes(int reader, int input, Multipliers multipliers)
    {
        if (kinds[reader] != PathKind.Curved || kinds[input] != PathKind.Affine)
            return false;
        if (!coming.TryGetValue(input, out var list))
            coming[input] = list = [];
        list.Add(multipliers);
        return true;
    }

    /// <summary>Whether the multipliers at a value are sums over the steps.</summary>
    public bool IsSummed(int node) => kinds[node] == PathKind.Affine;

    /// <summary>Whether a backward pass may begin and end at a value.</summary>
    public bool IsPoint(int node) => kinds.IsAtSteps(node);

    /// <summary>All that comes to an affine value: the sum over the steps, and what affine readers give; null where nothing does.</summary>
    public Multipliers? Arriving(Derivation d, int node, IEnumerable<Multipliers> others, Func<Multipliers?, Multipliers?> seeded)
    {
        var several = others.ToList();
        if (seeded(coming.TryGetValue(node, out var steps) ? Deriver.Sum(d, steps) : null) is { } multipliers)
        {
            AtSteps[node] = multipliers;
            several.Insert(0, d.SumSteps(multipliers.Positive));
        }
        if (several.Count == 0)
            return null;
        return Sums[node] = Deriver.Sum(d, several);
    }
}
