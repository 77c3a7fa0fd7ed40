using System.Numerics;
using System.Text.Json.Serialization;

namespace Whence.Evaluate;

/// <summary>
/// The random changes of <see cref="Infidelity"/>, <see cref="SensitivityN"/> and <see cref="MaxSensitivity"/>; every input gets the same
/// draws.
/// </summary>
public sealed record DrawnChanges
{
    internal static readonly DrawnChanges Default = new();

    /// <summary>How many changes are drawn for an input; null for the measure's own number.</summary>
    public int? Samples { get; init; }

    /// <summary>Where the draws begin: the same seed gives the same bits on every platform.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Ends the call with an <see cref="OperationCanceledException"/>, between two chunks of rows, as soon as it is cancelled.
    /// </summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told, after every input, which share of the call is done, up to 1.</summary>
    [JsonIgnore]
    public IProgress<double>? Progress { get; init; }

    internal int Count(int own) => Samples is null or > 0 and <= Check.MostRows
        ? Samples ?? own
        : throw new ArgumentOutOfRangeException(nameof(Samples), Samples,
            $"At least 1 change and at most {Check.MostRows} are drawn, but Samples is {Samples}.");
}

/// <summary>
/// Infidelity (Yeh et al. 2019, arXiv 1901.09392, definition 2.1): the mean over random changes I of the input of
/// (I . scores - (f(x) - f(x - I)))^2. Zero for scores that foretell every change; in the square of the target's unit.
/// </summary>
public static class Infidelity
{
    /// <summary>
    /// Infidelity of contributions, scores that already hold the factor (input - reference): each change makes a random half of the groups
    /// the reference's, and the sum of those groups' scores should be what is lost. 1000 changes unless told.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[count, InputSize].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="contributions">[count, InputSize].</param>
    /// <param name="targets">What was explained, one for an input.</param>
    /// <param name="references">What it was compared with; zeros if not given. One for an input.</param>
    /// <param name="groups">Which elements change as one; null for each by itself.</param>
    /// <param name="changes">How many changes, and where the draws begin.</param>
    /// <returns>[count].</returns>
    /// <exception cref="ArgumentException">Lengths, groups or targets do not fit, or a number is not finite.</exception>
    public static double[] OfContributions<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> contributions, Targets targets,
        References<T> references = default, FeatureGroups? groups = null,
        DrawnChanges? changes = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        changes ??= DrawnChanges.Default;
        var samples = changes.Count(1000);
        var question = new Question<T>(net, x, count, targets, references, groups)
        {
            Cancellation = changes.Cancellation,
            Progress = changes.Progress,
        };
        question.CheckScores(contributions, nameof(contributions));
        var replaced = new bool[question.Groups];
        var means = new double[count];
        for (var input = 0; input < count; input++)
        {
            var scores = question.OfGroups(contributions.Slice(input * question.Size, question.Size));
            var lost = new Losses<T>(question, input);
            for (var sample = 0; sample < samples; sample++)
            {
                var draws = new Draws(changes.Seed, (ulong)sample);
                foreach (ref var group in replaced.AsSpan())
                    group = (draws.Next() & 1) == 1;
                lost.Add(replaced, SumOver(scores, replaced));
            }
            means[input] = lost.MeanSquare();
            question.Measured(input);
        }
        return means;
    }

    /// <summary>
    /// Infidelity of multipliers, scores without that factor such as a gradient: each change takes normal noise from every element of the
    /// input. 1000 changes unless told.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[count, InputSize].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="multipliers">[count, InputSize].</param>
    /// <param name="targets">What was explained, one for an input.</param>
    /// <param name="deviation">The noise's standard deviation, in the input's own unit.</param>
    /// <param name="changes">How many changes, and where the draws begin.</param>
    /// <returns>[count].</returns>
    /// <exception cref="ArgumentException">Lengths, targets or the deviation do not fit, or a number is not finite.</exception>
    public static double[] OfMultipliers<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> multipliers, Targets targets,
        double deviation, DrawnChanges? changes = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(deviation > 0 && double.IsFinite(deviation)))
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation,
                FormattableString.Invariant($"The deviation is over 0 and finite, but is {deviation}."));
        changes ??= DrawnChanges.Default;
        var samples = changes.Count(1000);
        var question = new Question<T>(net, x, count, targets, default, null)
        {
            Cancellation = changes.Cancellation, Progress = changes.Progress,
        };
        question.CheckScores(multipliers, nameof(multipliers));
        var means = new double[count];
        for (var input = 0; input < count; input++)
        {
            var scores = multipliers.Slice(input * question.Size, question.Size);
            var lost = new Losses<T>(question, input);
            for (var sample = 0; sample < samples; sample++)
            {
                var draws = new Draws(changes.Seed, (ulong)sample);
                var row = lost.Next();
                var expected = 0.0;
                for (var i = 0; i < row.Length; i++)
                {
                    var before = row[i];
                    row[i] = T.CreateTruncating(double.CreateTruncating(before) - deviation * draws.Normal());
                    // What was really taken away, after rounding and but for what is held fixed.
                    if (question.IsMasked(i))
                        row[i] = before;
                    expected += double.CreateTruncating(scores[i]) * (double.CreateTruncating(before) - double.CreateTruncating(row[i]));
                }
                lost.Expect(expected);
            }
            means[input] = lost.MeanSquare();
            question.Measured(input);
        }
        return means;
    }

    internal static double SumOver(double[] scores, bool[] chosen)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
            sum += chosen[i] ? scores[i] : 0;
        return sum;
    }
}

/// <summary>What an input loses by changes, asked of the network many at a time, beside what was expected.</summary>
internal sealed class Losses<T>(Question<T> question, int input) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Most = 256;

    private readonly double whole = question.Values(input, question.Input(input))[0];
    private readonly List<double> expected = [];
    private readonly List<double> found = [];
    private readonly T[] rows = new T[Most * question.Size];
    private int filled;

    /// <summary>Adds the change in which these groups become the reference's.</summary>
    public void Add(ReadOnlySpan<bool> replaced, double loss)
    {
        question.Replace(input, replaced, Next());
        Expect(loss);
    }

    /// <summary>A copy of the input to be changed before <see cref="Expect"/>.</summary>
    public Span<T> Next()
    {
        if (filled == Most)
            Flush();
        var row = rows.AsSpan(filled++ * question.Size, question.Size);
        question.Input(input).CopyTo(row);
        return row;
    }

    public void Expect(double loss) => expected.Add(loss);

    public IEnumerable<(double Expected, double Found)> Answer()
    {
        Flush();
        return expected.Zip(found);
    }

    public double MeanSquare() => Answer().Average(pair => (pair.Expected - pair.Found) * (pair.Expected - pair.Found));

    private void Flush()
    {
        foreach (var value in question.Values(input, rows.AsSpan(0, filled * question.Size)))
            found.Add(whole - value);
        filled = 0;
    }
}
