namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Conductance of a named layer's units (arXiv 1805.12233, in the form of 1807.09946): the gradient at the layer, summed over the
/// layer's moves along the path. As in the paper over the whole path, or as Captum sums it.
/// </summary>
internal struct Conductance(string layer, StraightPath path) : IMethod
{
    private readonly bool isWhole = path.ConductanceSum == ConductanceSum.WholePath;
    private StraightPath path = path;

    public Recipe Recipe(Signature net)
    {
        var at = Check.Layer(net, layer, nameof(layer));
        path.Find(between: !isWhole);
        if (isWhole)
            path.Sort();
        return new()
        {
            Name = "Conductance", Rows = path.Points.Alphas.Length, To = at, Fold = isWhole ? Fold.Moves : Fold.MovesBetween,
            Compares = true, IsComplete = true, Remedy = isWhole ? Remedy.StepsOrLayer : Remedy.WholePath,
            Steps = path.Steps, Refines = path.Refines, Quadrature = path.Quadrature,
        };
    }

    public readonly void Place(int row, ref RowSpec spec) => path.Place(row, ref spec);

    public void Refine(int steps) => path.Take(steps, between: !isWhole);
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Conductance of a named layer's units (arXiv 1805.12233, in the form of 1807.09946): the gradient at the layer, summed over the
    /// layer's moves along the path from the reference's values to the input's (<see cref="ConductanceSum"/>). Complete where all paths
    /// to the target pass the layer; else the gap is what passes by it. Scores [count, the layer's size].
    /// </summary>
    public static void Conductance<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, PathOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new Conductance(layer, new(options)), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Conductance of a named layer's units (arXiv 1805.12233): along the path, the gradient at the layer times the layer's moves.
    /// </summary>
    public static Attribution Conductance(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.Conductance(layer, x, 1, target, references, options)[0];

    /// <inheritdoc cref="Conductance(IIntegratedGradientsNetwork, string, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions Conductance(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, int count,
        Targets targets, References<float> references = default, PathOptions? options = null) =>
        net.Explain(new Conductance(layer, new(options)), x, count, targets, references, options);
}
