namespace Whence.Extensions;

/// <summary>
/// A way to explain a batch of rows, one explanation each: any method of a network that returns <see cref="Attributions"/>.
/// </summary>
/// <param name="net">The network.</param>
/// <param name="x">[count, InputSize].</param>
/// <param name="count">How many rows.</param>
/// <param name="targets">One target a row.</param>
/// <param name="references">What <see cref="NetworkOptions{TNet}.Reference"/> says; zeros without it.</param>
/// <param name="options">The options to pass on; they carry the caller's cancellation.</param>
public delegate Attributions ExplanationMethod<in TNet>(TNet net, ReadOnlySpan<float> x, int count, Targets targets,
    References<float> references, PathOptions options);

/// <summary>How a service answers by a network. They are checked when the host starts.</summary>
public sealed class NetworkOptions<TNet> where TNet : class, INetwork
{
    /// <summary>The safetensors file of the weights. A path that is not rooted is one beside the program.</summary>
    public string? WeightsPath { get; set; }

    /// <summary>
    /// Weights from elsewhere than a file, as <c>() => Weights.Embedded(assembly, "net.safetensors")</c>, in place of
    /// <see cref="WeightsPath"/>; they are disposed of after loading.
    /// </summary>
    public Func<Weights>? OpenWeights { get; set; }

    /// <summary>
    /// The method by which rows are explained, for which the network must have been compiled: Rescale, RevealCancel, Genomics (DeepLIFT by
    /// a rule), IntegratedGradients or Gradient. None, the default: rows are predicted alone, unless there is <see cref="ExplainBy"/>.
    /// </summary>
    public Methods Method { get; set; }

    /// <summary>Any other method, in place of <see cref="Method"/>.</summary>
    public ExplanationMethod<TNet>? ExplainBy { get; set; }

    /// <summary>
    /// The options of every explanation. A <see cref="ExplainOptions.RequireGap"/> is said by <see cref="GapTolerance"/>.
    /// </summary>
    public PathOptions Explain { get; set; } = new();

    /// <summary>
    /// What rows are compared with, [any number, InputSize], averaged over them; null for zeros. DeepLIFT's forward pass of it is made
    /// once.
    /// </summary>
    public float[]? Reference { get; set; }

    /// <summary>
    /// The largest relative gap (<see cref="Completeness.RelativeGap"/>) with which reasons are told; a row with a larger one gets a
    /// <see cref="CompletenessException"/>. Null tells all. Methods whose scores are not meant to add up have no gap.
    /// </summary>
    public double? GapTolerance { get; set; } = 0.01;

    /// <summary>
    /// How many rows that wait at the same time are computed together. 1, the default: every caller computes its own, on its own thread.
    /// More pays where a network is much faster by the batch than by the row; README.md has where that was measured.
    /// </summary>
    public int MaxBatchRows { get; set; } = 1;

    /// <summary>
    /// How many rows may wait. One more is refused with a <see cref="NetworkBusyException"/>. Without batches nothing waits.
    /// </summary>
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>How many batches are computed at the same time; the processor's cores by default.</summary>
    public int Workers { get; set; } = Environment.ProcessorCount;
}

/// <summary>As many rows wait as may; ask again later, or let more wait (<see cref="NetworkOptions{TNet}.QueueCapacity"/>).</summary>
public sealed class NetworkBusyException : Exception
{
    internal NetworkBusyException(int capacity)
        : base($"{capacity} rows wait, as many as may; ask again later, or raise QueueCapacity.")
    {
    }
}
