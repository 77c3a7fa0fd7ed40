namespace Whence;

/// <summary>What the eager operators demand of their arguments, said in one way.</summary>
internal static class Expect
{
    /// <summary>
    /// The exception for arguments that do not fit. In a network's Forward all shapes fit each other if its inputs have theirs, or it would
    /// not have been compiled: so there the message says what Forward takes.
    /// </summary>
    public static ArgumentException Refusal(string message, string? name = null, Exception? inner = null) =>
        new(EagerForward.Header() is { } header ? $"{message} {header}; look at what it was given." : message, name, inner);

    public static void Rank(Tensor x, int rank, string op, string axes)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != rank)
            throw Refusal($"{op} takes {axes}, but was given {x.Shape}.", nameof(x));
    }

    public static void Shape(Tensor found, Shape expected, string name, string op)
    {
        ArgumentNullException.ThrowIfNull(found, name);
        if (!found.Shape.Equals(expected))
            throw Refusal($"{op} needs a {name} of shape {expected}, but was given {found.Shape}.", name);
    }

    public static void Axis(Tensor x, int axis, string op)
    {
        ArgumentNullException.ThrowIfNull(x);
        if ((uint)axis >= (uint)x.Shape.Rank)
            throw Refusal(x.Shape.Rank == 0
                ? $"{op} has no axis {axis} in [], which is a scalar."
                : $"{op} has no axis {axis} in {x.Shape}; axes count from 0 to {x.Shape.Rank - 1}.", nameof(axis));
    }

    public static void AtLeast(int least, int found, string name, string op)
    {
        if (found < least)
            throw Refusal($"{op} needs a {name} of at least {least}, but was given {found}.", name);
    }

    public static void Padding(PaddingRule padding, bool hasPads, string op)
    {
        if (!Enum.IsDefined(padding))
            throw Refusal($"{op} knows no padding {(int)padding}.", nameof(padding));
        if (padding != Whence.PaddingRule.Explicit && hasPads)
            throw Refusal($"{op} takes pads or PaddingRule.{padding}, which finds them, but was given both.", nameof(padding));
    }
}
