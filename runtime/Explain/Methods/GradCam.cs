namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Grad-CAM (arXiv 1610.02391) at a named layer [channels, ...]: each channel's mean gradient times its values, summed over channels.
/// </summary>
internal readonly struct GradCam(string layer, bool relu) : IMethod
{
    public Recipe Recipe(Signature net)
    {
        var to = Check.Layer(net, layer, nameof(layer));
        var point = net.Points[to];
        return new()
        {
            Name = "GradCam", To = to, Finish = relu ? Finish.PositiveChannelMeans : Finish.ChannelMeans,
            ScoreSize = Sizes.Of(point.ScoreShape) / point.ScoreShape[0],
        };
    }

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Grad-CAM (arXiv 1610.02391) at a named layer [channels, ...]: each channel's mean gradient times its values, summed over
    /// channels; scores [count, positions]. With relu negative ones become 0, as in the paper.
    /// </summary>
    public static void GradCam<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        ExplainOptions? options = null, bool relu = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new GradCam(layer, relu), x, count, targets, default, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Grad-CAM (arXiv 1610.02391) at a named layer [channels, ...]: each channel's mean gradient times its values, summed over channels;
    /// with relu negative ones become 0, as in the paper.
    /// </summary>
    public static Attribution GradCam(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, Target target, bool relu = false,
        ExplainOptions? options = null) => net.GradCam(layer, x, 1, target, relu, options)[0];

    /// <inheritdoc cref="GradCam(IGradientNetwork, string, ReadOnlySpan{float}, Target, bool, ExplainOptions)"/>
    public static Attributions GradCam(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets,
        bool relu = false,
        ExplainOptions? options = null) => net.Explain(new GradCam(layer, relu), x, count, targets, default, options);
}
