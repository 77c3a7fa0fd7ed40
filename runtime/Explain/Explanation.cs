namespace Whence;

using System.Numerics;
using System.Text.Json.Serialization;

/// <summary>
/// Any method, as what is built over methods asks it: the scores [targets, count, InputSize] of inputs x [count, InputSize]. Write it
/// as a static lambda over a method of <see cref="SpanExplainers"/>, such as
/// <c>(net, x, count, targets, scores) =&gt; SpanExplainers.GradientTimesInput(net, x, count, targets, default, scores)</c>.
/// </summary>
public delegate void Explanation<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// The noise of SmoothGrad and VarGrad; immutable, so one can be shared. Every input gets the same draws, whatever its batch.
/// </summary>
public sealed record NoiseOptions
{
    internal static readonly NoiseOptions Default = new();

    /// <summary>How many noisy copies of an input; 50 as in arXiv 1706.03825.</summary>
    public int Samples { get; init; } = 50;

    /// <summary>
    /// The noise's standard deviation: a share of the input row's range (largest less smallest element), or if <see cref="Absolute"/> in
    /// the input's own unit.
    /// </summary>
    public double Deviation { get; init; } = 0.15;

    /// <summary>
    /// Whether the deviation is in the input's own unit (as in Captum's NoiseTunnel) rather than a share of its range (as in the paper).
    /// </summary>
    public bool Absolute { get; init; }

    /// <summary>Where the draws begin: the same seed gives the same bits on every platform.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Ends the call with an <see cref="OperationCanceledException"/>, between two chunks of copies, as soon as it is cancelled.
    /// </summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told, after every input, which share of the call is done, up to 1.</summary>
    [JsonIgnore]
    public IProgress<double>? Progress { get; init; }
}
