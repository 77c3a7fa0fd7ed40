namespace Whence;

using System.Numerics;

/// <summary>
/// Where DeepLIFT writes; each is [count, InputSize] (or the layer's size), or empty if not wanted, except the contributions.
/// </summary>
public ref struct DeepLiftScores<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What each element of the input adds to the difference of the output from the reference output.</summary>
    public Span<T> Contributions;
    /// <summary>The part of it that the positive part of the element's difference adds: multiplier+ times positive part.</summary>
    public Span<T> Positive;
    /// <summary>The part of it that the negative part of the element's difference adds: multiplier- times negative part.</summary>
    public Span<T> Negative;
    /// <summary>The mean of the multipliers of both parts.</summary>
    public Span<T> Multipliers;
    /// <summary>
    /// For one-hot inputs [channels, ...], what each channel would contribute were it the one present at its position:
    /// the sum over channels c of (1{c = b} - reference c) times multiplier c. An estimate, by the multipliers of the actual input.
    /// </summary>
    public Span<T> Hypothetical;

    /// <summary>Only the contributions.</summary>
    public static implicit operator DeepLiftScores<T>(Span<T> contributions) => new() { Contributions = contributions };

    /// <summary>Only the contributions.</summary>
    public static implicit operator DeepLiftScores<T>(T[] contributions) => new() { Contributions = contributions };
}
