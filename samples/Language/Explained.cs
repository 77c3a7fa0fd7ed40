using Whence;

namespace Language;

/// <summary>What was said of one section: how likely its next word is, and what each word, and each method, has to do with it.</summary>
internal sealed class Explained
{
    private static readonly double[] alphas = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];

    // The paper's sum: right ends of 50 steps, from embeddings of zeros.
    private static readonly PathOptions paperSteps = new() { Quadrature = Quadrature.Right, Steps = 50 };
    private static readonly ExplainOptions complete = new() { RequireGap = 1e-5, Parts = false };

    private Explained(Section section) => Section = section;

    /// <summary>Asks the network, on the CPU or on a device, about one section.</summary>
    public static Explained Of<TNet>(TNet net, Section section)
        where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork, ITokenNetwork
    {
        var embedded = net.Embed(section.Numbers);
        var next = Target.Unit(section.NextNumber).OfOutput();
        return new(section)
        {
            Along = net.ScoreAlong(embedded, next, alphas),
            IntegratedGradients = net.IntegratedGradients(embedded, next, options: paperSteps),
            GradientTimesInput = net.GradientTimesInput(embedded, next),
            Rescale = net.DeepLift(embedded, next, Rule.Rescale, options: complete),
        };
    }

    public Section Section { get; }

    /// <summary>The next word's probability while all ten embeddings grow from zeros to what they are.</summary>
    public required PathCurve Along { get; init; }

    public required Attribution IntegratedGradients { get; init; }

    public required Attribution GradientTimesInput { get; init; }

    public required Attribution Rescale { get; init; }

    public double Probability => IntegratedGradients.Output;

    public double AtZero => IntegratedGradients.ReferenceOutput ?? 0;

    /// <summary>How far along the path the probability last left the neighbourhood of its final value, a twentieth of its range.</summary>
    public double SettledAt
    {
        get
        {
            var room = (Along.Values.Max() - Along.Values.Min()) / 20;
            var last = Along.Values.Count - 1;
            while (last > 0 && Math.Abs(Along.Values[last - 1] - Along.Values[^1]) <= room)
                last--;
            return Along.Alphas[last];
        }
    }

    /// <summary>The methods, each with its scores summed over a word's embedding.</summary>
    public IReadOnlyList<(string Name, float[] Words, Attribution Why)> Methods =>
    [
        ("integrated gradients", IntegratedGradients.PerToken(), IntegratedGradients),
        ("gradient x input", GradientTimesInput.PerToken(), GradientTimesInput),
        ("DeepLIFT, Rescale", Rescale.PerToken(), Rescale),
    ];
}
