using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Looks at each named value of a forward pass as it is computed. A type argument, so that the probe which looks at nothing costs nothing.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IProbe
{
    /// <summary>A value has been computed.</summary>
    /// <param name="value">Of one row, as it lies in memory: [positions][channels].</param>
    /// <param name="name">What computes it, in the user's words.</param>
    /// <param name="channels">Its channels in memory; 1 where it lies in the user's order.</param>
    /// <param name="axes">Its shape.</param>
    /// <param name="step">The number of the step that makes it.</param>
    /// <param name="from">Those of the steps whose values it is made of.</param>
    /// <param name="each">Whether each element is made of those at its place.</param>
    /// <param name="steep">Whether the function that gave it is infinitely steep where the value is 0.</param>
    /// <param name="steepAt">The points for whose multipliers it is, while below them what is steep meets a slope of 0.</param>
    void See(Span<float> value, string name, int channels, ReadOnlySpan<int> axes, int step, ReadOnlySpan<int> from,
        bool each = false, bool steep = false, ReadOnlySpan<int> steepAt = default);

    /// <summary>The point that is asked for has been computed.</summary>
    /// <param name="own">Its value where it lies in memory, [rows][positions][channels].</param>
    /// <param name="value">What the pass was given for it, in the user's order.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">Its channels in memory.</param>
    void Reach(Span<float> own, Span<float> value, int rows, int size, int channels);
}

/// <summary>Looks at nothing.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NoProbe : IProbe
{
    /// <inheritdoc/>
    public void See(Span<float> value, string name, int channels, ReadOnlySpan<int> axes, int step, ReadOnlySpan<int> from,
        bool each, bool steep, ReadOnlySpan<int> steepAt)
    {
    }

    /// <summary>Reads the point out.</summary>
    public void Reach(Span<float> own, Span<float> value, int rows, int size, int channels) =>
        Points.Out(new Operand(own, size), value, 0, size, rows, size, channels);
}
