using System.Numerics;

namespace Whence.Evaluate;

/// <summary>
/// Sensitivity-n (Ancona et al. 2018, arXiv 1711.06104, section 4): over random sets of n groups, the correlation of the sum of their
/// scores with what the target loses when they become the reference's. 1 is best.
/// </summary>
public static class SensitivityN
{
    /// <summary>The correlation for sets of n groups; over 100 sets unless told, as in the paper.</summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[count, InputSize].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="contributions">[count, InputSize].</param>
    /// <param name="targets">What was explained, one for an input.</param>
    /// <param name="n">How many groups a set has.</param>
    /// <param name="references">What it was compared with; zeros if not given. One for an input.</param>
    /// <param name="groups">Which elements change as one; null for each by itself.</param>
    /// <param name="changes">How many sets, and where the draws begin.</param>
    /// <returns>[count]: Pearson's correlation; NaN where the sums or the losses are all equal, so that there is none.</returns>
    /// <exception cref="ArgumentException">Lengths, n, groups or targets do not fit, or a number is not finite.</exception>
    public static double[] Of<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> contributions, Targets targets, int n,
        References<T> references = default, FeatureGroups? groups = null,
        DrawnChanges? changes = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        changes ??= DrawnChanges.Default;
        var samples = changes.Count(100);
        var question = new Question<T>(net, x, count, targets, references, groups)
        {
            Cancellation = changes.Cancellation,
            Progress = changes.Progress,
        };
        question.CheckScores(contributions, nameof(contributions));
        if (n < 1 || n > question.Groups)
            throw new ArgumentOutOfRangeException(nameof(n), n, $"A set has 1 to {question.Groups} groups, but n is {n}.");
        var order = new int[question.Groups];
        var correlations = new double[count];
        for (var input = 0; input < count; input++)
        {
            var scores = question.OfGroups(contributions.Slice(input * question.Size, question.Size));
            var lost = new Losses<T>(question, input);
            for (var sample = 0; sample < samples; sample++)
            {
                var draws = new Draws(changes.Seed, (ulong)sample);
                draws.Permute(order);
                var replaced = new bool[question.Groups];
                foreach (var group in order.AsSpan(0, n))
                    replaced[group] = true;
                lost.Add(replaced, Infidelity.SumOver(scores, replaced));
            }
            correlations[input] = Correlation([.. lost.Answer()]);
            question.Measured(input);
        }
        return correlations;
    }

    private static double Correlation((double Expected, double Found)[] pairs)
    {
        var (meanExpected, meanFound) = (pairs.Average(pair => pair.Expected), pairs.Average(pair => pair.Found));
        var (product, square, otherSquare) = (0.0, 0.0, 0.0);
        foreach (var (expected, found) in pairs)
        {
            product += (expected - meanExpected) * (found - meanFound);
            square += (expected - meanExpected) * (expected - meanExpected);
            otherSquare += (found - meanFound) * (found - meanFound);
        }
        return square > 0 && otherSquare > 0 ? product / Math.Sqrt(square) / Math.Sqrt(otherSquare) : double.NaN;
    }
}
