using System.Runtime.CompilerServices;

namespace Whence.Kernels;

/// <summary>
/// Where values leave and enter a compiled network: between memory order, [positions][channels], and the user's,
/// [channels][positions]. Called by generated code.
/// </summary>
public static class Points
{
    /// <summary>At a point's value: replaces it if the walk injects there, and reads it out if the walk begins or ends there.</summary>
    /// <param name="walk">The walk.</param>
    /// <param name="point">The point's index.</param>
    /// <param name="value">[rows][positions][channels].</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">How many channels; 1 where both orders agree.</param>
    public static void Visit(in Walk<float> walk, int point, Span<float> value, int size, int channels)
    {
        if (walk.InjectAt == point)
            In(walk.Injected, value, walk.Rows, size, channels);
        if (walk.From == point && !walk.FromValue.IsEmpty)
            Out(new Operand(value, size), walk.FromValue, 0, size, walk.Rows, size, channels);
        if (walk.To == point && !walk.ToValue.IsEmpty)
            Out(new Operand(value, size), walk.ToValue, 0, size, walk.Rows, size, channels);
    }

    /// <summary>At a point's multipliers: adds the seed if the walk begins there.</summary>
    /// <param name="walk">The walk.</param>
    /// <param name="point">The point's index.</param>
    /// <param name="multipliers">What came from above; [rows][positions][channels].</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">How many channels.</param>
    public static void Seed(in Walk<float> walk, int point, Span<float> multipliers, int size, int channels)
    {
        if (walk.From != point)
            return;
        for (var row = 0; row < walk.Rows; row++)
            AddTurned(walk.Seed.Slice(walk.SeedRows == 1 ? 0 : row * size, size), multipliers.Slice(row * size, size), channels,
                size / channels);
    }

    /// <summary>Where the walk ends: writes the multipliers out.</summary>
    public static void End(in Walk<float> walk, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative, int size, int channels) =>
        End(walk, positive, negative, 0, size, size, channels);

    /// <summary>Where the walk ends at one of several inputs: writes its multipliers out, at an offset in each row.</summary>
    public static void End(in Walk<float> walk, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative, int offset, int row, int size,
        int channels)
    {
        Out(new Operand(positive, size), walk.Multipliers, offset, row, walk.Rows, size, channels);
        if (!walk.NegativeMultipliers.IsEmpty)
            Out(new Operand(negative, size), walk.NegativeMultipliers, offset, row, walk.Rows, size, channels);
    }

    /// <summary>Where the walk ends: writes the parts of the value's difference from its reference out.</summary>
    public static void Deltas(in Walk<float> walk, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative, int size, int channels)
    {
        if (!walk.PositiveDelta.IsEmpty)
            Out(new Operand(positive, size), walk.PositiveDelta, 0, size, walk.Rows, size, channels);
        if (!walk.NegativeDelta.IsEmpty)
            Out(new Operand(negative, size), walk.NegativeDelta, 0, size, walk.Rows, size, channels);
    }

    /// <summary>Zeros of so many elements at an offset in each of the caller's rows.</summary>
    public static void Clear(Span<float> to, int toOffset, int toRow, int rows, int size)
    {
        for (var row = 0; row < rows; row++)
            to.Slice(row * toRow + toOffset, size).Clear();
    }

    /// <summary>Where nothing flows back to an input: zeros.</summary>
    public static void None(in Walk<float> walk, int offset, int row, int size)
    {
        for (var i = 0; i < walk.Rows; i++)
        {
            walk.Multipliers.Slice(i * row + offset, size).Clear();
            if (!walk.NegativeMultipliers.IsEmpty)
                walk.NegativeMultipliers.Slice(i * row + offset, size).Clear();
        }
    }

    /// <summary>Where the walk ends at a value that no input moves, of so many elements: zeros.</summary>
    public static void None(in Walk<float> walk, int size)
    {
        None(walk, 0, size, size);
        walk.PositiveDelta.Clear();
        walk.NegativeDelta.Clear();
    }

    /// <summary>Writes values in the user's order: row r to <paramref name="to"/> at r * toRow + toOffset.</summary>
    /// <param name="from">[rows][positions][channels].</param>
    /// <param name="to">The caller's rows.</param>
    /// <param name="toOffset">Where in each of the caller's rows.</param>
    /// <param name="toRow">From one of the caller's rows to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">Elements of one value.</param>
    /// <param name="channels">How many channels; 1 where both orders agree.</param>
    public static void Out(Operand from, Span<float> to, int toOffset, int toRow, int rows, int size, int channels)
    {
        for (var row = 0; row < rows; row++)
            Turn(from.Data.Slice(row * from.RowStride, size), to.Slice(row * toRow + toOffset, size), size / channels, channels);
    }

    internal static void In(ReadOnlySpan<float> from, Span<float> to, int rows, int size, int channels)
    {
        for (var row = 0; row < rows; row++)
            Turn(from.Slice(row * size, size), to.Slice(row * size, size), channels, size / channels);
    }

    // [outer][inner] to [inner][outer].
    private static void Turn(ReadOnlySpan<float> from, Span<float> to, int outer, int inner)
    {
        if (outer == 1 || inner == 1)
        {
            from.CopyTo(to);
            return;
        }
        for (var o = 0; o < outer; o++)
        {
            ref var source = ref Unsafe.AsRef(in from[o * inner]);
            for (var i = 0; i < inner; i++)
                to[i * outer + o] = Unsafe.Add(ref source, i);
        }
    }

    private static void AddTurned(ReadOnlySpan<float> from, Span<float> to, int outer, int inner)
    {
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
                to[i * outer + o] += from[o * inner + i];
        }
    }
}
