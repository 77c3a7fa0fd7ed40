namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Shapley values by their definition (Shapley 1953): all coalitions but the whole one, each a number whose bits are its players.
/// </summary>
internal readonly struct ShapleyValues(FeatureGroups? groups) : IMethod
{
    /// <summary>The most players: a million coalitions.</summary>
    public const int MostPlayers = 20;

    public Recipe Recipe(Signature net)
    {
        var players = groups?.Count ?? net.InputSize;
        if (players > MostPlayers)
        {
            throw new ArgumentException($"Shapley values over all coalitions take at most {MostPlayers} groups, but there are {players}; "
                + "join some, or call ShapleySampling or KernelShap.", nameof(groups));
        }
        Check.Groups(net, groups);
        return new()
        {
            Name = "ShapleyValues", Pass = null, Rows = (1 << players) - 1, Fold = Fold.Outcomes, ScoreSize = players, Groups = groups,
            IsMasked = true,
            Compares = true, IsComplete = true,
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
        // By how many players a coalition has, (size)! (n - size - 1)! / n!.
        Span<double> weights = stackalloc double[scores.Length];
        weights[0] = 1.0 / scores.Length;
        for (var size = 1; size < scores.Length; size++)
            weights[size] = weights[size - 1] * size / (scores.Length - size);
        var all = outcomes.Length;
        for (var player = 0; player < scores.Length; player++)
        {
            var (bit, sum) = (1 << player, 0.0);
            for (var coalition = 0; coalition <= all; coalition++)
            {
                if ((coalition & bit) != 0)
                    continue;
                var with = coalition | bit;
                sum +=
                    weights[BitOperations.PopCount((uint)coalition)] * ((with == all ? pair.Output : outcomes[with]) - outcomes[coalition]);
            }
            scores[player] += sum;
        }
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Shapley values by their definition, over every coalition of at most 20 groups: what a group adds to the target, averaged over
    /// all orders in which the reference's groups are replaced by the input's; averaged over several references (interventional
    /// SHAP). Complete. Scores [count, groups], or without groups [count, InputSize].
    /// </summary>
    public static void ShapleyValues<T>(IModel<T> net, FeatureGroups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new ShapleyValues(groups), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Shapley values over every coalition of at most 20 groups, or elements: what each adds to the target, averaged over all orders of
    /// joining; complete.
    /// </summary>
    public static Attribution ShapleyValues(this INetwork net, ReadOnlySpan<float> x, Target target, References<float> references = default,
        FeatureGroups? groups = null, ExplainOptions? options = null) => net.ShapleyValues(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="ShapleyValues(INetwork, ReadOnlySpan{float}, Target, References{float}, FeatureGroups, ExplainOptions)"/>
    public static Attributions ShapleyValues(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default,
        FeatureGroups? groups = null, ExplainOptions? options = null) =>
        net.Explain(new ShapleyValues(groups), x, count, targets, references, options);
}
