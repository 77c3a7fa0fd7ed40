using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// The shares p = exp(z - lse) of a softmax along an axis. What comes back through a share near 1 is as small as what the others leave of it, which in
/// single precision is lost in 1 - p: here it is the sum of the others, and what was read from that share alone is never taken from itself.
/// </summary>
internal sealed class Shares
{
    // -log(3/4): more than half, and by so much that rounding lets no two shares have it.
    private static readonly Expr most = Math.Log(4.0 / 3);

    private static readonly Function exp = new("global::Whence.Ops.Exp", EquatableArray.Of<double>(), true);

    private readonly Derivation d;
    private readonly int z;
    private readonly int lse;

    private Shares(Derivation d, int z, int spread, int lse, params int[] logs)
    {
        (this.d, this.z, this.lse) = (d, z, lse);
        Spread = spread;
        Logs = logs;
    }

    /// <summary>The core node of log-sum-exp, once for each share.</summary>
    public int Spread { get; }

    /// <summary>The logarithms of the shares at x and, where there is a reference, at the reference: what <see cref="IfMost"/> reads.</summary>
    public int[] Logs { get; }

    /// <summary>Whether a z may be minus infinity, and its share 0.</summary>
    public bool MayBeZero => d.Steepness.MayBeInfinite(z);

    private int Axis => d.Forward[lse].Settings.Int("axis");

    /// <summary>The shares whose logarithms a core node is.</summary>
    public static Shares OfLogs(Derivation d, int node, bool withReference)
    {
        var inputs = d.Forward[node].Inputs;
        return new Shares(d, inputs[0], inputs[1], LogSumExpOfLogs(d, node)!.Value, withReference ? [d.Value(node), d.Reference(node)] : [d.Value(node)]);
    }

    /// <summary>The shares of z, whose log-sum-exp is <paramref name="spread"/>, and the reference's.</summary>
    public static Shares Of(Derivation d, int z, int spread)
    {
        int Logs(Func<int, int> at) => d.AtForward(() => d.Map(new Argument(0) - (Expr)new Argument(1), at(z), at(spread)));
        return new Shares(d, z, spread, Under(d, z, spread)!.Value, Logs(d.Value), Logs(d.Reference));
    }

    /// <summary>
    /// The axis over which a forward node's values are shares whose gradient may be asked for; null for others. Attention's, which a matrix product reads,
    /// are left as they come: what goes back through the values outweighs it.
    /// </summary>
    public static int? AxisOf(Derivation d, int node) =>
        d.Steepness.Coming(node) == Taint.None && LogSumExpOf(d, node) is { } lse && !IsAttention(d, node) ? d.Forward[lse].Settings.Int("axis") : null;

    /// <summary>Whether a forward node is the logarithms of shares, whose multipliers can go to z at once: nothing that is asked about lies between.</summary>
    public static bool AreLogs(Derivation d, int node) =>
        LogSumExpOfLogs(d, node) is { } lse && !d.IsAsked(lse) && !d.IsAsked(d.Forward[node].Inputs[1]) && !Readers(d, node).Any(reader => IsAttention(d, reader));

    /// <summary>Whether nothing reads the logarithms of shares but shares, whose gradients are taken from their mean.</summary>
    public static bool AreLogsOfCentred(Derivation d, int node) => !d.IsAsked(node) && Readers(d, node).All(reader => AxisOf(d, reader) is not null);

    /// <summary>Multipliers minus their mean, weighted by the shares: a constant added to all of them changes no gradient, p_k (m_k - sum_j p_j m_j).</summary>
    public static int FromTheirMean(Derivation d, int node, int axis, int m)
    {
        var shape = d.Shape(node);
        var (a, b) = ((Expr)new Argument(0), (Expr)new Argument(1));
        var mean = d.Add(Registry.SumAxis, Settings.Of(("axis", axis), ("factor", 1)), shape.With(axis, 1), d.Map(a * b, m, d.Value(node)));
        return d.Map(a - b, m, d.Spread(mean, axis, shape));
    }

    /// <summary>One expression for a share near 1, at the reference too, and another for the others. <see cref="Logs"/> are arguments from <paramref name="first"/> on.</summary>
    public Expr IfMost(int first, Expr then, Expr otherwise)
    {
        Expr log = new Argument(first);
        return Expr.IfPositive((Logs.Length == 1 ? log : Expr.Min(log, new Argument(first + 1))) + most, then, otherwise);
    }

    /// <summary>The sum along the axis, and the sum without what belongs to a share near 1; each once for each share.</summary>
    public (int All, int Others) Sums(int values) => (Spreaded(Sum(values)), Spreaded(Sum(d.Map(IfMost(1, 0, new Argument(0)), [values, .. Logs]))));

    /// <summary>What a share near 1 leaves of 1: for its slope. Once for each share.</summary>
    public int Left() => Spreaded(Left(0));

    /// <summary>What the reference's share near 1 leaves of 1, and what is left by the secant share, which log-sum-exp moves by for a move of z.</summary>
    public (int Reference, int Secant) LeftBySecant()
    {
        var left0 = d.AtForward(() => Left(1));
        var left = Expr.Kernel("Shares.Left", new Argument(0), new Argument(1), new Argument(2) - (Expr)new Argument(3));
        return (Spreaded(left0), Spreaded(d.Map(left, Left(0), left0, d.Value(lse), d.Reference(lse))));
    }

    private int Left(int at) =>
        Sum(d.Map(Expr.IfPositive(new Argument(0) + most, 0, new Apply(exp, Part.Value, EquatableArray.Of<Expr>(new Argument(0)))), Logs[at]));

    private int Sum(int values) => d.Add(Registry.SumAxis, Settings.Of(("axis", Axis), ("factor", 1)), d.Shape(lse), values);

    private int Spreaded(int value) => d.Spread(value, Axis, d.Shape(z));

    private static IEnumerable<int> Readers(Derivation d, int node) => Enumerable.Range(0, d.Forward.Count).Where(reader => d.Forward[reader].Inputs.Contains(node));

    private static bool IsAttention(Derivation d, int node) => d.Forward.Any(reader => reader.Op is MatrixProduct && reader.Inputs.Contains(node));

    private static int? LogSumExpOf(Derivation d, int node) => d.Forward[node] switch
    {
        { Op: SoftmaxUnit } unit => Under(d, unit.Inputs[0], unit.Inputs[1]),
        { Function.Type: "global::Whence.Ops.Exp" } share => LogSumExpOfLogs(d, share.Inputs[0]),
        _ => null,
    };

    private static int? LogSumExpOfLogs(Derivation d, int node) =>
        d.Forward[node] is { Op: Combine, Inputs.Count: 2 } logs && logs.Settings.Numbers("weights").SequenceEqual([1, -1]) ? Under(d, logs.Inputs[0], logs.Inputs[1]) : null;

    /// <summary>The log-sum-exp of z that is, perhaps spread, at <paramref name="spread"/>.</summary>
    private static int? Under(Derivation d, int z, int spread)
    {
        var lse = d.Forward[spread].Op is SpreadAxis ? d.Forward[spread].Inputs[0] : spread;
        return d.Forward[lse].Op is LogSumExpAxis && d.Forward[lse].Inputs[0] == z ? lse : null;
    }
}
