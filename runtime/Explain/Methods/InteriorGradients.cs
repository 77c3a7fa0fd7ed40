namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Interior gradients (arXiv 1611.02639, section 2): the gradients at points of the path, not multiplied by alpha.</summary>
internal readonly struct InteriorGradients(PathPoints points) : IMethod
{
    public Recipe Recipe(Signature net)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new() { Name = "InteriorGradients", Rows = points.Alphas.Length, Compares = true, TakesOneReference = true };
    }

    public void Place(int row, ref RowSpec spec) => spec.Alpha = points.Alphas[row];
}

public static partial class SpanExplainers
{
    /// <summary>
    /// The gradients at points of the path, taken at x0 + alpha (x - x0) and not multiplied by alpha (arXiv 1611.02639, section 2);
    /// scores [count, points, InputSize], sums [count, points] with the target at each point. The points' weights are not used.
    /// </summary>
    public static void InteriorGradients<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        PathPoints points,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new InteriorGradients(points), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// The gradients at points of the path from the reference (alpha = 0) to the input (alpha = 1), not multiplied by alpha
    /// (arXiv 1611.02639, section 2); one explanation for each point, whose Output is the target there.
    /// </summary>
    public static Attributions InteriorGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, Target target,
        ReadOnlySpan<double> alphas, References<float> references = default, ExplainOptions? options = null) =>
        net.InteriorGradients(x, 1, target, alphas, references, options);

    /// <inheritdoc
    /// cref="InteriorGradients(IIntegratedGradientsNetwork, ReadOnlySpan{float}, Target, ReadOnlySpan{double}, References{float},
    /// ExplainOptions)"/>
    public static Attributions InteriorGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        ReadOnlySpan<double> alphas, References<float> references = default, ExplainOptions? options = null) =>
        Explained(net, new InteriorGradients(new(alphas)), x, count, targets, references, options, alphas);
}
