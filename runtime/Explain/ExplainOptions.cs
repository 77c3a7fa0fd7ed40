namespace Whence;

using System.Text.Json.Serialization;

/// <summary>How an explanation is computed; immutable, so one can be shared.</summary>
public record ExplainOptions
{
    internal static readonly ExplainOptions Default = new();

    /// <summary>Over how many threads a batch may be spread. No bit of the answer depends on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// If set, an answer whose relative gap (<see cref="Completeness.RelativeGap"/>: |gap| / (sum of |scores| + |output - reference
    /// output|), less what rounding of the outputs alone may make) is larger throws a <see cref="CompletenessException"/>. For methods
    /// whose scores do not sum to a difference it says nothing.
    /// </summary>
    public double? RequireGap { get; init; }

    /// <summary>
    /// Ends the call with an <see cref="OperationCanceledException"/>, between two chunks of rows, as soon as it is cancelled.
    /// </summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told, after every chunk of rows, which share of the call is done, up to 1; by any of its threads.</summary>
    [JsonIgnore]
    public IProgress<double>? Progress { get; init; }

    /// <summary>Whether DeepLIFT's results hold the contributions of both parts and the multipliers too.</summary>
    public bool Parts { get; init; } = true;
}

/// <summary>How conductance sums the gradient at a layer over the layer's moves along the path.</summary>
public enum ConductanceSum
{
    /// <summary>
    /// Over the whole path: the weights of the n points cut it into n pieces, and in each the gradient at its point is multiplied by the
    /// layer's move from one end of the piece to the other. The moves sum to the layer's whole difference; the error falls with the square
    /// of the steps where the points lie inside their pieces (all but <see cref="Quadrature.Left"/> and <see cref="Quadrature.Right"/>).
    /// The default.
    /// </summary>
    WholePath,
    /// <summary>
    /// Captum's LayerConductance: n + 1 points, and the gradient at each multiplied by the layer's move to the next. Where the points do
    /// not begin at the reference and end at the input the moves before the first and after the last are lost, and the gap shows it.
    /// </summary>
    Captum,
}

/// <summary>How an integral along the path is computed.</summary>
public sealed record PathOptions : ExplainOptions
{
    internal static new readonly PathOptions Default = new();

    /// <summary>
    /// Which points; the midpoints by default, whose error on smooth networks falls with the square of the steps where the papers' right
    /// sum falls with the steps.
    /// </summary>
    public Quadrature Quadrature { get; init; } = Quadrature.Midpoint;

    /// <summary>
    /// How many points; 50 as in arXiv 1611.02639. With a <see cref="Tolerance"/>, where the doubling starts. At most 16,777,216, of
    /// <see cref="Quadrature.GaussLegendre"/> 8192.
    /// </summary>
    public int Steps { get; init; } = 50;

    /// <summary>
    /// If set, the steps of each input are doubled until both its relative gap and the change of its scores,
    /// sum of |change| / (sum of |scores| + |output - reference output|), are at most this, or <see cref="MaxSteps"/> is reached. Of
    /// <see cref="Quadrature.Exact"/>, where the path is too long for that, 1e-4 if it is not set.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>How <see cref="SpanExplainers.Conductance"/> sums; other methods do not look at it.</summary>
    public ConductanceSum ConductanceSum { get; init; }

    /// <summary>If set, points and weights of one's own, in place of the quadrature's; a tolerance says nothing then.</summary>
    public PathPoints? Points { get; init; }

    /// <summary>
    /// The most steps that a <see cref="Tolerance"/> may lead to; the doubling also ends at the most <see cref="Steps"/> that there may be.
    /// </summary>
    public int MaxSteps { get; init; } = 6400;
}

/// <summary>
/// How an explanation by random draws is computed. No bit depends on the platform, on the other inputs of a batch or on threads: every
/// input is asked with the same draws.
/// </summary>
public sealed record SamplingOptions : ExplainOptions
{
    internal static new readonly SamplingOptions Default = new();

    /// <summary>
    /// How many are drawn; null for the method's own number: 25 orders in sampled Shapley values (Captum's), 2 players + 2048 coalitions in
    /// KernelSHAP (SHAP's), 200 points in expected gradients (SHAP's).
    /// </summary>
    public int? Samples { get; init; }

    /// <summary>Where the draws begin: the same seed gives the same bits.</summary>
    public ulong Seed { get; init; }
}
