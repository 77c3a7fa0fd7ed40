using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>Nodes computed element by element, as expressions.</summary>
internal static class Elementary
{
    /// <summary>The node's expression over its inputs, or null if it is no elementwise step.</summary>
    public static Expr? Of(Node node) => node.Op switch
    {
        Map => node.Expr,
        Combine => Combine.Value(node.Settings),
        Scale => Scale.Value(node),
        Product => new Argument(0) * (Expr)new Argument(1),
        SoftmaxUnit =>
            new Apply(Functions.Exp, Part.Value, EquatableArray.Of(new Argument(0) - Combine.Floored(node.Settings, new Argument(1)))),
        ElementwiseOp op =>
            op.Value(node, new Argument(0), Enumerable.Range(1, node.Inputs.Count - 1).Select(i => (Expr)new Argument(i)).ToArray()),
        _ => null,
    };

    /// <summary>How often an expression reads each argument.</summary>
    public static Dictionary<int, int> Uses(Expr expr)
    {
        var uses = new Dictionary<int, int>();
        expr.Replace(index =>
        {
            uses[index] = uses.TryGetValue(index, out var count) ? count + 1 : 1;
            return new Argument(index);
        });
        return uses;
    }
}
