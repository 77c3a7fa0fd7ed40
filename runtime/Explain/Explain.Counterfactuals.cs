namespace Whence;

using System.Numerics;

public static partial class Explain
{
    /// <summary>
    /// Occlusion (Zeiler and Fergus 2013): the target at the input less the target where what lies under a sliding window is the
    /// reference's; averaged over the windows that cover an element, and over several references. Scores [count, InputSize], 0 in the
    /// inputs that the window does not slide over.
    /// </summary>
    public static void Occlusion<T>(IWalks<T> net, SlidingWindow window, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(window);
        Check.Window(net.Signature, window);
        new Ask<T>
        {
            Net = net, Score = Score.Occlusion, Flow = Flow.Gradient, X = x, Count = count, Targets = targets, References = references,
            Window = window,
            Scores = scores, Sums = sums, Options = options ?? Options.Default,
        }.Answer();
    }

    /// <summary>
    /// Feature ablation: the target at the input less the target where one group of elements is the reference's; averaged over several
    /// references. Scores [count, groups], or without groups [count, InputSize]: each element by itself.
    /// </summary>
    public static void Ablation<T>(IWalks<T> net, Groups? groups, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OfGroups(net, Score.Ablation, groups, x, count, targets, references, scores, sums, options ?? Options.Default, 0, 0);

    /// <summary>
    /// Shapley values by their definition, over every coalition of at most 20 groups: what a group adds to the target, averaged over
    /// all orders in which the reference's groups are replaced by the input's; averaged over several references (interventional
    /// SHAP). Complete. Scores [count, groups], or without groups [count, InputSize].
    /// </summary>
    public static void ShapleyValues<T>(IWalks<T> net, Groups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        var players = groups?.Count ?? net.Signature.InputSize;
        if (players > Coalitions.MostPlayers)
            throw new ArgumentException($"Shapley values over all coalitions take at most {Coalitions.MostPlayers} groups, but there are "
                + $"{players}; join some, or call ShapleySampling or KernelShap.", nameof(groups));
        OfGroups(net, Score.Shapley, groups, x, count, targets, references, scores, sums, options ?? Options.Default, 0, 0);
    }

    /// <summary>
    /// Shapley values over random orders of the groups (Castro, Gomez and Tejada 2009; Captum's ShapleyValueSampling). Complete. Scores
    /// [count, groups], or without groups [count, InputSize].
    /// </summary>
    public static void ShapleySampling<T>(IWalks<T> net, Groups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores,
        Span<Completeness> sums = default, SamplingOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= SamplingOptions.Default;
        OfGroups(net, Score.ShapleySampling, groups, x, count, targets, references, scores, sums, options, options.Samples ?? 25,
            options.Seed);
    }

    /// <summary>
    /// KernelSHAP (arXiv 1705.07874): weighted least squares over coalitions of groups. Where all coalitions are no more than the samples,
    /// exactly Shapley's values. Complete. Scores [count, groups], or without groups [count, InputSize].
    /// </summary>
    public static void KernelShap<T>(IWalks<T> net, Groups? groups, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, SamplingOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        options ??= SamplingOptions.Default;
        var players = groups?.Count ?? net.Signature.InputSize;
        OfGroups(net, Score.KernelShap, groups, x, count, targets, references, scores, sums, options, options.Samples ?? 2 * players + 2048,
            options.Seed);
    }

    /// <summary>
    /// In-silico mutagenesis of a one-hot input: the target where one position has another letter, less the target at the input. Scores
    /// [count, InputSize]: at each position and letter the change, 0 at the letter that is there, and 0 in other inputs.
    /// </summary>
    public static void Mutagenesis<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, MutagenesisOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        options ??= MutagenesisOptions.Default;
        _ = new Mutants(net.Signature, options);
        new Ask<T>
        {
            Net = net, Score = Score.Mutation, Flow = Flow.Gradient, X = x, Count = count, Targets = targets, Scores = scores, Sums = sums,
            Options = options,
        }.Answer();
    }

    private static void OfGroups<T>(IWalks<T> net, Score score, Groups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores, Span<Completeness> sums,
        Options options, int samples, ulong seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Check.Groups(net.Signature, groups);
        new Ask<T>
        {
            Net = net, Score = score, Flow = Flow.Gradient, X = x, Count = count, Targets = targets, References = references,
            Groups = groups, Samples = samples, RandomSeed = seed,
            Scores = scores, Sums = sums, Options = options,
        }.Answer();
    }
}
