using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// The axis along which a value's elements are the shares of one softmax, or their logarithms: the classes. Below what only moves them,
/// repeats them, takes their function or their mean it may be another axis than the softmax's own.
/// </summary>
/// <param name="Axis">The axis; null where there is none.</param>
/// <param name="IsLost">Whether shares are there, but no axis has all of a softmax and nothing else, as behind Flatten.</param>
internal readonly record struct Classes(int? Axis, bool IsLost = false)
{
    private static readonly Classes lost = new(null, IsLost: true);

    /// <summary>Of every node of the graph that the user wrote.</summary>
    public static IReadOnlyList<Classes> Of(Graph graph)
    {
        var found = new Classes[graph.Nodes.Count];
        for (var node = 0; node < found.Length; node++)
            found[node] = Of(graph, graph.Nodes[node], found);
        return found;
    }

    private static Classes Of(Graph graph, Node node, Classes[] found)
    {
        var (op, inputs) = (node.Op, node.Inputs);
        if (op is Softmax or LogSoftmax)
            return new(node.Settings.Int("axis"));
        if (inputs.Count == 0 || op is Carried)
            return default;
        if (op is Next)
            return found[inputs[1]];
        if (op is Binary or Concat or Stack)
            return Joined(graph, node, found);
        var of = found[inputs[0]];
        return of.Axis is { } axis ? Behind(op, node.Settings, axis, graph.Nodes[inputs[0]].Shape!, node.Shape!)
            : of.IsLost && Keeps(op) ? lost : default;
    }

    // What makes no new shares of what is lost.
    private static bool Keeps(Op op) => op is Flatten or Reshape or Permute or Transpose or Slice or Gather or Pad or Reverse or Dropout
        or Negate or Elementwise or Last or StepOf or Stacked or Final;

    private static Classes Behind(Op op, Settings settings, int axis, Shape x, Shape y) => op switch
    {
        Flatten or Reshape => Relabelled(axis, x, y),
        Permute => new(Array.IndexOf(settings.Ints("order"), axis)),
        Transpose => new(Exchanged(axis, settings.Int("first"), settings.Int("second"))),
        Slice or Gather or Pad => settings.Int("axis") == axis && x[axis] != y[axis] ? lost : new(axis),
        Reduction => settings.Int("axis") == axis ? default : new(y.Rank < x.Rank && settings.Int("axis") < axis ? axis - 1 : axis),
        Reverse or Dropout or Negate or Elementwise or Final => new(axis),
        Last or StepOf => axis == 0 ? lost : new(axis - 1),
        Stacked => new(axis + 1),
        _ => default,
    };

    private static int Exchanged(int axis, int first, int second) => axis == first ? second : axis == second ? first : axis;

    // The axis of as many elements that has as many before and behind it.
    private static Classes Relabelled(int axis, Shape x, Shape y)
    {
        for (var (other, before) = (0, 1); other < y.Rank; before *= y[other++])
        {
            if (y[other] == x[axis] && before == Before(x, axis))
                return new(other);
        }
        return lost;
    }

    private static int Before(Shape x, int axis) => Enumerable.Range(0, axis).Aggregate(1, (size, i) => size * x[i]);

    private static Classes Joined(Graph graph, Node node, Classes[] found)
    {
        var inputs = node.Inputs.Select(input => found[input]).ToList();
        if (inputs.All(one => one == default))
            return default;
        // A number that shares are multiplied by, or subtracted from.
        var known = node.Op is Binary
            ? inputs.Where((_, i) => graph.Nodes[node.Inputs[i]].Shape!.Size > 1 || node.Shape!.Size == 1).Distinct().ToList()
            : inputs.Distinct().ToList();
        if (known is not [{ Axis: { } axis }])
            // What shares weigh, or are weighed by, is no share.
            return node.Op is Binary && known.Contains(default) ? default : lost;
        return node.Op is Stack ? new(axis + 1) : node.Op is Concat && node.Settings.Int("axis") == axis ? lost : new(axis);
    }
}
