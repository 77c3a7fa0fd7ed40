using Whence;

namespace Motifs;

/// <summary>A way to explain a batch of sequences for all three tasks, asked of the network on the CPU or on a device.</summary>
internal sealed record Method(string Name, Func<INetwork, float[], int, Target[], Attributions> Explain)
{
    private const int Shuffles = 10;

    private static readonly Shape shape = new(Dna.Alphabet.Length, Dna.Length);
    private static readonly float[] reference = Dna.Reference();
    private static readonly ExplainOptions options = new() { Threads = Environment.ProcessorCount, Parts = false };
    private static readonly ExplainOptions complete = options with { RequireGap = 1e-5 };
    private static readonly PathOptions tenSteps = new() { Steps = 10, Threads = Environment.ProcessorCount };

    /// <summary>
    /// The paper's seven. The reference is the background's frequencies; the last method's are ten shuffles of each sequence.
    /// </summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        Of<IGuidedBackpropNetwork>("guided backprop x input",
            (net, x, count, tasks) => net.GuidedBackpropTimesInput(x, count, Targets.Each(tasks), reference, options)),
        Of<IGradientNetwork>("gradient x input",
            (net, x, count, tasks) => net.GradientTimesInput(x, count, Targets.Each(tasks), reference, options)),
        Of<IIntegratedGradientsNetwork>("IG, 10 midpoints",
            (net, x, count, tasks) => net.IntegratedGradients(x, count, Targets.Each(tasks), reference, tenSteps)),
        DeepLift("Rescale", Rule.Rescale),
        DeepLift("RevealCancel", Rule.RevealCancel),
        DeepLift("genomics", Rule.Genomics),
        Of<IDeepLiftNetwork>("genomics, shuffles", (net, x, count, tasks) => net.DeepLift(x, count, Targets.Each(tasks), Rule.Genomics,
            References.SeveralPerInput(ReferenceRows.DinucleotideShuffled(x, count, shape, Shuffles), Shuffles), complete)),
    ];

    private static Method DeepLift(string name, Rule rule) => Of<IDeepLiftNetwork>(name,
        (net, x, count, tasks) => net.DeepLift(x, count, Targets.Each(tasks), rule, reference, complete));

    private static Method Of<TNet>(string name, Func<TNet, float[], int, Target[], Attributions> explain) where TNet : INetwork =>
        new(name, (net, x, count, tasks) => explain((TNet)net, x, count, tasks));
}
