namespace Whence.Benchmarks;

/// <summary>The questions that are measured, put to one network about one batch, with the buffers of their answers.</summary>
internal sealed class Asked
{
    public const string IntegratedGradients = "ig50";
    public const string Rescale = "rescale";
    public const string Mutagenesis = "mutagenesis";

    private readonly INetwork net;
    private readonly int batch;
    private readonly float[] inputs;
    private readonly float[] scores;
    private readonly PathOptions steps;
    private readonly MutagenesisOptions letters;

    /// <param name="net">On the CPU or on a device.</param>
    /// <param name="subject">Whose inputs are asked about.</param>
    /// <param name="batch">How many.</param>
    /// <param name="threads">Of the CPU.</param>
    public Asked(INetwork net, Subject subject, int batch, int threads)
    {
        (this.net, this.batch) = (net, batch);
        inputs = subject.Inputs(batch);
        scores = new float[inputs.Length];
        (steps, letters) = (new() { Steps = 50, Threads = threads }, new() { Threads = threads });
    }

    public static IReadOnlyList<string> All { get; } = [IntegratedGradients, Rescale, Mutagenesis];

    /// <summary>The scores of the last question.</summary>
    public ReadOnlySpan<float> Scores => scores;

    /// <summary>Whether a network can be asked: letters are replaced in one-hot sequences alone.</summary>
    public static bool Fits(string network, string question) => question != Mutagenesis || network == Subject.Genomics;

    /// <summary>Asks about the whole batch: from the host's memory to the host's memory, gaps included.</summary>
    public void Ask(string question)
    {
        switch (question)
        {
            case IntegratedGradients:
                SpanExplainers.IntegratedGradients(net, inputs, batch, Target.Unit(0), default, scores, steps);
                break;
            case Rescale:
                SpanExplainers.DeepLift(net, inputs, batch, Target.Unit(0), Rule.Rescale, default, scores,
                    new() { Threads = letters.Threads });
                break;
            default:
                SpanExplainers.Mutagenesis(net, inputs, batch, Target.Unit(0), scores, letters);
                break;
        }
    }
}
