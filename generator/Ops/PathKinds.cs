using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>How a value changes along the path from a reference to an input, x0 + alpha (x - x0).</summary>
internal enum PathKind
{
    /// <summary>Not at all.</summary>
    Still,

    /// <summary>
    /// In proportion to alpha: a value at the reference and a move say what it is at every step, and its multipliers may be summed over the
    /// steps.
    /// </summary>
    Affine,

    /// <summary>In any other way: it is computed at every step.</summary>
    Curved,
}

/// <summary>
/// The kinds of a core graph's values along the path of its inputs, and their border: the affine values which curved ones read. An affine
/// value whose memory would cost more at every step than computing it does is taken for a curved one.
/// </summary>
internal sealed class PathKinds
{
    // At each step a value of the border is made, read by what goes on from it, and its multipliers are written and summed: in products of
    // numbers.
    private const int BorderCost = 16;

    private readonly Graph core;
    private readonly bool[] live;
    private readonly PathKind[] kinds;
    private readonly ILookup<int, int> readers;

    public PathKinds(Graph core)
    {
        this.core = core;
        live = Liveness.Of(core);
        kinds = new PathKind[core.Nodes.Count];
        readers = Enumerable.Range(0, core.Nodes.Count)
            .SelectMany(node => core.Nodes[node].Inputs.Distinct().Select(input => (node, input)))
            .ToLookup(pair => pair.input, pair => pair.node);
        while (Spread())
        {
        }
        for (var node = kinds.Length - 1; node >= 0; node--)
            GiveUp(node);
    }

    public PathKind this[int node] => kinds[node];

    /// <summary>Whether curved values read an affine one.</summary>
    public bool IsBorder(int node) => kinds[node] == PathKind.Affine && readers[node].Any(reader => kinds[reader] == PathKind.Curved);

    /// <summary>Whether every step has a value, and all of its multipliers.</summary>
    public bool IsAtSteps(int node) =>
        live[node] && (kinds[node] == PathKind.Curved || IsBorder(node) && readers[node].All(reader => kinds[reader] == PathKind.Curved));

    /// <summary>One pass of the way forward; whether anything changed, as it may where there is a scan.</summary>
    private bool Spread()
    {
        var changed = false;
        var curved = new HashSet<int>(Enumerable.Range(0, kinds.Length).Where(node => kinds[node] == PathKind.Curved)
            .Select(node => core.Nodes[node].Scan?.Id).OfType<int>());
        for (var node = 0; node < kinds.Length; node++)
        {
            // A scan is computed as one.
            var kind = core.Nodes[node].Scan is { } scan && curved.Contains(scan.Id) ? PathKind.Curved : Of(core.Nodes[node], node);
            changed |= kind > kinds[node];
            kinds[node] = kind > kinds[node] ? kind : kinds[node];
        }
        return changed;
    }

    private PathKind Of(Node node, int index)
    {
        if (node.Op is Input)
            return live[index] ? PathKind.Affine : PathKind.Still;
        var most = node.Inputs.Select(input => kinds[input]).DefaultIfEmpty(PathKind.Still).Max();
        return most switch
        {
            PathKind.Still when !live[index] => PathKind.Still,
            PathKind.Affine when node.Scan is null && IsAffine(node) => PathKind.Affine,
            _ => PathKind.Curved,
        };
    }

    private bool IsAffine(Node node) => node.Op switch
    {
        LinearOp => true,
        BilinearOp => kinds[node.Inputs[0]] != kinds[node.Inputs[1]],
        _ => false,
    };

    private void GiveUp(int node)
    {
        // What an affine value is made of must be affine.
        if (!IsBorder(node) || core.Nodes[node].Op is Input || readers[node].Any(reader => kinds[reader] == PathKind.Affine))
            return;
        var instead = core.Nodes[node].Inputs.Distinct().Where(input => kinds[input] == PathKind.Affine && !IsBorder(input)).Sum(Size);
        if (Cost(node) + BorderCost * instead < BorderCost * Size(node))
            kinds[node] = PathKind.Curved;
    }

    private long Size(int node) => core.Nodes[node].Shape!.Size;

    private long Cost(int node) => ((CoreOp)core.Nodes[node].Op).Cost(core.Nodes[node], core.Nodes);
}
