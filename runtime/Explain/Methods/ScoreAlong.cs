namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>The target at points of the path: how soon it saturates (arXiv 1611.02639, section 2.2).</summary>
internal readonly struct ScoreAlong(PathPoints points) : IMethod
{
    public Recipe Recipe(Signature net)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new()
        {
            Name = "ScoreAlong", Pass = null, Rows = points.Alphas.Length, Fold = Fold.Values, Compares = true, TakesOneReference = true,
        };
    }

    public void Place(int row, ref RowSpec spec) => spec.Alpha = points.Alphas[row];
}

public static partial class SpanExplainers
{
    /// <summary>
    /// The target at points of the path, x0 + alpha (x - x0): how soon it saturates (arXiv 1611.02639, section 2.2). Takes forward passes
    /// alone. Values [count, points]; the points' weights are not used.
    /// </summary>
    public static void ScoreAlong<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        PathPoints points,
        Span<T> values, ExplainOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new ScoreAlong(points), x, count, targets, references, values, options);
}

public static partial class Explainers
{
    /// <summary>
    /// The target at points of the path from the reference to the input: how soon it saturates (arXiv 1611.02639, section 2.2).
    /// </summary>
    public static PathCurve ScoreAlong(this INetwork net, ReadOnlySpan<float> x, Target target, ReadOnlySpan<double> alphas,
        References<float> references = default, ExplainOptions? options = null)
    {
        var values = new float[alphas.Length];
        SpanExplainers.ScoreAlong(net, x, 1, target, references, new PathPoints(alphas), values, options);
        return new PathCurve($"score of {target}", alphas.ToArray(), Array.ConvertAll(values, value => (double)value));
    }
}
