namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Expected gradients (Erion et al., arXiv 1906.10670): over draws of a reference and of a point on its path, the mean of (x - x0) times
/// the gradient there. Each input has the same draws.
/// </summary>
/// <param name="options">How many draws, and where they begin.</param>
/// <param name="references">How many references an input has.</param>
internal readonly struct ExpectedGradients(SamplingOptions? options, int references) : IMethod
{
    private readonly SamplingOptions options = options ?? SamplingOptions.Default;

    private int Draws => options.Samples ?? 200;

    public Recipe Recipe(Signature net)
    {
        Check.Options(options);
        return new()
        {
            Name = "ExpectedGradients", Rows = Draws, PerInput = true, Fold = Fold.Contributions, Compares = true, IsComplete = true,
            Steps = Draws,
            Remedy = Remedy.Samples,
        };
    }

    public void Place(int row, ref RowSpec spec)
    {
        var draws = new Draws(options.Seed, (ulong)row);
        spec.Reference = draws.Below(references);
        spec.Alpha = draws.Uniform();
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Expected gradients (Erion et al., arXiv 1906.10670): over random references and random points on their paths, the mean of (x - x0)
    /// times the gradient there; every input has the same draws. Complete in expectation, so the gap is the error of the draws. Scores
    /// [count, InputSize].
    /// </summary>
    public static void ExpectedGradients<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, SamplingOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new ExpectedGradients(options, references.IsGiven ? references.Each : 1), x, count, targets, references, scores,
            options);
}

public static partial class Explainers
{
    /// <summary>
    /// Expected gradients (Erion et al., arXiv 1906.10670): over random references and random points on their paths, the mean of (x - x0)
    /// times the gradient there; complete in expectation, so the gap is the error of the draws.
    /// </summary>
    public static Attribution ExpectedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references,
        SamplingOptions? options = null) => net.ExpectedGradients(x, 1, target, references, options)[0];

    /// <inheritdoc cref="ExpectedGradients(IIntegratedGradientsNetwork, ReadOnlySpan{float}, Target, References{float}, SamplingOptions)"/>
    public static Attributions ExpectedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references, SamplingOptions? options = null) =>
        net.Explain(new ExpectedGradients(options, references.IsGiven ? references.Each : 1), x, count, targets, references, options);
}
