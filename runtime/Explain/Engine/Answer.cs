namespace Whence;

using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>What is said of the scores of one answer beside the scores.</summary>
internal static unsafe class Answer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The sums of an answer.</summary>
    public static Completeness SumUp(in Recipe recipe, ReadOnlySpan<T> scores, Weighed output, Weighed reference)
    {
        var (sum, magnitude) = Rows.SumUp(scores);
        return new Completeness(output.Value, reference.Value, sum, magnitude, recipe.IsComplete, recipe.Steps, null)
        {
            Rounding = recipe.IsComplete ? Completeness.Places * UnitInTheLastPlace * (output.Size + reference.Size) : 0,
            Remedy = recipe.Remedy,
        };
    }

    // A gap that is smaller is nobody's concern.
    private const double Concern = 1e-4;

    // Where the target moves by less than half of what it is, and the gap is a small part of that, rounding below may have made it.
    private const double Near = 0.5;
    private const double Small = 1.0 / (1 << 8);

    // Of many references a few tell how exact the target is at one.
    private const int MostReferences = 4;

    /// <summary>
    /// The sums of an answer with what rounding below the outputs may have made of the gap, where that may be much of it: looked for only
    /// then, by forward passes of which each number is moved as far as it may be rounded.
    /// </summary>
    private static Completeness Judged(in Job<T> job, int answer, int input, in Completeness found)
    {
        if (!(found.RelativeGap > Concern) || typeof(T) != typeof(float))
            return found;
        var size = found.Rounding / (Completeness.Places * UnitInTheLastPlace);
        var scale = found.Magnitude + Math.Abs(found.Output - found.ReferenceOutput);
        if (scale > Near * size || Math.Abs(found.Gap!.Value) > Small * size)
            return found;
        var (rounding, most) = (Rounding(job, answer, input, job.Input(input)), 0.0);
        for (var r = 0; job.References != null && r < Math.Min(job.Each, MostReferences); r++)
            most = Math.Max(most, Rounding(job, answer, input, job.Reference(input, r)));
        return rounding + most > found.Rounding ? found with { Rounding = rounding + most } : found;
    }

    private static double Rounding(in Job<T> job, int answer, int input, ReadOnlySpan<T> row) => job.Net.FirstFault(new FaultSearch<T>
    {
        X = row, Sought = Sought.Rounding, From = job.From, Seed = job.Seed(answer, input),
    })?.Value ?? 0;

    /// <summary>Refuses an answer that is not finite or not complete enough, and hands its sums to the caller.</summary>
    public static void Record<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input, int row, ReadOnlySpan<T> scores,
        in Completeness said)
        where M : struct, IMethod
    {
        var found = Judged(job, answer, input, said);
        if (!double.IsFinite(found.Output) || recipe.IsComplete && !double.IsFinite(found.ReferenceOutput)
            || !double.IsFinite(found.Magnitude))
            throw Faults<T>.NonFinite(ref method, recipe, job, answer, input, scores, found);
        if (job.RequireGap is { } allowed && found.RelativeGap > allowed)
            throw job.Incomplete(found, allowed, answer, input);
        if (job.Sums != null)
            job.Sum(answer, input, row) = found;
    }

    /// <summary>Of a number around 1.</summary>
    private static double UnitInTheLastPlace => double.CreateTruncating(T.BitIncrement(T.One) - T.One);
}
