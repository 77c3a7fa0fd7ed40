using Whence;

namespace Digits;

/// <summary>A method of the erasing experiment.</summary>
/// <param name="Name">As the tables call it.</param>
/// <param name="Tier">Its place in the order that the paper reports, from 0; methods of one tier are not told apart there.</param>
/// <param name="Net">The network that is asked.</param>
/// <param name="Explain">Its scores.</param>
internal sealed record Scored(string Name, int Tier, INetwork Net, Explanation<float> Explain)
{
    private static readonly ExplainOptions options = new() { Threads = Environment.ProcessorCount, Parts = false };

    /// <summary>The tiers' names, from the one that should change the log-odds the most.</summary>
    public static readonly string[] Tiers = ["RevealCancel", "mixtures", "Rescale, IG, grad x input", "guided backprop", "|gradient|"];

    /// <summary>The paper's methods, the zero image as reference, in the order expected.</summary>
    public static IReadOnlyList<Scored> All(string weights)
    {
        var net = DigitNet.Load(weights);
        return
        [
            new("RevealCancel", 0, net, RevealCancel),
            new("Rescale on conv1", 1, RescaleOnConv1.Load(weights), RevealCancel),
            new("Rescale on conv2", 1, RescaleOnConv2.Load(weights), RevealCancel),
            new("Rescale on conv1, conv2", 1, net, static (net, x, count, targets, scores) =>
                Whence.SpanExplainers.DeepLift(net, x, count, targets, Rule.Genomics, default, scores, options)),
            new("Rescale on fc1", 1, RescaleOnFc1.Load(weights), RevealCancel),
            new("Rescale", 2, net, static (net, x, count, targets, scores) =>
                Whence.SpanExplainers.DeepLift(net, x, count, targets, Rule.Rescale, default, scores, options)),
            new("Integrated gradients, 10", 2, net,
                static (net, x, count, targets, scores) => Integrated(net, x, count, targets, scores, 10)),
            new("Integrated gradients, 5", 2, net,
                static (net, x, count, targets, scores) => Integrated(net, x, count, targets, scores, 5)),
            new("Gradient x input", 2, net, static (net, x, count, targets, scores) =>
                Whence.SpanExplainers.GradientTimesInput(net, x, count, targets, default, scores, options)),
            new("Guided backprop x input", 3, net, static (net, x, count, targets, scores) =>
                Whence.SpanExplainers.GuidedBackpropTimesInput(net, x, count, targets, default, scores, options)),
            new("Guided backprop", 3, net, GuidedBackprop),
            new("|Gradient|", 4, net, AbsoluteGradient),
        ];
    }

    /// <summary>The scores for one class less those for another, [count, 784].</summary>
    public float[] Differences(float[] images, int count, int original, int other)
    {
        var scores = new float[2 * images.Length];
        Explain(Net, images, count, Targets.Each([Target.Unit(original), Target.Unit(other)]), scores);
        var differences = new float[images.Length];
        for (var i = 0; i < differences.Length; i++)
            differences[i] = scores[i] - scores[images.Length + i];
        return differences;
    }

    private static void RevealCancel(IModel<float> net, ReadOnlySpan<float> x, int count, Targets targets, Span<float> scores) =>
        Whence.SpanExplainers.DeepLift(net, x, count, targets, Rule.RevealCancel, default, scores, options);

    private static void Integrated(IModel<float> net, ReadOnlySpan<float> x, int count, Targets targets, Span<float> scores, int steps) =>
        Whence.SpanExplainers.IntegratedGradients(net, x, count, targets, default, scores,
            new PathOptions { Steps = steps, Threads = options.Threads });

    private static void GuidedBackprop(IModel<float> net, ReadOnlySpan<float> x, int count, Targets targets, Span<float> scores)
    {
        Whence.SpanExplainers.GuidedBackprop(net, x, count, targets, scores, options);
        Mask(x, scores);
    }

    private static void AbsoluteGradient(IModel<float> net, ReadOnlySpan<float> x, int count, Targets targets, Span<float> scores)
    {
        Whence.SpanExplainers.Gradient(net, x, count, targets, scores, options);
        foreach (ref var score in scores)
            score = Math.Abs(score);
        Mask(x, scores);
    }

    // Erasing a black pixel changes nothing, so methods that do not know of black are spared it, as in the authors' notebook.
    private static void Mask(ReadOnlySpan<float> x, Span<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = x[i % x.Length] == 0 ? 0 : scores[i];
    }
}
