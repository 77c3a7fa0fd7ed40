using System.Numerics;
using System.Text.Json.Serialization;

namespace Whence.Evaluate;

/// <summary>How groups are removed; immutable, so one can be shared.</summary>
public sealed record RemovalOptions
{
    /// <summary>How many groups are changed in each step; 100 pixels in arXiv 1611.02639.</summary>
    public int Each { get; init; } = 1;

    /// <summary>How many steps; null until all groups are changed. 50 in arXiv 1611.02639.</summary>
    public int? Steps { get; init; }

    /// <summary>Which elements are changed as one, such as a pixel's channels; null for each by itself.</summary>
    public FeatureGroups? Groups { get; init; }

    /// <summary>Whether groups are ranked by the sum of their elements' absolute scores rather than by the sum of the scores.</summary>
    public bool ByMagnitude { get; init; }

    /// <summary>
    /// Ends the call with an <see cref="OperationCanceledException"/>, between two chunks of rows, as soon as it is cancelled.
    /// </summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told, after every input, which share of the call is done, up to 1.</summary>
    [JsonIgnore]
    public IProgress<double>? Progress { get; init; }
}

/// <summary>The target's value while the strongest groups are changed, step by step, for each input of a batch.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(RemovalCurveConverter))]
public sealed class RemovalCurve
{
    private readonly double[][] values;

    internal RemovalCurve(double[][] values, int[] changed, int groups) => (this.values, Changed, Groups) = (values, changed, groups);

    /// <summary>How many inputs there are.</summary>
    public int Count => values.Length;

    /// <summary>How many groups are changed at each step; the first is 0.</summary>
    public IReadOnlyList<int> Changed { get; }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    /// <summary>The target's values of one input, from before the first step to after the last.</summary>
    public IReadOnlyList<double> Values(int input) => values[input];

    /// <summary>At each step the mean value over the inputs.</summary>
    public double[] Mean() => Each(step => values.Average(curve => curve[step]));

    /// <summary>
    /// The area over the perturbation curve at each step k: the mean over the inputs of the drops f(x0) - f(xi), averaged over the steps i
    /// from 0 to k (Samek et al. 2015, arXiv 1509.06321, equation 12).
    /// </summary>
    public double[] Aopc() => Each(step => values.Average(curve => Aopc(curve, step)));

    /// <summary>One input's <see cref="Aopc()"/>.</summary>
    public double[] Aopc(int input) => Each(step => Aopc(values[input], step));

    /// <summary>
    /// The area under one input's curve over the share of steps, by trapezoids (Petsiuk, Das and Saenko 2018): small is good for deletion,
    /// large for insertion.
    /// </summary>
    public double Area(int input)
    {
        var curve = values[input];
        var area = 0.0;
        for (var step = 1; step < curve.Length; step++)
            area += (curve[step] + curve[step - 1]) / 2 * (Changed[step] - Changed[step - 1]);
        return area / Changed[^1];
    }

    private double[] Each(Func<int, double> at) => [.. Enumerable.Range(0, Changed.Count).Select(at)];

    private static double Aopc(double[] curve, int step)
    {
        var sum = 0.0;
        for (var i = 0; i <= step; i++)
            sum += curve[0] - curve[i];
        return sum / (step + 1);
    }
}

/// <summary>
/// Curves of the target's value while what the scores call important is taken away or put back: pixel ablation as in "Gradients of
/// Counterfactuals" (arXiv 1611.02639, section 2.6, after Samek et al., arXiv 1509.06321), deletion and insertion as in RISE (Petsiuk, Das
/// and Saenko 2018, arXiv 1806.07421). Changed inputs are unlike those that the network was trained on: the curves compare methods on
/// one network and say little by themselves.
/// </summary>
public static class Removal
{
    /// <summary>
    /// From the input towards the reference: the groups with the highest scores become the reference's first; equal ones in their order.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[count, InputSize].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="scores">[count, InputSize].</param>
    /// <param name="targets">What is measured, one for an input; <see cref="Target.OfOutput"/> for a softmax's probability.</param>
    /// <param name="references">What removed elements become; zeros if not given. One for an input.</param>
    /// <param name="options">Steps and groups.</param>
    /// <exception cref="ArgumentException">Lengths, options or targets do not fit, or a number is not finite.</exception>
    public static RemovalCurve Delete<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> scores, Targets targets,
        References<T> references = default, RemovalOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Change(net, x, count, scores, targets, references, options ?? new(), insert: false);

    /// <summary>
    /// From the reference towards the input: the groups with the highest scores become the input's first; equal ones in their order.
    /// </summary>
    /// <inheritdoc cref="Delete"/>
    public static RemovalCurve Insert<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> scores, Targets targets,
        References<T> references = default, RemovalOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Change(net, x, count, scores, targets, references, options ?? new(), insert: true);

    private static RemovalCurve Change<T>(IModel<T> net, ReadOnlySpan<T> x, int count, ReadOnlySpan<T> scores, Targets targets,
        References<T> references, RemovalOptions options, bool insert)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Each < 1 || options.Steps < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Each < 1 ? options.Each : options.Steps,
                $"Each and Steps are at least 1, but are {options.Each} and {options.Steps}.");
        var question = new Question<T>(net, x, count, targets, references, options.Groups)
        {
            Cancellation = options.Cancellation, Progress = options.Progress,
        };
        question.CheckScores(scores, nameof(scores));
        var steps = Math.Min(options.Steps ?? int.MaxValue, (question.Groups - 1) / options.Each + 1);
        int[] changed = [.. Enumerable.Range(0, steps + 1).Select(step => (int)Math.Min((long)step * options.Each, question.Groups))];
        var values = new double[count][];
        for (var input = 0; input < count; input++)
        {
            var strength = question.OfGroups(scores.Slice(input * question.Size, question.Size), options.ByMagnitude);
            int[] order = [.. Enumerable.Range(0, strength.Length).OrderByDescending(group => strength[group])];
            values[input] = Curve(question, input, order, changed, insert);
            question.Measured(input);
        }
        return new RemovalCurve(values, changed, question.Groups);
    }

    private static double[] Curve<T>(Question<T> question, int input, int[] order, int[] changed, bool insert)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = (long)changed.Length * question.Size;
        if (elements > Array.MaxLength)
            throw Check.TooLong(elements, "options", $"The variants of {changed.Length - 1} steps");
        var variants = new T[changed.Length * question.Size];
        var replaced = new bool[order.Length];
        Array.Fill(replaced, insert);
        for (var step = 0; step < changed.Length; step++)
        {
            for (var i = step == 0 ? 0 : changed[step - 1]; i < changed[step]; i++)
                replaced[order[i]] = !insert;
            question.Replace(input, replaced, variants.AsSpan(step * question.Size, question.Size));
        }
        return question.Values(input, variants);
    }
}
