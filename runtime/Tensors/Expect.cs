namespace Whence;

/// <summary>What the eager operators demand of their arguments, said in one way.</summary>
internal static class Expect
{
    public static void Rank(Tensor x, int rank, string op, string axes)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != rank)
            throw new ArgumentException($"{op} takes {axes}, but was given {x.Shape}.", nameof(x));
    }

    public static void Shape(Tensor found, Shape expected, string name, string op)
    {
        ArgumentNullException.ThrowIfNull(found, name);
        if (!found.Shape.Equals(expected))
            throw new ArgumentException($"{op} needs a {name} of shape {expected}, but was given {found.Shape}.", name);
    }

    public static void Axis(Tensor x, int axis, string op)
    {
        ArgumentNullException.ThrowIfNull(x);
        if ((uint)axis >= (uint)x.Shape.Rank)
            throw new ArgumentException(x.Shape.Rank == 0
                ? $"{op} has no axis {axis} in [], which is a scalar."
                : $"{op} has no axis {axis} in {x.Shape}; axes count from 0 to {x.Shape.Rank - 1}.", nameof(axis));
    }

    public static void AtLeast(int least, int found, string name, string op)
    {
        if (found < least)
            throw new ArgumentException($"{op} needs a {name} of at least {least}, but was given {found}.", name);
    }

    public static void Padding(Padding padding, bool hasPads, string op)
    {
        if (!Enum.IsDefined(padding))
            throw new ArgumentException($"{op} knows no padding {(int)padding}.", nameof(padding));
        if (padding != Whence.Padding.Explicit && hasPads)
            throw new ArgumentException($"{op} takes pads or Padding.{padding}, which finds them, but was given both.", nameof(padding));
    }
}
