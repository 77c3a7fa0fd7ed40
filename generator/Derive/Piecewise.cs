using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// What of a network is linear in its inputs but for kinks: rectifiers, clamps, maxima. There the gradient is constant between kinks, and
/// integrated gradients can be had exactly.
/// </summary>
/// <param name="Nodes">The nodes of the forward pass that such points are made of, in order.</param>
/// <param name="Points">The points that are, by their place in the signature, and their nodes.</param>
internal sealed record Piecewise(EquatableArray<int> Nodes, EquatableArray<(int Index, int Node)> Points)
{
    /// <summary>What of a forward pass is; null if none of its points is.</summary>
    public static Piecewise? Of(DerivedGraph forward)
    {
        var nodes = forward.Nodes;
        var found = Of(nodes);
        var points = forward.Points.Where(point => found[point.Value]).Select(point => (point.Index, point.Value)).ToList();
        if (points.Count == 0)
            return null;
        var needed = new bool[nodes.Count];
        foreach (var (_, node) in points)
            needed[node] = true;
        for (var node = nodes.Count - 1; node >= 0; node--)
        {
            foreach (var input in needed[node] ? nodes[node].Inputs.ToArray() : [])
                needed[input] = true;
        }
        // A row of input has all inputs.
        return new(Enumerable.Range(0, nodes.Count).Where(node => needed[node] || nodes[node].Op is Input).ToEquatable(),
            points.ToEquatable());
    }

    /// <summary>Whether each value is linear in the inputs but for kinks.</summary>
    public static bool[] Of(IReadOnlyList<Node> nodes)
    {
        var live = Liveness.Of(new Graph(nodes.ToEquatable(), EquatableArray.Of<int>(), default));
        var found = new bool[nodes.Count];
        for (var node = 0; node < found.Length; node++)
            found[node] = nodes[node].Inputs.All(input => found[input]) && Is(nodes, node, live);
        return found;
    }

    private static bool Is(IReadOnlyList<Node> nodes, int node, bool[] live)
    {
        var of = nodes[node];
        bool Stays(int input) => !live[of.Inputs[input]];
        return of.Scan is null && of.Op switch
        {
            Input or Constant or WeightOperand => true,
            Combine => !of.Settings.Has("least"),
            Scale => Enumerable.Range(1, of.Inputs.Count - 1).All(Stays),
            Dense => !of.Settings.Flag("transposed"),
            LinearOp => true,
            ChoiceOp => true,
            PRelu or Bound => IsConstant(nodes, of.Inputs[1]),
            Elementwise => of.Function!.IsPiecewiseLinear,
            _ => false,
        };
    }

    // Known when weights are loaded, in whatever places.
    private static bool IsConstant(IReadOnlyList<Node> nodes, int node) => nodes[node].Op switch
    {
        Constant or WeightOperand => true,
        CoreOp op => op.IsMove(nodes[node]) && nodes[node].Inputs.All(input => IsConstant(nodes, input)),
        _ => false,
    };
}
