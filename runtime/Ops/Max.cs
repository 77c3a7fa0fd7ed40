namespace Whence;

public static partial class Nn
{
    /// <summary>The larger of the two, element by element. A scalar, and an axis of size 1, is repeated to the other's size.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Max(Tensor a, Tensor b) => Tensor.Broadcast("max", a, b, Math.Max);

    /// <summary>The larger of each element and a constant.</summary>
    public static Tensor Max(Tensor a, double b) => Max(a, Tensor.From(new Shape(), b));

    /// <summary>The smaller of the two, element by element. A scalar, and an axis of size 1, is repeated to the other's size.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Min(Tensor a, Tensor b) => Tensor.Broadcast("min", a, b, Math.Min);

    /// <summary>The smaller of each element and a constant.</summary>
    public static Tensor Min(Tensor a, double b) => Min(a, Tensor.From(new Shape(), b));
}
