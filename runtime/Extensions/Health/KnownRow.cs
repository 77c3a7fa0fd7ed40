namespace Whence.Extensions;

/// <summary>A row whose answer is known, for <see cref="NetworkServices"/>' health check.</summary>
/// <param name="Input">The row, [InputSize].</param>
/// <param name="Target">What is explained of it.</param>
/// <param name="Output">The target's value there.</param>
public sealed record KnownRow(IReadOnlyList<float> Input, Target Target, double Output)
{
    /// <summary>
    /// By how much the value may differ, over the larger of its size and 1; 1e-4 by default. Between processors with vectors of different
    /// width values differ in their last bits.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>
    /// The feature, as <see cref="TopScore.Place"/> names it, whose score is the largest by its magnitude; null if it may be any.
    /// </summary>
    public string? FirstReason { get; init; }
}
