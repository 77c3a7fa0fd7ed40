namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with <c>Methods.IntegratedGradients</c>; has gradients too.</summary>
public interface IIntegratedGradientsNetwork : IGradientNetwork;

/// <summary>
/// Integrated gradients (arXiv 1611.02639, 1703.01365): (x - x0) times the average gradient on the straight path from the reference x0
/// (elsewhere "baseline") to the input x.
/// </summary>
internal struct IntegratedGradients(StraightPath path) : IMethod
{
    private StraightPath path = path;

    public Recipe Recipe(Signature net)
    {
        path.Find(mayBeExact: true);
        return new()
        {
            Name = "IntegratedGradients", Rows = path.Points.Alphas.Length, Fold = Fold.WeightedSum, Finish = Finish.TimesDifference,
            Compares = true, IsComplete = true, Remedy = Remedy.Steps,
            Steps = path.Steps, Refines = path.Refines, Quadrature = path.Quadrature,
            IsExact = path.IsExact,
        };
    }

    public readonly void Place(int row, ref RowSpec spec) => path.Place(row, ref spec);

    public void Refine(int steps) => path.Take(steps);
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Integrated gradients (arXiv 1611.02639, 1703.01365): (x - x0) times the average gradient on the straight path from the
    /// reference; averaged over several references. Scores [count, InputSize].
    /// </summary>
    public static void IntegratedGradients<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, PathOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new IntegratedGradients(new(options)), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Integrated gradients (arXiv 1611.02639, 1703.01365): (x - x0) times the average gradient on the straight path from the
    /// reference; averaged over several references.
    /// </summary>
    public static Attribution IntegratedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.IntegratedGradients(x, 1, target, references, options)[0];

    /// <inheritdoc cref="IntegratedGradients(IIntegratedGradientsNetwork, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions IntegratedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, PathOptions? options = null) =>
        net.Explain(new IntegratedGradients(new(options)), x, count, targets, references, options);
}
