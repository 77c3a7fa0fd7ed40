using System.Text.Json.Serialization;
using Whence.Json;

namespace Whence;

/// <summary>How the scores of one input compare with the change of the output that they explain; summed in double.</summary>
/// <param name="Output">The target at the input.</param>
/// <param name="ReferenceOutput">The target at the reference, averaged over several; NaN for methods without a reference.</param>
/// <param name="Sum">The sum of the scores.</param>
/// <param name="Magnitude">The sum of the scores' absolute values.</param>
/// <param name="Applies">Whether the method's scores are meant to sum to Output - ReferenceOutput.</param>
/// <param name="Steps">Points on the path; 0 for methods without one.</param>
/// <param name="Converged">Whether the tolerance asked for was met; null if none was asked for.</param>
public readonly record struct Completeness(
    double Output, [property: JsonConverter(typeof(NumberOrNullConverter))] double ReferenceOutput, double Sum, double Magnitude,
    bool Applies, int Steps, bool? Converged)
{
    /// <summary>
    /// What rounding alone may make of the gap: 8 units in the last place of the weighted units that Output and ReferenceOutput are sums
    /// of. Near the reference, and between units of nearly equal value, the difference is no more exact than this, however exact the
    /// scores. Where that leaves a gap that is large beside the scores and small beside the outputs, it is how far both outputs move, in
    /// single precision, if each number that their forward passes read or compute moves by up to 8 units in its last place, at random, the
    /// farthest of three draws at each: outputs may be small beside the addends that make them, whose rounding they keep.
    /// </summary>
    public double Rounding { get; init; }

    /// <summary>
    /// Units in the last place that <see cref="Rounding"/> allows: each of the two outputs ends a chain of a few roundings.
    /// </summary>
    internal const int Places = 8;

    /// <summary>
    /// Whether the scores are exact integrals (<see cref="Quadrature.Exact"/>) rather than sums over points; then <see cref="Steps"/> are
    /// the stretches between kinks, of the reference with the most.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>What makes a gap of this method's smaller.</summary>
    internal Remedy Remedy { get; init; }

    /// <summary>Output - ReferenceOutput - Sum; null where the method's scores are not meant to sum to the difference.</summary>
    public double? Gap => Applies ? Output - ReferenceOutput - Sum : null;

    /// <summary>
    /// The part of |Gap| that rounding cannot have made, |Gap| - <see cref="Rounding"/> or 0, over (sum of |scores| + |Output -
    /// ReferenceOutput|); 0 if both are 0; null like <see cref="Gap"/>.
    /// </summary>
    public double? RelativeGap
    {
        get
        {
            if (!Applies)
                return null;
            var scale = Magnitude + Math.Abs(Output - ReferenceOutput);
            return scale == 0 ? 0 : Math.Max(0, Math.Abs(Output - ReferenceOutput - Sum) - Rounding) / scale;
        }
    }
}

/// <summary>What helps against a gap.</summary>
internal enum Remedy
{
    /// <summary>Nothing: the method's scores sum to the difference but for rounding.</summary>
    None,
    /// <summary>More steps on the path.</summary>
    Steps,
    /// <summary>More steps, or a layer that nothing passes by.</summary>
    StepsOrLayer,
    /// <summary>Conductance over the whole path.</summary>
    WholePath,
    /// <summary>Rules that are complete.</summary>
    Rule,
    /// <summary>A layer that nothing passes by, or rules that are complete.</summary>
    RuleOrLayer,
    /// <summary>More draws.</summary>
    Samples,
    /// <summary>A smaller stabiliser.</summary>
    Stabiliser,
}

/// <summary>An explanation's scores miss the change of the output by more than was allowed.</summary>
public sealed class CompletenessException : Exception
{
    internal CompletenessException(in Completeness sums, double allowed, int input, int target = 0, int targets = 1)
        : base(FormattableString.Invariant($"The scores of input {input}")
            + (targets > 1 ? FormattableString.Invariant($" for target {target}") : "")
            + FormattableString.Invariant($" sum to {sums.Sum:r}, ")
            + FormattableString.Invariant($"but the output changes by {sums.Output - sums.ReferenceOutput:r}: ")
            + FormattableString.Invariant(
                $"the relative gap {sums.RelativeGap:e2} is over the {allowed:e2} allowed. {Advice(sums.Remedy)}"))
    {
        Completeness = sums;
        Input = input;
        Target = target;
    }

    private static string Advice(Remedy remedy) => remedy switch
    {
        Remedy.Steps =>
            $"Take more steps: PathOptions.Steps, or a PathOptions.Tolerance, which doubles them until it is met. {Quadratures}",
        Remedy.StepsOrLayer => "Take more steps (PathOptions.Steps, or a PathOptions.Tolerance), or ask about a layer that all paths to "
            + $"the target pass: what passes by this one is not in its scores. {Quadratures}",
        Remedy.WholePath => "Captum's sum loses the ends of the path: take ConductanceSum.WholePath, or Quadrature.Trapezoid, which begins "
            + "and ends at them.",
        Remedy.Rule => $"{Complete}; {Digits}.",
        Remedy.RuleOrLayer =>
            $"Ask about a layer that all paths to the target pass: what passes by this one is not in its scores. {Complete}.",
        Remedy.Samples => "The gap is the error of the draws: take more, SamplingOptions.Samples.",
        Remedy.Stabiliser => "Biases and the stabiliser have taken it, which is this method's way: make LrpEpsilon in [Network] smaller, "
            + "or ask DeepLift, whose scores sum to the difference.",
        _ => $"These scores sum to the difference whatever is drawn; {Digits}.",
    };

    private const string Quadratures = "Midpoint and GaussLegendre need fewer than Left and Right.";

    private const string Complete = "DeepLIFT takes no steps, and its rules are complete but for MaxPoolRule.Gradient and "
        + "SoftmaxRule.Elementwise; leave those out of [Network] if they are there";

    private const string Digits =
        "else digits were lost where large values cancel: allow a larger gap, or compare with a reference further away";

    /// <summary>The sums that differ.</summary>
    public Completeness Completeness { get; }

    /// <summary>Which input of the batch.</summary>
    public int Input { get; }

    /// <summary>Which of the call's targets; 0 where each input has one.</summary>
    public int Target { get; }
}

/// <summary>A value that an explanation rests on is infinite or not a number.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    internal NonFiniteException(string message, int input, string? layer)
        : base(message)
    {
        Input = input;
        Layer = layer;
    }

    internal NonFiniteException(string message, int input, Fault? fault)
        : this(message, input, fault?.Operator) => Fault = fault;

    internal NonFiniteException(string message, int input, NonFiniteException inner)
        : base(message, inner)
    {
        Input = input;
        Layer = inner.Layer;
        Fault = inner.Fault;
    }

    /// <summary>Which input of the batch.</summary>
    public int Input { get; }

    /// <summary>
    /// The first operator whose value is not finite, or, where all are, one that is infinitely steep at its value; null if there is
    /// neither, and numbers overflowed on the way back.
    /// </summary>
    public string? Layer { get; }

    /// <summary>The operator, the element and what is there; null where <see cref="Layer"/> is.</summary>
    public Fault? Fault { get; }
}
