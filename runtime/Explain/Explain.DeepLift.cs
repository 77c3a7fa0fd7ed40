namespace Whence;

using System.Numerics;

/// <summary>
/// Where DeepLIFT writes; each is [count, InputSize] (or the layer's size), or empty if not wanted, except the contributions.
/// </summary>
public ref struct DeepLiftScores<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What each element of the input adds to the difference of the output from the reference output.</summary>
    public Span<T> Contributions;
    /// <summary>The part of it that the positive part of the element's difference adds: multiplier+ times positive part.</summary>
    public Span<T> Positive;
    /// <summary>The part of it that the negative part of the element's difference adds: multiplier- times negative part.</summary>
    public Span<T> Negative;
    /// <summary>The mean of the multipliers of both parts.</summary>
    public Span<T> Multipliers;
    /// <summary>
    /// For one-hot inputs [channels, ...], what each channel would contribute were it the one present at its position:
    /// the sum over channels c of (1{c = b} - reference c) times multiplier c. An estimate, by the multipliers of the actual input.
    /// </summary>
    public Span<T> Hypothetical;

    /// <summary>Only the contributions.</summary>
    public static implicit operator DeepLiftScores<T>(Span<T> contributions) => new() { Contributions = contributions };

    /// <summary>Only the contributions.</summary>
    public static implicit operator DeepLiftScores<T>(T[] contributions) => new() { Contributions = contributions };
}

public static partial class Explain
{
    /// <summary>
    /// DeepLIFT (arXiv 1704.02685): what each element of the input adds to the target's difference from its value at the reference.
    /// Over several references the contributions (and their parts, and the multipliers) are averaged, as DeepSHAP does.
    /// </summary>
    public static void DeepLift<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, Rule rule, References<T> references,
        DeepLiftScores<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Differences(net, FlowOf(net.Signature, rule, references.Prepared?.Flow), -1, x, count, targets, references, scores, sums, options);
    }

    /// <summary>DeepLIFT's contributions of the units of a named layer.</summary>
    public static void LayerDeepLift<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, Rule rule,
        References<T> references, DeepLiftScores<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        var to = Check.Layer(net.Signature, layer, nameof(layer));
        if (!scores.Hypothetical.IsEmpty)
            throw new ArgumentException($"Hypothetical contributions are of the network's inputs, not of layer {layer}; leave them empty.",
                nameof(scores));
        Differences(net, FlowOf(net.Signature, rule, references.Prepared?.Flow), to, x, count, targets, references, scores, sums, options);
    }

    /// <summary>
    /// Rescale where the multiplier is positive, the DeepLIFT authors' comparison: times (input - reference), not complete.
    /// </summary>
    public static void GuidedBackpropRescale<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        DeepLiftScores<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Differences(net, Flow.GuidedBackpropRescale, -1, x, count, targets, references, scores, sums, options);
    }

    private static void Differences<T>(IWalks<T> net, Flow flow, int to, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, DeepLiftScores<T> scores,
        Span<Completeness> sums, Options? options) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!scores.Hypothetical.IsEmpty)
            RequireChannels(net.Signature);
        new Ask<T>
        {
            Net = net, Score = Score.Contribution, Flow = flow, X = x, Count = count, Targets = targets, References = references, To = to,
            Scores = scores.Contributions, Positive = scores.Positive, Negative = scores.Negative, Multipliers = scores.Multipliers,
            Hypothetical = scores.Hypothetical,
            Sums = sums, Options = options ?? Options.Default,
        }.Answer();
    }

    private static void RequireChannels(Signature signature)
    {
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            if (!signature.Inputs[i].Constant && signature.Inputs[i].Shape.Rank < 2)
                throw new ArgumentException("Hypothetical contributions need one-hot inputs [channels, positions], but "
                    + $"{signature.Inputs[i].Name} is {signature.Inputs[i].Shape}.", "scores");
        }
    }
}
