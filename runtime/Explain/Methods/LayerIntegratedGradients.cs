namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Integrated gradients of a named layer: the path runs between the layer's values at the reference and at the input, while what does
/// not pass the layer sees the input (Captum's LayerIntegratedGradients).
/// </summary>
internal struct LayerIntegratedGradients(string layer, StraightPath path) : IMethod
{
    private StraightPath path = path;

    public Recipe Recipe(Signature net)
    {
        var at = Check.Layer(net, layer, nameof(layer));
        path.Find();
        return new()
        {
            Name = "LayerIntegratedGradients", Rows = path.Points.Alphas.Length, PlacedAt = at, To = at,
            Fold = Fold.WeightedSum, Finish = Finish.TimesDifference, Compares = true, IsComplete = true, Remedy = Remedy.StepsOrLayer,
            Steps = path.Steps, Refines = path.Refines, Quadrature = path.Quadrature,
        };
    }

    public readonly void Place(int row, ref RowSpec spec) => path.Place(row, ref spec);

    public void Refine(int steps) => path.Take(steps);
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Integrated gradients of a named layer: the path runs between the layer's values at the reference and at the input, while what
    /// does not pass the layer sees the input (Captum's LayerIntegratedGradients). Scores [count, the layer's size].
    /// </summary>
    public static void LayerIntegratedGradients<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, ScoreSpans<T> scores, PathOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new LayerIntegratedGradients(layer, new(options)), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Integrated gradients of a named layer, between its values at the reference and at the input (Captum's LayerIntegratedGradients).
    /// </summary>
    public static Attribution LayerIntegratedGradients(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x,
        Target target, References<float> references = default, PathOptions? options = null) =>
        net.LayerIntegratedGradients(layer, x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="LayerIntegratedGradients(IIntegratedGradientsNetwork, string, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions LayerIntegratedGradients(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x,
        int count, Targets targets, References<float> references = default, PathOptions? options = null) =>
        net.Explain(new LayerIntegratedGradients(layer, new(options)), x, count, targets, references, options);
}
