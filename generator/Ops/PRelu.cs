using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>A leaky ReLU whose slope below zero is learned, one for all or one a channel: x where x > 0, else a x.</summary>
internal sealed class PRelu : ElementwiseOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.PRelu(inputs[0], settings.Flag("perChannel"));

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "takes at least one axis, not a scalar" : null;

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, !settings.Flag("perChannel") || axes[0] > 0);

    public override int Expand(Expansion x)
    {
        var slope = x.Weight(WeightKind.Slope, x.Inputs[0]);
        return x.Add(this, x.Node.Settings, x.Inputs[0], slope);
    }

    // 0 times minus infinity would be no number.
    public override Expr Value(Node node, Expr x, Expr[] operands) =>
        Expr.IfPositive(x, x, Expr.IfZero(operands[0], Expr.Max(x, 0), operands[0] * x));

    public override Expr Slope(Node node, Expr x, Expr y, Expr[] operands) => Expr.IfPositive(x, 1, operands[0]);

    // On one side of the kink the secant is the slope itself; only across it is there a quotient, and there x - x0 is not small
    // against both.
    public override Expr Secant(Node node, Expr x, Expr x0, Expr y, Expr y0, Expr[] operands)
    {
        var quotient = Quotient(y, y0, x, x0, 1, Expr.IfPositive(x + x0, 1, operands[0]));
        return Expr.IfPositive(x, Expr.IfPositive(x0, 1, quotient), Expr.IfPositive(x0, quotient, operands[0]));
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4)), Settings.None),
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("perChannel", 1))),
    ];
}
