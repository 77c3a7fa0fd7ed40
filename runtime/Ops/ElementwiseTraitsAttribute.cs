namespace Whence;

/// <summary>
/// What an elementwise function is beside its formulas, on its struct: what rules and the compiler may make of it. Without it a function is
/// an activation of which nothing is known.
/// </summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class ElementwiseTraitsAttribute : Attribute
{
    /// <summary>
    /// Whether it is arithmetic rather than an activation: guided backprop and its kin take its slope as it is, and DeconvNet, which has no
    /// meaning for it, is refused (WH301).
    /// </summary>
    public bool Arithmetic { get; init; }

    /// <summary>
    /// Whether it has no value on part of the line, as a logarithm. One part of a difference without the other can lead there, so its rule
    /// is Rescale where RevealCancel is asked for.
    /// </summary>
    public bool Partial { get; init; }

    /// <summary>
    /// Whether Slope gives the same if its first argument is y in place of x, as ReLU's does, which looks at the sign alone: then x is not
    /// kept.
    /// </summary>
    public bool SlopeFromValue { get; init; }

    /// <summary>Whether its value takes so few operations that to compute it again costs less than to keep it and read it.</summary>
    public bool Cheap { get; init; }

    /// <summary>
    /// Whether its slope is finite wherever its value is, as LeakyReLU's is and a root's at 0 is not. Else explanations take care of 0
    /// times infinity around it.
    /// </summary>
    public bool FiniteSlope { get; init; }

    /// <summary>Whether its values lie within bounds, also those of infinity, as a sigmoid's do.</summary>
    public bool Bounded { get; init; }

    /// <summary>Whether none of its values is below 0: a root of them, or of their sum, has a value.</summary>
    public bool NotNegative { get; init; }
}
