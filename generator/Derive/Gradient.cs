using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>The ordinary gradient.</summary>
internal class Gradient : Method
{
    protected static readonly Function exp = new("global::Whence.Ops.Exp", EquatableArray.Of<double>(), true);

    // Below every logarithm that is finite.
    private const double Lowest = -3e38;

    public override string Name => nameof(Gradient);

    protected static Expr Argument(int index) => new Argument(index);

    /// <summary>Whether multipliers can be infinite because a slope is; no secant is where the difference is finite.</summary>
    protected virtual bool IsBySlopes => true;

    public override Flow Linear(Derivation d, LinearOp op, int node, int input, Flow m) =>
        op is MixingOp mixing && IsBySlopes && d.Steepness.Coming(node) == Taint.Any
            ? Apart(d, m.Positive, part => mixing.Transpose(d, node, input, part), part => mixing.TransposeAbsolute(d, node, part))
            : base.Linear(d, op, node, input, m);

    /// <summary>
    /// Back through a product, infinite multipliers apart: an input that no weight leads to from them gets what the others give it.
    /// </summary>
    private static int Apart(Derivation d, int m, Func<int, int> transpose, Func<int, int> transposeAbsolute) => d.Map(
        Expr.Steep("Joined", Argument(0), Argument(1)),
        transpose(d.Map(Expr.Steep("Finite", Argument(0)), m)),
        transposeAbsolute(d.Map(Expr.Steep("Infinite", Argument(0)), m)));

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m) =>
        Stepped(d, op, node, Centred(d, node, m), moved => moved);

    /// <summary>
    /// The multipliers of a softmax's shares from their mean; all others as they are. Secants do not leave a constant out.
    /// </summary>
    protected Flow Centred(Derivation d, int node, Flow m) =>
        !HasReference && Shares.AxisOf(d, node) is { } axis ? Shares.FromTheirMean(d, node, axis, m.Positive) : m;

    /// <summary>m times a slope or a secant; where that may be infinite, with 0 for all that is 0 times anything.</summary>
    protected static Expr Moved(Derivation d, int node, Expr slope) =>
        d.Steepness.Guards(node) ? Expr.Steep("Times", Argument(0), slope) : Argument(0) * slope;

    /// <summary>m times the slope at x, as <paramref name="step"/> takes it.</summary>
    protected static Flow Stepped(Derivation d, ElementwiseOp op, int node, Flow m, Func<Expr, Expr> step)
    {
        var expr = step(Moved(d, node, op.Slope(d.Forward[node], Argument(1), Argument(2), Operands(d, node, 3))));
        // ReLU's slope can be read off its value, so that its argument need not be kept.
        var x = d.Forward[node].Function?.Type == "global::Whence.Ops.Relu" ? d.Value(node) : d.Value(d.Forward[node].Inputs[0]);
        int[] operands = [x, d.Value(node), .. OperandNodes(d, node)];
        return EachPart(m, part => d.Map(expr, [part, .. operands]));
    }

    /// <summary>Whether a function is arithmetic, which the rules for activations leave alone.</summary>
    protected static bool IsArithmetic(Derivation d, int node) => d.Forward[node].Function is { IsArithmetic: true };

    protected static Flow EachPart(Flow m, Func<int, int> step) =>
        m.Parted ? new Flow(step(m.Positive), step(m.Negative)) : step(m.Positive);

    public override Flow Product(Derivation d, int node, int input, Flow m)
    {
        var other = d.Forward[node].Inputs[1 - input];
        var steep = IsBySlopes && d.Steepness.Coming(node) != Taint.None;
        return d.Map(steep ? Expr.Steep("Times", Argument(0), Argument(1)) : Argument(0) * Argument(1), m.Positive, d.Value(other));
    }

    public override Flow MatrixProduct(Derivation d, int node, int input, Flow m)
    {
        var other = d.Value(d.Forward[node].Inputs[1 - input]);
        int Back(int part, int matrix) => Ops.MatrixProduct.Back(d, node, input, part, matrix);
        return IsBySlopes && d.Steepness.Coming(node) == Taint.Any
            ? Apart(d, m.Positive, part => Back(part, other), part => Back(part, Absolute(d, other)))
            : Back(m.Positive, other);
    }

    /// <summary>The sizes of a forward value.</summary>
    protected static int Absolute(Derivation d, int value) => d.AtForward(() => d.Map(Expr.Abs(Argument(0)), value));

    public override Flow Choice(Derivation d, int node, Flow m)
    {
        var x = d.Forward[node].Inputs[0];
        return d.Add(Registry.MaxWindowBack, d.Forward[node].Settings, d.Shape(x), m.Positive, d.Value(x));
    }

    public override Flow LogSumExp(Derivation d, int node, Flow m)
    {
        var z = d.Forward[node].Inputs[0];
        var axis = d.Forward[node].Settings.Int("axis");
        // Where all that is summed is 0, and all of z minus infinity, so are the shares.
        var whole = d.Steepness.MayBeInfinite(z) ? Expr.Max(Argument(2), Lowest) : Argument(2);
        var share = new Apply(exp, Part.Value, EquatableArray.Of(Argument(1) - whole));
        var steep = d.Steepness.MayBeInfinite(z) || d.Steepness.Coming(node) != Taint.None;
        return d.Map(steep ? Expr.Steep("Times", Argument(0), share) : Argument(0) * share, d.Spread(m.Positive, axis, d.Shape(z)),
            d.Value(z), Spread(d, d.Value(node), axis, d.Shape(z)));
    }

    public override Flow? Softmax(Derivation d, int node, int input, Flow m)
    {
        var centred = Centred(d, node, m).Positive;
        return d.Map(input == 0 ? Argument(0) * Argument(1) : Expr.Negate(Argument(0) * Argument(1)), centred, d.Value(node));
    }

    /// <summary>A forward value spread over an axis, as part of the forward pass.</summary>
    protected static int Spread(Derivation d, int value, int axis, Shape shape) => d.AtForward(() => d.Spread(value, axis, shape));

    /// <summary>(exp(z) - exp(z0)) / (z - z0).</summary>
    protected static Expr ExpSecant(Expr z, Expr z0) =>
        new Apply(exp, Part.Secant,
            EquatableArray.Of(z, z0, new Apply(exp, Part.Value, EquatableArray.Of(z)), new Apply(exp, Part.Value, EquatableArray.Of(z0))));
}
