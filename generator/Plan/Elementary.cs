using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>Nodes computed element by element, as expressions.</summary>
internal static class Elementary
{
    /// <summary>The node's expression over its inputs, or null if it is no elementwise step.</summary>
    public static Expr? Of(Node node) => (node.Op as CoreOp)?.Formula(node);

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
