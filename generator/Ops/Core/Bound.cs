using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>x, but at least a constant, or with setting "upper" at most. Inputs: x and the constant.</summary>
internal sealed class Bound : ElementwiseOp
{
    public override int Arity => 2;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Expr Value(Node node, Expr x, Expr[] operands) =>
        IsUpper(node) ? Expr.Min(x, operands[0]) : Expr.Max(x, operands[0]);

    public override Expr Slope(Node node, Expr x, Expr y, Expr[] operands) =>
        Expr.IfPositive(IsUpper(node) ? operands[0] - x : x - operands[0], 1, 0);

    // Both differences are of numbers that were not rounded before.
    public override Expr Secant(Node node, Expr x, Expr x0, Expr y, Expr y0, Expr[] operands) =>
        Quotient(y, y0, x, x0, Slope(node, x0, y0, operands), 1);

    public override double Least(Node node, Steepness known) =>
        IsUpper(node) ? double.NegativeInfinity : node.Inputs.Max(known.Least);

    private static bool IsUpper(Node node) => node.Settings.Flag("upper");
}
