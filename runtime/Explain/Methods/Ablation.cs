namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Feature ablation: the target at the input less the target where one group of elements is the reference's.</summary>
internal readonly struct Ablation(FeatureGroups? groups) : IMethod
{
    public Recipe Recipe(Signature net)
    {
        Check.Groups(net, groups);
        var players = groups?.Count ?? net.InputSize;
        return new()
        {
            Name = "Ablation", Pass = null, Rows = players, Fold = Fold.Outcomes, ScoreSize = players, Groups = groups, IsMasked = true,
            Compares = true,
        };
    }

    public void Place(int row, ref RowSpec spec)
    {
    }

    public void Mask(int row, Scratch scratch, Span<bool> present)
    {
        present.Fill(true);
        present[row] = false;
    }

    public void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
    {
        for (var player = 0; player < scores.Length; player++)
            scores[player] += pair.Output - outcomes[player];
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Feature ablation: the target at the input less the target where one group of elements is the reference's; averaged over several
    /// references. Scores [count, groups], or without groups [count, InputSize]: each element by itself.
    /// </summary>
    public static void Ablation<T>(IModel<T> net, FeatureGroups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new Ablation(groups), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Feature ablation: how the target changes when one group of elements, or each element by itself, is the reference's.
    /// </summary>
    public static Attribution Ablation(this INetwork net, ReadOnlySpan<float> x, Target target, References<float> references = default,
        FeatureGroups? groups = null, ExplainOptions? options = null) => net.Ablation(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="Ablation(INetwork, ReadOnlySpan{float}, Target, References{float}, FeatureGroups, ExplainOptions)"/>
    public static Attributions Ablation(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default,
        FeatureGroups? groups = null, ExplainOptions? options = null) =>
        net.Explain(new Ablation(groups), x, count, targets, references, options);
}
