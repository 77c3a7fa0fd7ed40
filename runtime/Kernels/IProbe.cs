namespace Whence.CompilerServices;

/// <summary>
/// Looks at each named value of a forward pass as it is computed. A type argument, so that the probe which looks at nothing costs nothing.
/// </summary>
public interface IProbe
{
    /// <summary>A value has been computed.</summary>
    /// <param name="value">Of one row, as it lies in memory: [positions][channels].</param>
    /// <param name="name">What computes it, in the user's words.</param>
    /// <param name="channels">Its channels in memory; 1 where it lies in the user's order.</param>
    /// <param name="axes">Its shape.</param>
    /// <param name="steep">Whether the function that gave it is infinitely steep where the value is 0.</param>
    void See(ReadOnlySpan<float> value, string name, int channels, ReadOnlySpan<int> axes, bool steep = false);

    /// <summary>The point that is asked for has been computed.</summary>
    /// <param name="own">Its value where it lies in memory, [rows][positions][channels].</param>
    /// <param name="value">What the pass was given for it, in the user's order.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">Its channels in memory.</param>
    void Reach(Span<float> own, Span<float> value, int rows, int size, int channels);
}

/// <summary>Looks at nothing.</summary>
public readonly struct NoProbe : IProbe
{
    /// <inheritdoc/>
    public void See(ReadOnlySpan<float> value, string name, int channels, ReadOnlySpan<int> axes, bool steep)
    {
    }

    /// <summary>Reads the point out.</summary>
    public void Reach(Span<float> own, Span<float> value, int rows, int size, int channels) =>
        Points.Out(new Operand(own, size), value, 0, size, rows, size, channels);
}

/// <summary>Remembers the first value that has an infinity or a NaN, and the first at which a function is infinitely steep.</summary>
public struct FiniteProbe : IProbe
{
    /// <summary>The first value that is not finite, or null.</summary>
    public Fault? First { get; private set; }

    /// <summary>The first finite value at which a function is infinitely steep, or null.</summary>
    public Fault? Steep { get; private set; }

    /// <inheritdoc/>
    public void See(ReadOnlySpan<float> value, string name, int channels, ReadOnlySpan<int> axes, bool steep)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!float.IsFinite(value[i]))
                First ??= new Fault(name, Index(i, value.Length, channels, axes), value[i]);
            else if (steep && value[i] == 0)
                Steep ??= new Fault(name, Index(i, value.Length, channels, axes), 0);
        }
    }

    /// <summary>Puts what was given in the point's place, and forgets what lies below it.</summary>
    public void Reach(Span<float> own, Span<float> value, int rows, int size, int channels)
    {
        Points.In(value, own, rows, size, channels);
        (First, Steep) = (null, null);
    }

    private static int[] Index(int place, int size, int channels, ReadOnlySpan<int> axes)
    {
        var element = place % channels * (size / channels) + place / channels;
        var index = new int[axes.Length];
        for (var axis = axes.Length - 1; axis >= 0; axis--)
            (element, index[axis]) = Math.DivRem(element, axes[axis]);
        return index;
    }
}
