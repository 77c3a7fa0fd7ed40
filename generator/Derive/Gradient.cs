using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>The ordinary gradient.</summary>
internal class Gradient : Method
{
    // Below every logarithm that is finite.
    private const double Lowest = -3e38;

    public override string Name => nameof(Gradient);

    /// <summary>Whether multipliers can be infinite because a slope is; no secant is where the difference is finite.</summary>
    protected virtual bool IsBySlopes => true;

    public override Multipliers Linear(Site at, LinearOp op, int input, Multipliers m) =>
        op is MixingOp mixing && IsBySlopes && at.Coming == Taint.Any
            ? Apart(at, m.Positive, part => mixing.Transpose(at.Graph, at.Id, input, part),
                part => mixing.TransposeAbsolute(at.Graph, at.Id, part))
            : base.Linear(at, op, input, m);

    /// <summary>
    /// Back through a product, infinite multipliers apart: an input that no weight leads to from them gets what the others give it.
    /// </summary>
    private static int Apart(Site at, int m, Func<int, int> transpose, Func<int, int> transposeAbsolute)
    {
        var finite = transpose(at.Map("mFinite", "{0}'s finite multipliers", Expr.Steep("Finite", at.Of(m))));
        var infinite = transposeAbsolute(at.Map("mInfinite", "{0}'s infinite multipliers", Expr.Steep("Infinite", at.Of(m))));
        return at.Map(Expr.Steep("Joined", at.Of(finite, "finite"), at.Of(infinite, "infinite")));
    }

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m) =>
        Stepped(at, op, Centred(at, m), (_, moved) => moved);

    /// <summary>
    /// The multipliers of a softmax's shares from their mean; all others as they are. Secants do not leave a constant out.
    /// </summary>
    protected Multipliers Centred(Site at, Multipliers m) =>
        !HasReference && Shares.AxisOf(at) is { } axis ? Shares.FromTheirMean(at, axis, m.Positive) : m;

    /// <summary>m times the slope at x, as <paramref name="step"/> takes m and it.</summary>
    protected static Multipliers Stepped(Site at, ElementwiseOp op, Multipliers m, Func<Expr, Expr, Expr> step)
    {
        var x = at.Node.Function is { HasSlopeFromValue: true } ? at.Value : at.Input.Value;
        var slope = op.Slope(at.Node, x, at.Value, at.Operands);
        return EachPart(at, m, part => step(part, at.Times(part, slope)));
    }

    /// <summary>Whether a function is arithmetic, which the rules for activations leave alone.</summary>
    protected static bool IsArithmetic(Site at) => at.Node.Function is { IsArithmetic: true };

    protected static Multipliers EachPart(Site at, Multipliers m, Func<Expr, Expr> step) => m.Parted
        ? new Multipliers(at.Map(step(at.Of(m.Positive, "mP"))), at.Map(step(at.Of(m.Negative, "mN"))))
        : at.Map(step(at.Of(m.Positive)));

    public override Multipliers Product(Site at, int input, Multipliers m)
    {
        var other = at.Reads(1 - input, "b");
        return at.Map(other.MayBeInfinite || IsBySlopes && at.Coming != Taint.None
            ? Expr.Steep("Times", at.Of(m.Positive), other.Value)
            : at.Of(m.Positive) * other.Value);
    }

    public override Multipliers MatrixProduct(Site at, int input, Multipliers m)
    {
        var other = at.Reads(1 - input, "b");
        int Back(int part, int matrix) => Gradient.Back(at, input, part, other, matrix);
        return IsBySlopes && at.Coming == Taint.Any
            ? Apart(at, m.Positive, part => Back(part, at.Graph.Value(other.Id)), part => Back(part, Absolute(other)))
            : Back(m.Positive, at.Graph.Value(other.Id));
    }

    /// <summary>
    /// The multiplier of one factor of a matrix product, given a matrix for the other. Where that may have no value, as the shares of a row
    /// that sees nothing, zeros stand for what no multiplier comes to: for each row or column of it one look, no product.
    /// </summary>
    private protected static int Back(Site at, int input, int m, Site other, int matrix)
    {
        if (!other.MayBeInfinite)
            return Ops.MatrixProduct.Back(at.Graph, at.Id, input, m, matrix);
        var d = at.Graph;
        var size = at.Map("mSize", "the sizes of {0}'s multipliers", Expr.Abs(at.Of(m)));
        var reached = Ops.MatrixProduct.Along(d, at.Id, input, size);
        return Ops.MatrixProduct.Back(d, at.Id, input, m, other.Map("Reached", "{0} where multipliers come to it",
            Expr.IfZero(other.Of(reached, "reached"), Expr.Steep("Finite", other.Of(matrix, "b")), other.Of(matrix, "b"))));
    }

    /// <summary>The sizes of a forward value.</summary>
    protected static int Absolute(Site at) => at.Graph.AtForward(() => at.Map("Absolute", "{0} without its signs", Expr.Abs(at.Value)));

    public override Multipliers Choice(Site at, Multipliers m) =>
        at.Graph.Add(Registry.MaxWindowBack, at.Node.Settings, at.Input.Shape, m.Positive, at.Graph.Value(at.Input.Id));

    public override Multipliers LogSumExp(Site at, Multipliers m)
    {
        var (d, z, axis) = (at.Graph, at.Reads(0, "z"), at.Node.Settings.Int("axis"));
        var coming = at.Of(d.Spread(m.Positive, axis, z.Shape));
        // Where all that is summed is 0, and all of z minus infinity, so are the shares.
        var settings = LogSoftmaxAxis.Along(axis, z.MayBeInfinite ? Lowest : null);
        var share = Exp(at.Of(d.AtForward(() => d.Add(Registry.LogSoftmaxAxis, settings, z.Shape, d.Value(z.Id))), "log"));
        return at.Map(z.MayBeInfinite || at.Coming != Taint.None ? Expr.Steep("Times", coming, share) : coming * share);
    }

    public override Multipliers LogSoftmax(Site at, Multipliers m)
    {
        var shares = Shares.OfLogs(at);
        return at.Coming != Taint.None || Shares.AreOfAttention(at) || Shares.AreLogsOfCentred(at)
            ? Less(at, m.Positive, shares.Values(), shares)
            : Less(at, m.Positive, shares.Values(), shares, shares.Left());
    }

    /// <summary>What comes back to each share's logarithm less its part of all that does.</summary>
    protected static int Less(Site at, int m, int part, Shares shares) =>
        at.Map(at.Of(m) - PartOf(at, shares.Sum(m), "all", part, shares));

    /// <summary>
    /// The same, where shares may be near 1. To such a one comes what is left of its own, and its part of what comes to the others: neither
    /// is a difference.
    /// </summary>
    protected static int Less(Site at, int m, int part, Shares shares, int left)
    {
        var coming = at.Of(m);
        Expr Part(int sum, string called) => PartOf(at, sum, called, part, shares);
        return at.Map(shares.IfMost(Times(at, coming, at.Of(left, "left"), shares) - Part(shares.SumOfOthers(m), "others"),
            coming - Part(shares.Sum(m), "all")));
    }

    private static Expr PartOf(Site at, int sum, string called, int part, Shares shares) =>
        Times(at, at.Of(sum, called), at.Of(part, "p"), shares);

    private static Expr Times(Site at, Expr m, Expr by, Shares shares) =>
        shares.MayBeZero || at.Coming != Taint.None ? Expr.Steep("Times", m, by) : m * by;

    public override Multipliers? Softmax(Site at, int input, Multipliers m) =>
        input == 0 ? null : at.Map(at.MayBeInfinite
            ? Expr.Steep("Times", at.Of(Centred(at, m).Positive), at.Value)
            : at.Of(Centred(at, m).Positive) * at.Value);
}
