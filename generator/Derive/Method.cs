using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>How a flow goes back through each family of operators. "node" is a forward node; "m" the flow at its value.</summary>
internal abstract class Method
{
    /// <summary>The flow's name in the runtime.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it compares with a reference.</summary>
    public virtual bool HasReference => false;

    /// <summary>Back through a linear operator to one of its inputs.</summary>
    public virtual Flow Linear(Derivation d, LinearOp op, int node, int input, Flow m) => op.Transpose(d, node, input, m.Positive);

    /// <summary>Back through an activation.</summary>
    public abstract Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m);

    /// <summary>Back through a product to the factor at <paramref name="input"/>.</summary>
    public abstract Flow Product(Derivation d, int node, int input, Flow m);

    /// <summary>Back through a matrix product to the factor at <paramref name="input"/>.</summary>
    public abstract Flow MatrixProduct(Derivation d, int node, int input, Flow m);

    /// <summary>Back through a max-pool, or through the largest of a Maxout's pieces.</summary>
    public abstract Flow Choice(Derivation d, int node, Flow m);

    /// <summary>Back through log(sum(exp)).</summary>
    public abstract Flow LogSumExp(Derivation d, int node, Flow m);

    /// <summary>Back through a softmax taken as if elementwise, to z (input 0) or to the logarithm of the sum (input 1).</summary>
    public abstract Flow? Softmax(Derivation d, int node, int input, Flow m);

    /// <summary>One multiplier of a flow that may have two, where the split of differences into parts restarts.</summary>
    public virtual int Single(Derivation d, int node, Flow m) => m.Positive;

    /// <summary>The parts of a value's difference from its reference; null without a reference.</summary>
    public virtual Parts? PartsOf(Derivation d, int node) => null;

    /// <summary>An elementwise step at a forward node: its expression is given m, x, y and the operands.</summary>
    protected static Expr[] Operands(Derivation d, int node, int first) =>
        Enumerable.Range(0, d.Forward[node].Inputs.Count - 1).Select(i => (Expr)new Argument(first + i)).ToArray();

    /// <summary>The values of a forward node's constant operands.</summary>
    protected static int[] OperandNodes(Derivation d, int node) =>
        d.Forward[node].Inputs.Skip(1).Select(d.Value).ToArray();
}
