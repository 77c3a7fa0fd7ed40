using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// DeepLIFT's Linear and Rescale rules (arXiv 1704.02685, sections 3.5.1 and 3.5.2): the gradient, with slopes replaced by secants to
/// the reference. With <paramref name="maxPoolGradient"/>, max-pools route multipliers like gradients, as the authors' code does.
/// </summary>
internal class Rescale(bool maxPoolGradient) : Gradient
{
    public override string Name => nameof(Rescale);

    public override bool HasReference => true;

    protected override bool IsBySlopes => false;

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m) => d.Forward[node].Rule switch
    {
        RuleChoice.Gradient => base.Elementwise(d, op, node, m),
        RuleChoice.GuidedBackprop => Stepped(d, op, node, m, moved => Expr.IfPositive(Argument(0), moved, 0)),
        _ => Secanted(d, op, node, m, moved => moved),
    };

    /// <summary>m times the secant from x0 to x, as <paramref name="step"/> takes it.</summary>
    protected static Flow Secanted(Derivation d, ElementwiseOp op, int node, Flow m, Func<Expr, Expr> step)
    {
        var (forward, x) = (d.Forward[node], d.Forward[node].Inputs[0]);
        if (IsCheap(forward))
        {
            var operands = Operands(d, node, 3);
            var values = (op.Value(forward, Argument(1), operands), op.Value(forward, Argument(2), operands));
            var again = step(Moved(d, node, Guarded(d, node,
                op.Secant(forward, Argument(1), Argument(2), values.Item1, values.Item2, operands), Argument(1), Argument(2))));
            return EachPart(m, part => d.Map(again, [part, d.Value(x), d.Reference(x), .. OperandNodes(d, node)]));
        }
        var expr = step(Moved(d, node, Guarded(d, node,
            op.Secant(forward, Argument(1), Argument(2), Argument(3), Argument(4), Operands(d, node, 5)), Argument(1), Argument(2))));
        return EachPart(m,
            part => d.Map(expr, [part, d.Value(x), d.Reference(x), d.Value(node), d.Reference(node), .. OperandNodes(d, node)]));
    }

    /// <summary>A secant; where it may be infinite, 0 if there is no difference.</summary>
    protected static Expr Guarded(Derivation d, int node, Expr secant, Expr x, Expr x0) =>
        d.Steepness.Guards(node) ? Expr.Steep("Secant", secant, x, x0) : secant;

    // Computed again in a register, where that costs less than keeping and reading two more values.
    private static bool IsCheap(Node node) =>
        node.Op is PRelu || node.Function?.Type is "global::Whence.Ops.Relu" or "global::Whence.Ops.LeakyRelu";

    /// <summary>
    /// Midpoints: (x1_0 + dx1)(x2_0 + dx2) expanded, the mixed term split evenly (arXiv 1605.01713; SHAP's rule for products).
    /// </summary>
    public override Flow Product(Derivation d, int node, int input, Flow m)
    {
        var other = d.Forward[node].Inputs[1 - input];
        return d.Map(Argument(0) * (0.5 * (Argument(1) + Argument(2))), Single(d, node, m), d.Value(other), d.Reference(other));
    }

    /// <summary>Midpoints here too: dy = da mean(b, b0) + mean(a, a0) db.</summary>
    public override Flow MatrixProduct(Derivation d, int node, int input, Flow m)
    {
        var other = d.Forward[node].Inputs[1 - input];
        var middle = d.Live(other) ? d.Map(0.5 * (Argument(0) + Argument(1)), d.Value(other), d.Reference(other)) : d.Value(other);
        return Ops.MatrixProduct.Back(d, node, input, Single(d, node, m), middle);
    }

    /// <summary>
    /// A max-pool's move is split at max(y, y0); Maxout's follows the straight way from the reference (authors' code of 2016).
    /// </summary>
    public override Flow Choice(Derivation d, int node, Flow m)
    {
        var isMaxout = d.Forward[node].Op is MaxPieces;
        if (maxPoolGradient && !isMaxout)
            return base.Choice(d, node, Single(d, node, m));
        var x = d.Forward[node].Inputs[0];
        return d.Add(isMaxout ? Registry.MaxPiecesPath : Registry.MaxWindowSplit, d.Forward[node].Settings, d.Shape(x), Single(d, node, m),
            d.Value(x), d.Reference(x));
    }

    /// <summary>
    /// The secants of exp and of log, both taken relative to the larger of the two results, so that nothing overflows and nothing
    /// cancels: log's is 1 over exp's between -|lse - lse0| and 0.
    /// </summary>
    public override Flow LogSumExp(Derivation d, int node, Flow m)
    {
        var z = d.Forward[node].Inputs[0];
        var (axis, shape) = (d.Forward[node].Settings.Int("axis"), d.Shape(z));
        var secant = LogSumExpSecant();
        var expr = d.Steepness.MayBeInfinite(z)
            ? Expr.Steep("Times", Argument(0), Expr.Steep("Secant", secant, Argument(1), Argument(2)))
            : Argument(0) * secant;
        return d.Map(expr,
            d.Spread(Single(d, node, m), axis, shape), d.Value(z), d.Reference(z),
            Spread(d, d.Value(node), axis, shape), Spread(d, d.Reference(node), axis, shape));
    }

    /// <summary>The secant of log-sum-exp over z (1) and z0 (2), given both of its values (3, 4).</summary>
    private static Expr LogSumExpSecant()
    {
        var top = Expr.Max(Argument(3), Argument(4));
        return ExpSecant(Argument(1) - top, Argument(2) - top) * LogSecant();
    }

    private static Expr LogSecant() => 1 / ExpSecant(Expr.Negate(Expr.Abs(Argument(3) - Argument(4))), 0);

    /// <summary>
    /// Each unit's own quotient, (p - p0) / (z - z0): exp's secant times the move of z - lse over that of z. The move of lse is the sum of
    /// what each unit moves it: as a difference of its two values it would be no more than their rounding near the reference.
    /// </summary>
    public override Flow? Softmax(Derivation d, int node, int input, Flow m)
    {
        if (input == 1)
            return null;
        var (z, lse) = (d.Forward[node].Inputs[0], d.Forward[node].Inputs[1]);
        var (x, x0, y, y0) = (Argument(1), Argument(2), Argument(3), Argument(4));
        var secant = ExpSecant(x - y, x0 - y0);
        var quotient = Expr.IfZero(x - x0, Argument(6) * (1 - Argument(6)), secant * (1 - Argument(5) / (x - x0)));
        var factor = d.Steepness.MayBeInfinite(z) ? Expr.Steep("Secant", quotient, x, x0) : quotient;
        return d.Map(Argument(0) * factor,
            Single(d, node, m), d.Value(z), d.Reference(z), d.Value(lse), d.Reference(lse), MoveOfLogSumExp(d, z, lse), d.Reference(node));
    }

    /// <summary>Of a softmax's z and its log-sum-exp, spread over z's axis: how far the latter moves, itself spread so.</summary>
    private static int MoveOfLogSumExp(Derivation d, int z, int spread) => d.AtForward(() =>
    {
        var (x, x0) = (Argument(1), Argument(2));
        var (dx, top) = (x - x0, Expr.Max(Argument(3), Argument(4)));
        var moved = LogSumExpSecant() * dx;
        if (d.Steepness.MayBeInfinite(z))
            moved = Expr.IfZero(dx - dx, moved, LogSecant()
                * (new Apply(exp, Part.Value, EquatableArray.Of(x - top)) - new Apply(exp, Part.Value, EquatableArray.Of(x0 - top))));
        var moves = d.Map(moved, d.Value(z), d.Value(z), d.Reference(z), d.Value(spread), d.Reference(spread));
        var axis = d.Forward[spread].Settings.Int("axis");
        var sum = d.Add(Registry.SumAxis, Settings.Of(("axis", axis), ("factor", 1)), d.Shape(z).With(axis, 1), moves);
        return d.Spread(sum, axis, d.Shape(z));
    });

    public override Parts? PartsOf(Derivation d, int node) => Restarted(d, node);

    /// <summary>The parts of a difference that has no history: all of it on one side.</summary>
    protected static Parts Restarted(Derivation d, int node) => d.AtForward(() =>
    {
        var delta = d.Difference(node);
        return new Parts(d.Map(Expr.Max(Argument(0), 0), delta), d.Map(Expr.Min(Argument(0), 0), delta));
    });

    /// <summary>
    /// One multiplier of two, where the split restarts: the one of the side on which the whole difference lies.
    /// </summary>
    public override int Single(Derivation d, int node, Flow m) => m.Parted
        ? d.Map(BySign(Argument(2), Argument(0), Argument(1)), m.Positive, m.Negative, d.Difference(node))
        : m.Positive;

    /// <summary>a where the difference is positive, b where it is negative, their mean where it is zero.</summary>
    protected static Expr BySign(Expr difference, Expr a, Expr b) =>
        Expr.IfZero(difference, 0.5 * (a + b), Expr.IfPositive(difference, a, b));
}

/// <summary>Rescale, where the multiplier coming back is positive: a comparison of the DeepLIFT authors'.</summary>
internal sealed class GuidedBackpropRescale(bool maxPoolGradient) : Rescale(maxPoolGradient)
{
    public override string Name => nameof(GuidedBackpropRescale);

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m) =>
        Secanted(d, op, node, m, moved => IsArithmetic(d, node) ? moved : Expr.IfPositive(Argument(0), moved, 0));
}
