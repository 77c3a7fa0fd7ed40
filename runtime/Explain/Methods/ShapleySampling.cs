namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Shapley values by random orders in which the players join (Castro, Gomez and Tejada 2009): each order's scores sum to the whole
/// change, so their mean does.
/// </summary>
internal struct ShapleySampling(FeatureGroups? groups, SamplingOptions? options) : IMethod
{
    private readonly SamplingOptions options = options ?? SamplingOptions.Default;
    private int players;

    private readonly int Orders => options.Samples ?? 25;

    public Recipe Recipe(Signature net)
    {
        Check.Options(options);
        Check.Groups(net, groups);
        players = groups?.Count ?? net.InputSize;
        return new()
        {
            Name = "ShapleySampling", Pass = null,
            Rows = Check.RowCount(1 + (long)Orders * (players - 1), nameof(options), "ShapleySampling"),
            Fold = Fold.Outcomes, ScoreSize = players, Groups = groups,
            IsMasked = true, Scratch = new(Places: 2 * players), Compares = true, IsComplete = true,
        };
    }

    public readonly void Place(int row, ref RowSpec spec)
    {
    }

    public readonly void Mask(int row, Scratch scratch, Span<bool> present)
    {
        present.Clear();
        if (row == 0)
            return;
        var order = scratch.Places[..players];
        var (which, joined) = Math.DivRem(row - 1, players - 1);
        if (joined == 0)
            new Draws(options.Seed, (ulong)which).Permute(order);
        foreach (var player in order[..(joined + 1)])
            present[player] = true;
    }

    public readonly void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
    {
        // In an order of its own: the next pair's may be under way.
        var order = scratch.Places[players..];
        for (var which = 0; which < Orders; which++)
        {
            new Draws(options.Seed, (ulong)which).Permute(order);
            var before = outcomes[0];
            for (var joined = 0; joined < players; joined++)
            {
                var now = joined == players - 1 ? pair.Output : outcomes[1 + which * (players - 1) + joined];
                scores[order[joined]] += (now - before) / Orders;
                before = now;
            }
        }
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Shapley values over random orders of the groups (Castro, Gomez and Tejada 2009; Captum's ShapleyValueSampling). Complete. Scores
    /// [count, groups], or without groups [count, InputSize].
    /// </summary>
    public static void ShapleySampling<T>(IModel<T> net, FeatureGroups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references,
        ScoreSpans<T> scores, SamplingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new ShapleySampling(groups, options), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>Shapley values over random orders of joining (Castro, Gomez and Tejada 2009), of groups or elements; complete.</summary>
    public static Attribution ShapleySampling(this INetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default,
        FeatureGroups? groups = null, SamplingOptions? options = null) => net.ShapleySampling(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="ShapleySampling(INetwork, ReadOnlySpan{float}, Target, References{float}, FeatureGroups, SamplingOptions)"/>
    public static Attributions ShapleySampling(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default,
        FeatureGroups? groups = null, SamplingOptions? options = null) =>
        net.Explain(new ShapleySampling(groups, options), x, count, targets, references, options);
}
