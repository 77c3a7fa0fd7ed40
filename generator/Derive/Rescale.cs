using Whence.Generator.Graphs;
using Whence.Generator.Ops;

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

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m) => at.Node.Rule switch
    {
        RuleChoice.Gradient => base.Elementwise(at, op, m),
        RuleChoice.GuidedBackprop => Stepped(at, op, m, (coming, moved) => Expr.IfPositive(coming, moved, 0)),
        _ => Secanted(at, op, m, (_, moved) => moved),
    };

    /// <summary>m times the secant from x0 to x, as <paramref name="step"/> takes m and it.</summary>
    protected static Multipliers Secanted(Site at, ElementwiseOp op, Multipliers m, Func<Expr, Expr, Expr> step) =>
        EachPart(at, m, coming => step(coming, Secanted(at, op, coming)));

    private protected static Expr Secanted(Site at, ElementwiseOp op, Expr m)
    {
        var (x, x0) = (at.Input.Value, at.Input.Reference);
        var (y0, y) = IsCheap(at.Node) ? (at.Apply(op, x0), at.Apply(op, x)) : (at.Reference, at.Value);
        return at.Times(m, at.Guarded(at.Secant(op, x0, x, y0, y), x, x0, y, y0));
    }

    // Computed again in a register, where that costs less than keeping and reading two more values.
    private static bool IsCheap(Node node) =>
        node.Op is PRelu || node.Function is { IsCheap: true };

    /// <summary>
    /// Midpoints: (x1_0 + dx1)(x2_0 + dx2) expanded, the mixed term split evenly (arXiv 1605.01713; SHAP's rule for products).
    /// </summary>
    public override Multipliers Product(Site at, int input, Multipliers m)
    {
        var (coming, other) = (at.Of(Single(at, m)), at.Reads(1 - input, "b"));
        return at.Map(other.MayBeInfinite ? Expr.Steep("Times", coming, Mean(other)) : coming * Mean(other));
    }

    private static Expr Mean(Site at) => Mean(at.Value, at.Reference);

    /// <summary>Midpoints here too: dy = da mean(b, b0) + mean(a, a0) db.</summary>
    public override Multipliers MatrixProduct(Site at, int input, Multipliers m)
    {
        var other = at.Reads(1 - input, "b");
        var middle = other.Live ? other.Map("Mean", "{0} halfway from its reference", Mean(other)) : at.Graph.Value(other.Id);
        return Back(at, input, Single(at, m), other, middle);
    }

    /// <summary>
    /// A max-pool's move is split at max(y, y0); Maxout's follows the straight way from the reference (authors' code of 2016).
    /// </summary>
    public override Multipliers Choice(Site at, Multipliers m)
    {
        var isMaxout = at.Node.Op is MaxPieces;
        if (maxPoolGradient && !isMaxout)
            return base.Choice(at, Single(at, m));
        var (d, x) = (at.Graph, at.Input);
        return d.Add(isMaxout ? Registry.MaxPiecesPath : Registry.MaxWindowSplit, at.Node.Settings, x.Shape, Single(at, m), d.Value(x.Id),
            d.Reference(x.Id));
    }

    public override Multipliers LogSumExp(Site at, Multipliers m)
    {
        var (z, axis) = (at.Reads(0, "z"), at.Node.Settings.Int("axis"));
        var coming = at.Of(at.Graph.Spread(Single(at, m), axis, z.Shape));
        var share = LogSumSecant.OfSum(at).Share;
        return at.Map(z.MayBeInfinite ? Expr.Steep("Times", coming, share) : coming * share);
    }

    public override Multipliers LogSoftmax(Site at, Multipliers m)
    {
        var secant = LogSumSecant.OfLogs(at);
        var shares = Shares.OfLogs(at, secant);
        var share = shares.Z.Map("Share", "how far a move of {0} moves its log-sum-exp", secant.Share, "SecantShares");
        return Less(at, Single(at, m), share, shares, shares.LeftBySecant(share));
    }

    /// <summary>
    /// Each unit's own quotient, (p - p0) / (z - z0): exp's secant times the move of z - lse over that of z. Near the reference the move of
    /// lse is the sum of what each unit moves it: as a difference of its two values it would be no more than their rounding. Where z moves
    /// by more than the two logarithms are, theirs is the difference that keeps its digits.
    /// </summary>
    public override Multipliers? Softmax(Site at, int input, Multipliers m)
    {
        if (input == 1)
            return null;
        var (z, logs) = (at.Reads(0, "z"), at.Reads(1));
        var secant = LogSumSecant.OfLogs(logs);
        var shares = Shares.OfLogs(logs, secant);
        var (left0, left) = (shares.LeftAtReference(), shares.LeftAtBoth());
        var moves = z.Map("Moves", "what {0} moves its log-sum-exp", secant.Moves, "LogSumExpMoves");
        var (dx, all, others) = (z.Value - z.Reference, at.Of(shares.Sum(moves), "all"), at.Of(shares.SumOfOthers(moves), "others"));
        var (own, less) = (shares.IfMostAtBoth(dx * at.Of(left, "left"), dx), shares.IfMostAtBoth(others, all));
        var moved = at.Of(at.Map("Moved", "how far the logarithms of {0} move",
            Expr.IfPositive(Expr.Abs(own) + Expr.Abs(less) + shares.Log + shares.Log0, shares.Log - shares.Log0, own - less),
            "LogSharesMove"), "moved");
        var p0 = new Site(at.Graph, at.Id, "p").Reference;
        var slope = p0 * Expr.IfPositive(p0 - 0.75, at.Of(left0, "left0"), 1 - p0);
        var quotient = Expr.IfZero(dx, slope, ExpSecant(shares.Log, shares.Log0) * (moved / dx));
        var coming = at.Of(Single(at, m));
        return at.Map(z.MayBeInfinite
            ? Expr.Steep("Times", coming, Expr.Steep("Secant", quotient, z.Value, z.Reference))
            : coming * quotient);
    }

    public override Parts? PartsOf(Site at) => Restarted(at);

    /// <summary>The parts of a difference that has no history: all of it on one side.</summary>
    protected static Parts Restarted(Site at) => at.Graph.AtForward(() =>
        PartsAt(at, Expr.Max(at.Difference, 0), Expr.Min(at.Difference, 0)));

    /// <summary>The two parts of a value's difference, by these formulas.</summary>
    protected static Parts PartsAt(Site at, Expr positive, Expr negative, string? loop = null) =>
        new(at.Map("P", "{0}'s positive part", positive, loop), at.Map("N", "{0}'s negative part", negative, loop));

    /// <summary>
    /// One multiplier of two, where the split restarts: the one of the side on which the whole difference lies.
    /// </summary>
    public override int Single(Site at, Multipliers m) => m.Parted
        ? at.Map("mSingle", "one multiplier of {0}, by the sign of its difference",
            BySign(at.Difference, at.Of(m.Positive, "mP"), at.Of(m.Negative, "mN")))
        : m.Positive;

    /// <summary>a where the difference is positive, b where it is negative, their mean where it is zero.</summary>
    protected static Expr BySign(Expr difference, Expr a, Expr b) =>
        Expr.IfZero(difference, Mean(a, b), Expr.IfPositive(difference, a, b));
}

/// <summary>Rescale, where the multiplier coming back is positive: a comparison of the DeepLIFT authors'.</summary>
internal sealed class GuidedBackpropRescale(bool maxPoolGradient) : Rescale(maxPoolGradient)
{
    public override string Name => nameof(GuidedBackpropRescale);

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m) =>
        Secanted(at, op, m, (coming, moved) => IsArithmetic(at) ? moved : Expr.IfPositive(coming, moved, 0));
}
