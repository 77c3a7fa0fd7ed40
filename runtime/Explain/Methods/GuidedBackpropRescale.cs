namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with <c>Methods.GuidedBackpropRescale</c>.</summary>
public interface IGuidedBackpropRescaleNetwork : INetwork;

/// <summary>Rescale where the multiplier is positive, the DeepLIFT authors' comparison: times (input - reference), not complete.</summary>
internal readonly struct GuidedBackpropRescale : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "GuidedBackpropRescale", Pass = Pass.GuidedBackpropRescale, Fold = Fold.Contributions, Compares = true,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Rescale where the multiplier is positive, the DeepLIFT authors' comparison: times (input - reference), not complete.
    /// </summary>
    public static void GuidedBackpropRescale<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        if (!scores.Hypothetical.IsEmpty)
            Check.Channels(net.Signature);
        With(net, new GuidedBackpropRescale(), x, count, targets, references, scores, options);
    }
}

public static partial class Explainers
{
    /// <summary>
    /// Rescale where the multiplier is positive, the DeepLIFT authors' comparison: times (input - reference), not complete.
    /// </summary>
    public static Attribution GuidedBackpropRescale(this IGuidedBackpropRescaleNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default,
        ExplainOptions? options = null) => net.GuidedBackpropRescale(x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="GuidedBackpropRescale(IGuidedBackpropRescaleNetwork, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>
    public static Attributions GuidedBackpropRescale(this IGuidedBackpropRescaleNetwork net, ReadOnlySpan<float> x, int count,
        Targets targets,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Explain(new GuidedBackpropRescale(), x, count, targets, references, options);
}
