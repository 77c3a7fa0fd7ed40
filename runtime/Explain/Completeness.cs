namespace Whence;

/// <summary>How the scores of one input compare with the change of the output that they explain; summed in double.</summary>
/// <param name="Output">The target at the input.</param>
/// <param name="ReferenceOutput">The target at the reference, averaged over several; NaN for methods without a reference.</param>
/// <param name="Sum">The sum of the scores.</param>
/// <param name="Magnitude">The sum of the scores' absolute values.</param>
/// <param name="Applies">Whether the method's scores are meant to sum to Output - ReferenceOutput.</param>
/// <param name="Steps">Points on the path; 0 for methods without one.</param>
/// <param name="Converged">Whether the tolerance asked for was met; null if none was asked for.</param>
public readonly record struct Completeness(double Output, double ReferenceOutput, double Sum, double Magnitude, bool Applies, int Steps, bool? Converged)
{
    /// <summary>Output - ReferenceOutput - Sum; null where the method's scores are not meant to sum to the difference.</summary>
    public double? Gap => Applies ? Output - ReferenceOutput - Sum : null;

    /// <summary>|Gap| / (sum of |scores| + |Output - ReferenceOutput|), 0 if both are 0; null like <see cref="Gap"/>.</summary>
    public double? RelativeGap
    {
        get
        {
            if (!Applies)
                return null;
            var scale = Magnitude + Math.Abs(Output - ReferenceOutput);
            return scale == 0 ? 0 : Math.Abs(Output - ReferenceOutput - Sum) / scale;
        }
    }
}

/// <summary>An explanation's scores miss the change of the output by more than was allowed.</summary>
public sealed class CompletenessException : Exception
{
    internal CompletenessException(in Completeness sums, double allowed, int input)
        : base(FormattableString.Invariant($"The scores of input {input} sum to {sums.Sum:r}, but the output changes by {sums.Output - sums.ReferenceOutput:r}: the relative gap {sums.RelativeGap:e2} is over the {allowed:e2} allowed. Take more steps, or a rule that is complete for this network."))
    {
        Completeness = sums;
        Input = input;
    }

    /// <summary>The sums that differ.</summary>
    public Completeness Completeness { get; }

    /// <summary>Which input of the batch.</summary>
    public int Input { get; }
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

    /// <summary>Which input of the batch.</summary>
    public int Input { get; }

    /// <summary>The first layer whose value is not finite, or null if every layer's is (the scores then overflowed on the way back).</summary>
    public string? Layer { get; }
}
