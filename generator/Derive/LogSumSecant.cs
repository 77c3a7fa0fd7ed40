using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>
/// How far log-sum-exp moves from its reference, and how far a move of each z moves it. Both are written in the logarithms of the shares,
/// which are as exact for large z as for small; log-sum-exp itself is rounded as the largest z is.
/// </summary>
internal sealed class LogSumSecant
{
    private readonly Site z;
    private readonly Expr log;
    private readonly Expr log0;

    private LogSumSecant(Site z, int axis, int log, int log0)
    {
        (this.z, this.log, this.log0) = (z, z.Of(log, "log"), z.Of(log0, "log0"));
        var (d, one) = (z.Graph, z.Shape.With(axis, 1));
        Move = d.AtForward(() =>
        {
            Expr Largest(int values, string called) => z.Of(d.Add(Registry.MaxAxis, Settings.Of(("axis", axis)), one, values), called);
            Expr Sum(int values, string called) => z.Of(d.Add(Registry.LogSumExpAxis, Settings.Of(("axis", axis)), one, values), called);
            // What a log-sum-exp is above the largest z is what the largest share's logarithm is below 0.
            var move = Largest(d.Value(z.Id), "top") - Largest(d.Reference(z.Id), "top0") - (Largest(log, "most") - Largest(log0, "most0"));
            if (z.MayBeInfinite && Sum(d.Value(z.Id), "lse") - Sum(d.Reference(z.Id), "lse0") is var whole)
                move = Expr.IfZero(whole - whole, move, whole);
            return z.Map("LseMove", "how far the log-sum-exp of {0} moves", move, "LogSumExpMove");
        });
        var spread = d.AtForward(() => d.Spread(Move, axis, z.Shape));
        Spread = z.Of(spread == Move ? Move : z.Said("LseMove", "how far the log-sum-exp of {0} moves, once for each", spread), "move");
    }

    /// <summary>How far log-sum-exp moves: kept along the axis with size 1.</summary>
    public int Move { get; }

    /// <summary>The same, once for each z.</summary>
    public Expr Spread { get; }

    /// <summary>
    /// How far log-sum-exp moves for a move of each z: the secants of exp and of log, both taken relative to the larger of the two results,
    /// so that nothing overflows and nothing cancels: log's is 1 over exp's between -|lse - lse0| and 0.
    /// </summary>
    public Expr Share => z.MayBeInfinite ? Expr.Steep("Secant", Unguarded, z.Value, z.Reference) : Unguarded;

    /// <summary>How far each z moves log-sum-exp: what they move it together is <see cref="Move"/>.</summary>
    public Expr Moves
    {
        get
        {
            var dx = z.Value - z.Reference;
            return z.MayBeInfinite
                ? Expr.IfZero(dx - dx, Unguarded * dx, LogSecant * (Method.Exp(Below) - Method.Exp(Below0)))
                : Unguarded * dx;
        }
    }

    private Expr Unguarded => Method.ExpSecant(Below, Below0) * LogSecant;

    // z and z0, less the larger of the two log-sum-exps.
    private Expr Below => log + Expr.Min(Spread, 0);

    private Expr Below0 => log0 - Expr.Max(Spread, 0);

    private Expr LogSecant => 1 / Method.ExpSecant(Expr.Negate(Expr.Abs(Spread)), 0);

    /// <summary>Of the forward node that is the logarithms of shares.</summary>
    public static LogSumSecant OfLogs(Site at) =>
        new(at.Reads(0, "z"), at.Node.Settings.Int("axis"), at.Graph.Value(at.Id), at.Graph.Reference(at.Id));

    /// <summary>Of the forward node that is log-sum-exp.</summary>
    public static LogSumSecant OfSum(Site at)
    {
        var (d, z, axis) = (at.Graph, at.Reads(0, "z"), at.Node.Settings.Int("axis"));
        int Logs(int values) => d.AtForward(() => d.Add(Registry.LogSoftmaxAxis, LogSoftmaxAxis.Along(axis), z.Shape, values));
        return new LogSumSecant(z, axis, Logs(d.Value(z.Id)), Logs(d.Reference(z.Id)));
    }
}
