using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>What of a network can make an answer of it not finite.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum Sought
{
    /// <summary>A value that is not finite.</summary>
    NonFinite,

    /// <summary>A finite value at which a function is infinitely steep.</summary>
    Steep,

    /// <summary>An operator behind which multipliers are beyond what a float holds.</summary>
    Overflow,

    /// <summary>
    /// How far rounding of all that the forward pass computes may move what is asked about, weighed by the seed: what is found says it as
    /// its value, and no operator.
    /// </summary>
    Rounding,
}

/// <summary>
/// What is looked for in the forward pass of one row that went wrong: of all values that are not finite the one that reached the target, or
/// of all infinite slopes one between the target and the point whose units get scores, or where multipliers overflow between them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct FaultSearch<T> where T : unmanaged
{
    /// <summary>The outputs, whichever.</summary>
    public FaultSearch()
    {
    }

    /// <summary>[InputSize].</summary>
    public ReadOnlySpan<T> X { get; init; }

    /// <summary>What is looked for.</summary>
    public Sought Sought { get; init; }

    /// <summary>The point, an index into <see cref="Signature.Points"/>, whose units are asked about; -1 for all outputs.</summary>
    public int From { get; init; } = -1;

    /// <summary>[size of From]: what is not 0 is asked about; all, if empty.</summary>
    public ReadOnlySpan<T> Seed { get; init; }

    /// <summary>The point where the way back ends; -1 for the inputs.</summary>
    public int To { get; init; } = -1;

    /// <summary>
    /// Of the inputs, or of the point where the way back ends, an element whose score is not finite: what is found depends on it. -1 where
    /// none is known.
    /// </summary>
    public int Through { get; init; } = -1;

    /// <summary>A point that has another value than the row gives it; -1 if none has.</summary>
    public int At { get; init; } = -1;

    /// <summary>[size of At].</summary>
    public ReadOnlySpan<T> Value { get; init; }
}
