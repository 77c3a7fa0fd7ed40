namespace Whence;

using System.Numerics;
using Whence.Authoring;

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

    /// <summary>Refuses an answer that is not finite or not complete enough, and hands its sums to the caller.</summary>
    public static void Record<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input, int row, ReadOnlySpan<T> scores,
        in Completeness found)
        where M : struct, IMethod
    {
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
