namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Internal influence (arXiv 1802.03788): the average over the path of the gradient at a named layer.</summary>
internal struct InternalInfluence(string layer, StraightPath path) : IMethod
{
    private StraightPath path = path;

    public Recipe Recipe(Signature net)
    {
        var at = Check.Layer(net, layer, nameof(layer));
        path.Find();
        return new()
        {
            Name = "InternalInfluence", Rows = path.Points.Alphas.Length, To = at, Fold = Fold.WeightedSum, Compares = true,
            Steps = path.Steps, Refines = path.Refines, Quadrature = path.Quadrature,
        };
    }

    public readonly void Place(int row, ref RowSpec spec) => path.Place(row, ref spec);

    public void Refine(int steps) => path.Take(steps);
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Internal influence (arXiv 1802.03788): the average over the path of the gradient at a named layer. Scores [count, the layer's
    /// size].
    /// </summary>
    public static void InternalInfluence<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, ScoreSpans<T> scores, PathOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new InternalInfluence(layer, new(options)), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>Internal influence (arXiv 1802.03788): the average over the path of the gradient at a named layer.</summary>
    public static Attribution InternalInfluence(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.InternalInfluence(layer, x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="InternalInfluence(IIntegratedGradientsNetwork, string, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions InternalInfluence(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, int count,
        Targets targets, References<float> references = default, PathOptions? options = null) =>
        net.Explain(new InternalInfluence(layer, new(options)), x, count, targets, references, options);
}
