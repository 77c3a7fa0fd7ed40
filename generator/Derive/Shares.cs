using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// The shares p = exp(z - lse) of a softmax along an axis. What comes back through a share near 1 is as small as what the others leave of
/// it, which in single precision is lost in 1 - p: here it is the sum of the others, and what was read from that share alone is never taken
/// from itself.
/// </summary>
internal sealed class Shares
{
    // -log(3/4): more than half, and by so much that rounding lets no two shares have it.
    private static readonly Expr most = Math.Log(4.0 / 3);

    private readonly Site sum;
    private readonly bool withReference;

    private Shares(Site z, Site logSumExp, int sum, Expr log, Expr? log0)
    {
        (Z, LogSumExp, Log, Log0) = (z, logSumExp, log, log0 ?? log);
        this.sum = new Site(z.Graph, sum, "lse");
        withReference = log0 is not null;
    }

    /// <summary>What the softmax is of.</summary>
    public Site Z { get; }

    /// <summary>Its log-sum-exp, once for each share.</summary>
    public Site LogSumExp { get; }

    /// <summary>The logarithms of the shares.</summary>
    public Expr Log { get; }

    /// <summary>Those of the reference, where there is one.</summary>
    public Expr Log0 { get; }

    /// <summary>Whether a z may be minus infinity, and its share 0.</summary>
    public bool MayBeZero => Z.MayBeInfinite;

    private Derivation Graph => Z.Graph;

    private int Axis => sum.Node.Settings.Int("axis");

    /// <summary>The shares whose logarithms a core node is.</summary>
    public static Shares OfLogs(Site at, bool withReference)
    {
        var log = new Site(at.Graph, at.Id, "log");
        return new Shares(at.Reads(0, "z"), at.Reads(1, "lse"), LogSumExpOfLogs(at.Graph, at.Id)!.Value, log.Value,
            withReference ? log.Reference : null);
    }

    /// <summary>The shares of z, whose log-sum-exp is <paramref name="spread"/>, and the reference's.</summary>
    public static Shares Of(Site z, Site spread)
    {
        Expr Log(string called, Expr from, Expr sum) =>
            z.Of(z.Graph.AtForward(() => z.Map("Log", "the logarithms of {0}'s shares", from - sum, "LogShares")), called);
        var (log, log0) = (Log("log", z.Value, spread.Value), Log("log0", z.Reference, spread.Reference));
        return new Shares(z, spread, Under(z.Graph, z.Id, spread.Id)!.Value, log, log0);
    }

    /// <summary>
    /// The axis over which a forward node's values are shares whose gradient may be asked for; null for others. Attention's, which a matrix
    /// product reads, are left as they come: what goes back through the values outweighs it.
    /// </summary>
    public static int? AxisOf(Site at) =>
        at.Coming == Taint.None && LogSumExpOf(at.Graph, at.Id) is { } lse && !IsAttention(at.Graph, at.Id)
            ? at.Graph.Forward[lse].Settings.Int("axis")
            : null;

    /// <summary>
    /// Whether a forward node is the logarithms of shares, whose multipliers can go to z at once: nothing that is asked about lies between.
    /// </summary>
    public static bool AreLogs(Site at)
    {
        var d = at.Graph;
        return LogSumExpOfLogs(d, at.Id) is { } lse
            && !d.IsAsked(lse)
            && !d.IsAsked(at.Node.Inputs[1])
            && !Readers(d, at.Id).Any(reader => IsAttention(d, reader));
    }

    /// <summary>Whether nothing reads the logarithms of shares but shares, whose gradients are taken from their mean.</summary>
    public static bool AreLogsOfCentred(Site at)
    {
        var d = at.Graph;
        return !d.IsAsked(at.Id) && Readers(d, at.Id).All(reader => AxisOf(new Site(d, reader)) is not null);
    }

    /// <summary>
    /// Multipliers minus their mean, weighted by the shares: a constant added to all of them changes no gradient, p_k (m_k - sum_j p_j
    /// m_j).
    /// </summary>
    public static int FromTheirMean(Site at, int axis, int m)
    {
        var share = new Site(at.Graph, at.Id, "p").Value;
        var weighted = at.Map("mWeighted", "{0}'s multipliers, weighted by the shares",
            at.MayBeInfinite ? Expr.Steep("Times", at.Of(m), share) : at.Of(m) * share);
        var mean = at.Graph.Add(Registry.SumAxis, Settings.Of(("axis", axis), ("factor", 1)), at.Shape.With(axis, 1), weighted);
        var spread = at.Graph.Spread(at.Said("mMean", "the mean of {0}'s multipliers", mean), axis, at.Shape);
        return at.Map("mCentred", "{0}'s multipliers from their mean", at.Of(m) - at.Of(spread, "mean"));
    }

    /// <summary>One formula for a share near 1, at the reference too, and another for the others.</summary>
    public Expr IfMost(Expr then, Expr otherwise) =>
        Expr.IfPositive((withReference ? Expr.Min(Log, Log0) : Log) + most, then, otherwise);

    /// <summary>The sum along the axis, and the sum without what belongs to a share near 1; each once for each share.</summary>
    public (int All, int Others) Sums(int values)
    {
        var others = Z.Map("Others", "{0} without a share near 1", IfMost(0, Z.Of(values, "v")), "WithoutLargest");
        return (Spread(Sum(values)), Spread(Sum(others)));
    }

    /// <summary>What a share near 1 leaves of 1: for its slope. Once for each share.</summary>
    public int Left() => Spread(Left(Log));

    /// <summary>
    /// What the reference's share near 1 leaves of 1, and what is left by the secant share, which log-sum-exp moves by for a move of z.
    /// </summary>
    public (int Reference, int Secant) LeftBySecant()
    {
        var left0 = Graph.AtForward(() => Left(Log0));
        var left = Expr.Kernel("Shares.Left", sum.Of(Left(Log), "left"), sum.Of(left0, "left0"), sum.Value - sum.Reference);
        return (Spread(left0), Spread(sum.Map("Left", "what a share near 1 leaves of 1, by {0}'s move", left, "LeftBySecant")));
    }

    private int Left(Expr log) =>
        Sum(Z.Map("Rest", "the shares of {0} but one near 1",
            Expr.IfPositive(log + most, 0, new Apply(Functions.Exp, Part.Value, EquatableArray.Of(log))), "OtherShares"));

    private int Sum(int values) => Graph.Add(Registry.SumAxis, Settings.Of(("axis", Axis), ("factor", 1)), sum.Shape, values);

    private int Spread(int value) => Graph.Spread(value, Axis, Z.Shape);

    private static IEnumerable<int> Readers(Derivation d, int node) =>
        Enumerable.Range(0, d.Forward.Count).Where(reader => d.Forward[reader].Inputs.Contains(node));

    private static bool IsAttention(Derivation d, int node) =>
        d.Forward.Any(reader => reader.Op is MatrixProduct && reader.Inputs.Contains(node));

    private static int? LogSumExpOf(Derivation d, int node) => d.Forward[node] switch
    {
        { Op: SoftmaxUnit } unit => Under(d, unit.Inputs[0], unit.Inputs[1]),
        { Function.Type: "global::Whence.Ops.Exp" } share => LogSumExpOfLogs(d, share.Inputs[0]),
        _ => null,
    };

    private static int? LogSumExpOfLogs(Derivation d, int node) =>
        d.Forward[node] is { Op: Combine, Inputs.Count: 2 } logs && logs.Settings.Numbers("weights").SequenceEqual([1, -1])
            ? Under(d, logs.Inputs[0], logs.Inputs[1])
            : null;

    /// <summary>The log-sum-exp of z that is, perhaps spread, at <paramref name="spread"/>.</summary>
    private static int? Under(Derivation d, int z, int spread)
    {
        var lse = d.Forward[spread].Op is SpreadAxis ? d.Forward[spread].Inputs[0] : spread;
        return d.Forward[lse].Op is LogSumExpAxis && d.Forward[lse].Inputs[0] == z ? lse : null;
    }
}
