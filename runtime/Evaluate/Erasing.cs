using System.Numerics;

namespace Whence.Evaluate;

/// <summary>
/// The erasing experiment of DeepLIFT (arXiv 1704.02685, section 4.1): what a method says speaks for one class and against another is
/// erased, and the better the method, the more the network turns from the one to the other.
/// </summary>
public static class Erasing
{
    /// <summary>The paper's share of a digit of 784 pixels, 20 per cent.</summary>
    public const int MostPixels = 157;

    /// <summary>
    /// Erases at most so many elements with the largest positive differences: those whose difference is above
    /// max(the differences in descending order [most], 0). Of equal ones at that place none is erased.
    /// </summary>
    /// <param name="x">One input.</param>
    /// <param name="differences">As long: the element's score for the class to turn from less that for the class to turn to.</param>
    /// <param name="erased">As long; receives the input with zeros where it is erased.</param>
    /// <param name="most">How many at most.</param>
    /// <exception cref="ArgumentException">The lengths differ, a difference is not a number, or most is negative.</exception>
    public static void Erase<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> differences, Span<T> erased, int most = MostPixels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (differences.Length != x.Length || erased.Length != x.Length)
            throw new ArgumentException($"Each element has one difference and one place, but x has {x.Length} elements, differences "
                + $"{differences.Length} and erased {erased.Length}.", nameof(differences));
        if (Rows.FirstNonFinite(differences) is var at and >= 0)
            throw new ArgumentException($"differences must be finite, but element {at} is {differences[at]}.", nameof(differences));
        var sorted = differences.ToArray();
        Array.Sort(sorted);
        var threshold = most < sorted.Length ? T.Max(sorted[sorted.Length - 1 - most], T.Zero) : T.Zero;
        for (var i = 0; i < x.Length; i++)
            erased[i] = differences[i] <= threshold ? x[i] : T.Zero;
    }

    /// <summary>For each input by how much erasing lowers the logit of one class less that of the other.</summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[count, InputSize].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="differences">[count, InputSize]: the scores for <paramref name="original"/> less those for
    /// <paramref name="other"/>.</param>
    /// <param name="original">The class that the inputs are of.</param>
    /// <param name="other">The class that they are turned to.</param>
    /// <param name="most">How many elements are erased at most.</param>
    /// <param name="cancellation">Ends it between two inputs.</param>
    /// <param name="progress">Is told after each input which share is done, up to 1.</param>
    /// <exception cref="ArgumentException">Lengths or classes do not fit, or a number is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static double[] LogOddsChanges<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> differences, int original,
        int other, int most = MostPixels, CancellationToken cancellation = default, IProgress<double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var question = new Question<T>(net, x, count, Target.Difference(original, other), default, null) { Cancellation = cancellation };
        question.CheckScores(differences, nameof(differences));
        var pair = new T[2 * question.Size];
        var changes = new double[count];
        for (var input = 0; input < count; input++)
        {
            question.Input(input).CopyTo(pair);
            Erase(question.Input(input), differences.Slice(input * question.Size, question.Size), pair.AsSpan(question.Size), most);
            var values = question.Values(input, pair);
            changes[input] = values[0] - values[1];
            progress?.Report((input + 1.0) / count);
        }
        return changes;
    }
}
