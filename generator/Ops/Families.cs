using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// An operator of the core: what every other is made of, and the only kind that methods have rules for. A rule belongs to a
/// family, not to an operator.
/// </summary>
internal abstract class CoreOp : Op;

/// <summary>An operator linear in all its live inputs jointly, up to a constant.</summary>
internal abstract class LinearOp : CoreOp
{
    /// <summary>The multiplier of one input, given the output's.</summary>
    public abstract int Transpose(Derivation d, int node, int input, int m);

    /// <summary>The linear part, without any constant, applied to other values in the inputs' places.</summary>
    public abstract int Apply(Derivation d, int node, int[] inputs);
}

/// <summary>
/// A linear operator whose weights have both signs and mix inputs: what DeepLIFT's Linear rule is about (arXiv 1704.02685, section 3.5.1).
/// </summary>
internal abstract class MixingOp : LinearOp
{
    /// <summary>The multiplier of the input under the weights' absolute values.</summary>
    public abstract int TransposeAbsolute(Derivation d, int node, int m);

    /// <summary>The weights' absolute values applied to another value.</summary>
    public abstract int ApplyAbsolute(Derivation d, int node, int input);
}

/// <summary>A function of one live input, element by element; further inputs are constants.</summary>
internal abstract class ElementwiseOp : CoreOp
{
    public abstract Expr Value(Node node, Expr x, Expr[] operands);

    public abstract Expr Slope(Node node, Expr x, Expr y, Expr[] operands);

    public abstract Expr Secant(Node node, Expr x, Expr x0, Expr y, Expr y0, Expr[] operands);

    public override int Expand(Expansion x) => x.AddFunction(this, x.Node.Function, x.Inputs);
}
