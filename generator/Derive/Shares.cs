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

    private readonly Site log;
    private readonly LogSumSecant? secant;

    private Shares(Site log, LogSumSecant? secant) => (this.log, this.secant) = (log, secant);

    /// <summary>What the softmax is of.</summary>
    public Site Z => log.Reads(0, "z");

    /// <summary>The logarithms of the shares.</summary>
    public Expr Log => log.Value;

    /// <summary>Those of the reference.</summary>
    public Expr Log0 => log.Reference;

    /// <summary>Whether a z may be minus infinity, and its share 0.</summary>
    public bool MayBeZero => Z.MayBeInfinite;

    private Derivation Graph => log.Graph;

    private int Axis => log.Node.Settings.Int("axis");

    /// <summary>
    /// The shares whose logarithms a forward node is; with how log-sum-exp moves from its reference, the reference's too.
    /// </summary>
    public static Shares OfLogs(Site at, LogSumSecant? secant = null) => new(new Site(at.Graph, at.Id, "log"), secant);

    /// <summary>
    /// The axis over which a forward node's values are shares whose gradient may be asked for; null for others. Attention's, which a matrix
    /// product reads, are left as they come: what goes back through the values outweighs it.
    /// </summary>
    public static int? AxisOf(Site at) =>
        at.Coming == Taint.None && LogsOf(at.Graph, at.Id) is { } logs && !IsAttention(at.Graph, at.Id)
            ? at.Graph.Forward[logs].Settings.Int("axis")
            : null;

    /// <summary>Whether the shares whose logarithms a forward node is are attention's.</summary>
    public static bool AreOfAttention(Site at) => Readers(at).Any(reader => IsAttention(at.Graph, reader));

    /// <summary>Whether nothing reads the logarithms of shares but shares, whose gradients are taken from their mean.</summary>
    public static bool AreLogsOfCentred(Site at)
    {
        var d = at.Graph;
        return !d.IsAsked(at.Id) && Readers(at).All(reader => AxisOf(new Site(d, reader)) is not null);
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

    /// <summary>
    /// The shares at x: the forward pass's own, unless it has none, or others in their place where one asks about them.
    /// </summary>
    public int Values()
    {
        var d = Graph;
        foreach (var reader in Readers(log))
        {
            if (d.Forward[reader].Function?.Type == Functions.Exp.Type && d.Forward[reader].Scan == log.Node.Scan && !d.IsAsked(reader))
                return d.Value(reader);
        }
        return Z.Map("Share", "the shares of {0}", new Apply(Functions.Exp, Part.Value, EquatableArray.Of(Log)), "Shares");
    }

    /// <summary>
    /// One formula for a share near 1, and another for the others. With a reference it is the share where log-sum-exp is larger: no other
    /// moves log-sum-exp by nearly as much as itself.
    /// </summary>
    public Expr IfMost(Expr then, Expr otherwise) =>
        Expr.IfPositive((secant is null ? Log : Expr.IfPositive(secant.Spread, Log, Log0)) + most, then, otherwise);

    /// <summary>One formula for a share near 1 at the input and at the reference, and another for the others.</summary>
    public Expr IfMostAtBoth(Expr then, Expr otherwise) => Expr.IfPositive(Expr.Min(Log, Log0) + most, then, otherwise);

    /// <summary>The sum along the axis, once for each share.</summary>
    public int Sum(int values) => Spread(Summed(values));

    /// <summary>The sum without what belongs to a share near 1, once for each share.</summary>
    public int SumOfOthers(int values) =>
        Sum(Z.Map("Others", "{0} without a share near 1", IfMost(0, Z.Of(values, "v")), "WithoutLargest"));

    /// <summary>What a share near 1 leaves of 1: for its slope. Once for each share.</summary>
    public int Left() => Spread(Left(Log));

    /// <summary>What the reference's share near 1 leaves of 1. Once for each share.</summary>
    public int LeftAtReference() => Spread(Graph.AtForward(() => Left(Log0)));

    /// <summary>What a share that is near 1 at the input and at the reference leaves by its secant share. Once for each share.</summary>
    public int LeftAtBoth()
    {
        var left0 = Graph.AtForward(() => Left(Log0));
        var left = Expr.Kernel("Shares.Left", log.Of(Left(Log), "left"), log.Of(left0, "left0"), log.Of(secant!.Move, "move"));
        return Spread(log.Map("Left", "what a share near 1 leaves of 1, by the move of {0}'s sum", left, "LeftBySecant"));
    }

    /// <summary>
    /// What a share near 1 leaves by its secant share, how far its own move moves log-sum-exp. Where it moves far, as the share that comes
    /// to lead does, that is how far its logarithm moves and the others move log-sum-exp, over its own move: both are small, and 1 less the
    /// secant share would be what is left of two large numbers.
    /// </summary>
    public int LeftBySecant(int share)
    {
        var move = Z.Value - Z.Reference;
        var moves = Z.Map("Moves", "what {0} moves its log-sum-exp", MayBeZero ? secant!.Moves : Z.Of(share, "share") * move,
            "MovesByShares");
        var others = Z.Of(SumOfOthers(moves), "others");
        var left = IfMostAtBoth(Z.Of(LeftAtBoth(), "left"),
            Expr.IfPositive(Expr.Abs(move) - 1, (Log - Log0 + others) / move, 1 - Z.Of(share, "share")));
        return Z.Map("Rest", "what a share near 1 of {0} leaves of its move", left, "LeftBySecantShare");
    }

    private int Left(Expr logs) =>
        Summed(Z.Map("Rest", "the shares of {0} but one near 1",
            Expr.IfPositive(logs + most, 0, new Apply(Functions.Exp, Part.Value, EquatableArray.Of(logs))), "OtherShares"));

    private int Summed(int values) =>
        Graph.Add(Registry.SumAxis, Settings.Of(("axis", Axis), ("factor", 1)), Z.Shape.With(Axis, 1), values);

    private int Spread(int value) => Graph.Spread(value, Axis, Z.Shape);

    private static IEnumerable<int> Readers(Site at)
    {
        var (d, node) = (at.Graph, at.Id);
        return Enumerable.Range(0, d.Forward.Count).Where(reader => d.Forward[reader].Inputs.Contains(node));
    }

    private static bool IsAttention(Derivation d, int node) =>
        d.Forward.Any(reader => reader.Op is MatrixProduct && reader.Inputs.Contains(node));

    /// <summary>The logarithms of the shares that a forward node is.</summary>
    private static int? LogsOf(Derivation d, int node)
    {
        var logs = d.Forward[node] switch
        {
            { Op: SoftmaxUnit } unit => unit.Inputs[1],
            { Function: { } function } share when function.Type == Functions.Exp.Type => share.Inputs[0],
            _ => -1,
        };
        return logs >= 0 && d.Forward[logs].Op is LogSoftmaxAxis ? logs : null;
    }
}
