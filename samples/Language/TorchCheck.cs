using Whence;

namespace Language;

/// <summary>What PyTorch said in double precision of the first sections, against what the compiled network says.</summary>
internal static class TorchCheck
{
    private const int Width = 200;
    private const int WordCount = 3000;

    /// <summary>
    /// The largest differences, each relative to PyTorch's largest value: probabilities, gradients, integrated gradients.
    /// </summary>
    public static (double Probabilities, double Gradients, double IntegratedGradients) Differences<TNet>(TNet net,
        IReadOnlyList<Section> sections, string path)
        where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork, ITokenNetwork
    {
        using var answers = Weights.Open(path);
        const int count = 2;
        var logits = answers.Values("logits", new Shape(count, WordCount));
        var gradients = answers.Values("gradients", new Shape(count, Section.Length, Width));
        var integrated = answers.Values("integrated_gradients", new Shape(count, Section.Length, Width));
        var (ofProbabilities, ofGradients, ofIntegrated) = (0.0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var explained = Explained.Of(net, sections[i]);
            var next = Target.Unit(sections[i].NextNumber).OfOutput();
            ofProbabilities = Math.Max(ofProbabilities,
                Difference(net.Predict(net.Embed(sections[i].Numbers)), Softmax(logits.AsSpan(i * WordCount, WordCount))));
            ofGradients = Math.Max(ofGradients, Difference(net.Gradient(net.Embed(sections[i].Numbers), next).Scores,
                gradients.AsSpan(i * Section.Length * Width, Section.Length * Width)));
            ofIntegrated = Math.Max(ofIntegrated,
                Difference(explained.IntegratedGradients.Scores, integrated.AsSpan(i * Section.Length * Width, Section.Length * Width)));
        }
        return (ofProbabilities, ofGradients, ofIntegrated);
    }

    private static double[] Softmax(ReadOnlySpan<double> logits)
    {
        var chances = new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
            sum += chances[i] = Math.Exp(logits[i]);
        return Array.ConvertAll(chances, chance => chance / sum);
    }

    private static double Difference(ReadOnlySpan<float> found, ReadOnlySpan<double> expected)
    {
        var (difference, largest) = (0.0, 0.0);
        for (var i = 0; i < found.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(found[i] - expected[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }
        return difference / largest;
    }
}
