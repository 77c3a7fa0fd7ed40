using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>A function of one number applied to each element, given by the node's <see cref="Function"/>: every activation.</summary>
internal sealed class Elementwise : ElementwiseOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) => Ops.Along.Same(axes);

    public override double Least(Node node, Steepness known) => Steepness.LeastOf(node.Function!, known.Least(node.Inputs[0]));

    public override bool MayBeInfinite(Node node, Steepness known) => known.MayBeInfinite(node.Function!, node.Inputs[0]);

    public override bool MayHaveNoValue(Node node, Steepness known) => known.MayHaveNoValue(node.Function!, node.Inputs[0]);

    public override Expr Value(Node node, Expr x, Expr[] operands) => Applied(node, Part.Value, x);

    public override Expr Slope(Node node, Expr x, Expr y, Expr[] operands) => Applied(node, Part.Slope, x, y);

    public override Expr Secant(Node node, Expr x, Expr x0, Expr y, Expr y0, Expr[] operands) =>
        Applied(node, Part.Secant, x, x0, y, y0);

    private static Apply Applied(Node node, Part part, params Expr[] operands) =>
        new(node.Function!, part, Support.EquatableArray.Of(operands));
}
