using Whence;

namespace Motifs;

/// <summary>A way to explain a batch of sequences for all three tasks.</summary>
internal sealed record Method(string Name, Func<MotifNet, float[], int, Target[], Attributions> Explain)
{
    private const int Shuffles = 10;

    private static readonly float[] reference = Dna.Reference();
    private static readonly Options options = new() { Threads = Environment.ProcessorCount, Parts = false };
    private static readonly Options complete = options with { RequireGap = 1e-5 };
    private static readonly PathOptions tenSteps = new() { Steps = 10, Threads = Environment.ProcessorCount };

    /// <summary>The paper's seven. The reference is the background's frequencies; the last method's are ten shuffles of each sequence.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("guided backprop x input", (net, x, count, tasks) => net.GuidedBackpropTimesInput(x, count, Targets.Each(tasks), reference, options)),
        new("gradient x input", (net, x, count, tasks) => net.GradientTimesInput(x, count, Targets.Each(tasks), reference, options)),
        new("IG, 10 midpoints", (net, x, count, tasks) => net.IntegratedGradients(x, count, Targets.Each(tasks), reference, tenSteps)),
        new("Rescale", (net, x, count, tasks) => net.DeepLift(x, count, Targets.Each(tasks), Rule.Rescale, reference, complete)),
        new("RevealCancel", (net, x, count, tasks) => net.DeepLift(x, count, Targets.Each(tasks), Rule.RevealCancel, reference, complete)),
        new("genomics", (net, x, count, tasks) => net.DeepLift(x, count, Targets.Each(tasks), Rule.Genomics, reference, complete)),
        new("genomics, shuffles", (net, x, count, tasks) => net.DeepLift(x, count, Targets.Each(tasks), Rule.Genomics, References<float>.SeveralPerInput(Shuffled(x, count), Shuffles), complete)),
    ];

    /// <summary>[count, Shuffles, 4, 200]: shuffles of each one-hot sequence, the same whenever and beside whatever it is explained.</summary>
    private static float[] Shuffled(float[] x, int count)
    {
        var size = x.Length / count;
        var shuffled = new float[Shuffles * x.Length];
        for (var i = 0; i < count; i++)
        {
            var letters = Letters(x.AsSpan(i * size, size));
            var random = new Random(1);
            for (var shuffle = 0; shuffle < Shuffles; shuffle++)
            {
                var row = shuffled.AsSpan((i * Shuffles + shuffle) * size, size);
                var other = Shuffle.Dinucleotides(letters, random);
                for (var position = 0; position < other.Length; position++)
                    row[other[position] * other.Length + position] = 1;
            }
        }
        return shuffled;
    }

    private static int[] Letters(ReadOnlySpan<float> oneHot)
    {
        var letters = new int[Dna.Length];
        for (var element = 0; element < oneHot.Length; element++)
        {
            if (oneHot[element] == 1)
                letters[element % Dna.Length] = element / Dna.Length;
        }
        return letters;
    }
}
