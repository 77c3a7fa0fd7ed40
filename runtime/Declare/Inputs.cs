namespace Whence;

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
