namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Shapley's interaction index of pairs (Grabisch and Roubens 1999), over all coalitions but the whole one, each a number whose bits are
/// its players.
/// </summary>
internal readonly struct ShapleyInteractions(FeatureGroups? groups) : IMethod
{
    public Recipe Recipe(Signature net)
    {
        var players = groups?.Count ?? net.InputSize;
        if (players > ShapleyValues.MostPlayers)
        {
            throw new ArgumentException("Shapley interactions over all coalitions take at most "
                + $"{ShapleyValues.MostPlayers} groups, but there are {players}; join some.", nameof(groups));
        }
        Check.Groups(net, groups);
        return new()
        {
            Name = "ShapleyInteractions", Pass = null, Rows = (1 << players) - 1, Fold = Fold.Outcomes, ScoreSize = players * players,
            ScoreColumns = players, Groups = groups, IsMasked = true, Compares = true, IsComplete = true,
        };
    }

    public void Place(int row, ref RowSpec spec)
    {
    }

    public void Mask(int row, Scratch scratch, Span<bool> present)
    {
        for (var player = 0; player < present.Length; player++)
            present[player] = (row >> player & 1) != 0;
    }

    public void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
    {
        var players = BitOperations.Log2((uint)outcomes.Length + 1);
        Span<double> values = stackalloc double[players];
        Span<double> halves = stackalloc double[players * players];
        halves.Clear();
        Values(outcomes, pair.Output, values);
        for (var one = 0; one < players; one++)
        {
            for (var other = 0; other < one; other++)
                halves[one * players + other] = halves[other * players + one] = Index(outcomes, pair.Output, players, one, other) / 2;
        }
        for (var one = 0; one < players; one++)
        {
            var alone = values[one];
            for (var other = 0; other < players; other++)
                alone -= other == one ? 0 : halves[one * players + other];
            for (var other = 0; other < players; other++)
                scores[one * players + other] += other == one ? alone : halves[one * players + other];
        }
    }

    /// <summary>The players' Shapley values, of the same coalitions.</summary>
    private void Values(ReadOnlySpan<double> outcomes, double whole, Span<double> values)
    {
        values.Clear();
        new ShapleyValues(groups).Finish(new Pair(whole, 0, 0), outcomes, default, values);
    }

    /// <summary>
    /// Over the coalitions S without the two, the sum of s! (n - s - 2)! / (n - 1)! times f(S, i, j) - f(S, i) - f(S, j) + f(S).
    /// </summary>
    private static double Index(ReadOnlySpan<double> outcomes, double whole, int players, int one, int other)
    {
        Span<double> weights = stackalloc double[players - 1];
        weights[0] = 1.0 / (players - 1);
        for (var size = 1; size < weights.Length; size++)
            weights[size] = weights[size - 1] * size / (players - 1 - size);
        var (i, j, sum) = (1 << one, 1 << other, 0.0);
        for (var coalition = 0; coalition < outcomes.Length; coalition++)
        {
            if ((coalition & (i | j)) != 0)
                continue;
            var both = coalition | i | j;
            sum += weights[BitOperations.PopCount((uint)coalition)]
                * ((both == outcomes.Length ? whole : outcomes[both]) - outcomes[coalition | i] - outcomes[coalition | j]
                    + outcomes[coalition]);
        }
        return sum;
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Shapley's interaction index of pairs of at most 20 groups (Grabisch and Roubens 1999), over every coalition; averaged over several
    /// references. Scores [count, groups, groups], without groups [count, InputSize, InputSize], as SHAP lays them out: each of a pair's
    /// two places has half of its index, the diagonal what a group's Shapley value has beside its halves, so that rows sum to Shapley
    /// values and all to the target's difference. Complete.
    /// </summary>
    public static void ShapleyInteractions<T>(IModel<T> net, FeatureGroups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new ShapleyInteractions(groups), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// What pairs of at most 20 groups, or elements, add to the target only together (Grabisch and Roubens 1999): a matrix whose diagonal
    /// is what each adds alone, and whose rows sum to Shapley values; complete.
    /// </summary>
    public static Attribution ShapleyInteractions(this INetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default,
        FeatureGroups? groups = null, ExplainOptions? options = null) => net.ShapleyInteractions(x, 1, target, references, groups,
            options)[0];

    /// <inheritdoc cref="ShapleyInteractions(INetwork, ReadOnlySpan{float}, Target, References{float}, FeatureGroups, ExplainOptions)"/>
    public static Attributions ShapleyInteractions(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default,
        FeatureGroups? groups = null, ExplainOptions? options = null) =>
        net.Explain(new ShapleyInteractions(groups), x, count, targets, references, options);
}
