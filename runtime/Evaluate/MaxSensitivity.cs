using System.Numerics;

namespace Whence.Evaluate;

/// <summary>
/// Max-sensitivity (Yeh et al. 2019, arXiv 1901.09392, definition 3.1): how far the scores move, in Euclidean distance, when the input
/// moves by at most a radius in every element; the largest of random moves.
/// </summary>
public static class MaxSensitivity
{
    /// <summary>The largest move of a method's scores; over 50 moves unless told.</summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[count, InputSize].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="targets">What is explained, one for an input.</param>
    /// <param name="explanation">The method.</param>
    /// <param name="radius">How far an element moves at most, in the input's own unit.</param>
    /// <param name="relative">Whether the distance is divided by the length of the scores at the input, as in Captum.</param>
    /// <param name="changes">How many moves, and where the draws begin.</param>
    /// <returns>[count].</returns>
    /// <exception cref="ArgumentException">Lengths, targets or the radius do not fit, or a number is not finite.</exception>
    public static double[] Of<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, Explanation<T> explanation,
        double radius = 0.02, bool relative = false, DrawnChanges? changes = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(explanation);
        if (!(radius > 0 && double.IsFinite(radius)))
            throw new ArgumentOutOfRangeException(nameof(radius), radius,
                FormattableString.Invariant($"The radius is over 0 and finite, but is {radius}."));
        changes ??= DrawnChanges.Default;
        var samples = changes.Count(50);
        var question = new Question<T>(net, x, count, targets, default, null)
        {
            Cancellation = changes.Cancellation, Progress = changes.Progress,
        };
        var elements = (samples + 1L) * question.Size;
        if (elements > Array.MaxLength)
            throw Check.TooLong(elements, nameof(changes), $"The {samples} changed inputs");
        var (rows, scores) = (new T[(samples + 1) * question.Size], new T[(samples + 1) * question.Size]);
        var largest = new double[count];
        for (var input = 0; input < count; input++)
        {
            Move(question, input, radius, changes.Seed, rows);
            changes.Cancellation.ThrowIfCancellationRequested();
            explanation(net, rows, samples + 1, targets.At(input), scores);
            largest[input] = Largest<T>(scores, question.Size) / (relative ? Distance<T>(scores.AsSpan(0, question.Size), default) : 1);
            question.Measured(input);
        }
        return largest;
    }

    /// <summary>The input, and below it the input moved.</summary>
    private static void Move<T>(Question<T> question, int input, double radius, ulong seed, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = question.Size;
        for (var row = 0; row < rows.Length / size; row++)
        {
            var moved = rows.Slice(row * size, size);
            question.Input(input).CopyTo(moved);
            var draws = new Draws(seed, (ulong)row);
            for (var i = 0; row > 0 && i < size; i++)
            {
                var move = radius * (2 * draws.Uniform() - 1);
                moved[i] = question.IsMasked(i) ? moved[i] : T.CreateTruncating(double.CreateTruncating(moved[i]) + move);
            }
        }
    }

    private static double Largest<T>(ReadOnlySpan<T> scores, int size) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var largest = 0.0;
        for (var row = 1; row < scores.Length / size; row++)
            largest = Math.Max(largest, Distance(scores[..size], scores.Slice(row * size, size)));
        return largest;
    }

    private static double Distance<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = double.CreateTruncating(a[i]) - (b.IsEmpty ? 0 : double.CreateTruncating(b[i]));
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}
