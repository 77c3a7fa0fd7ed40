namespace Whence;

/// <summary>
/// An input of Forward that holds tokens, whole numbers from 0: it goes into layers marked <see cref="EmbeddingAttribute"/>, and
/// explanations are about what those give, [length, width].
/// </summary>
/// <param name="length">How many tokens an example has; with <see cref="Variable"/>, at most.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TokensAttribute(int length) : Attribute
{
    /// <summary>How many tokens an example has; with <see cref="Variable"/>, at most.</summary>
    public int Length { get; } = length;

    /// <summary>Whether an example may have fewer: the positions past its length count for nothing.</summary>
    public bool Variable { get; init; }
}

/// <summary>
/// A constant input of Forward, without a batch axis: it is given with each example like any other input, but nothing is attributed to it.
/// Its scores are exactly zero, no path scales it, and every reference has the input's own value of it.
/// </summary>
/// <param name="axes">Axis sizes.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class MaskAttribute(params int[] axes) : Attribute
{
    /// <summary>Axis sizes.</summary>
    public int[] Axes { get; } = axes;
}

/// <summary>
/// Names for what an input of Forward holds: <c>[Features("age", "income")]</c> beside <c>[Shape(2)]</c>. They travel with the network into
/// <see cref="Attribution.Top"/>, <see cref="Attribution.ToJson"/> and pictures.
/// </summary>
/// <param name="names">A name for each index of the axis, in order.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FeaturesAttribute(params string[] names) : Attribute
{
    /// <summary>A name for each index of the axis, in order.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>
    /// The axis of the input's shape that the names are of: 0 in [features] and [channels, length], 1 in [time, features].
    /// </summary>
    public int Axis { get; init; }
}
