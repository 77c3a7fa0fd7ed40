using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>
/// Where values leave and enter a compiled network: between memory order, [positions][channels], and the user's,
/// [channels][positions]. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Points
{
    /// <summary>
    /// At a point's value: replaces it if the backward pass injects there, and reads it out if the backward pass begins or ends there.
    /// </summary>
    /// <param name="arguments">The backward pass.</param>
    /// <param name="point">The point's index.</param>
    /// <param name="value">[rows][positions][channels].</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">How many channels; 1 where both orders agree.</param>
    public static void Visit(in BackwardArguments<float> arguments, int point, Span<float> value, int size, int channels)
    {
        if (arguments.InjectAt == point)
            In(arguments.Injected, value, arguments.Rows, size, channels);
        if (arguments.From == point && !arguments.FromValue.IsEmpty)
            Out(new Operand(value, size), arguments.FromValue, 0, size, arguments.Rows, size, channels);
        if (arguments.To == point && !arguments.ToValue.IsEmpty)
            Out(new Operand(value, size), arguments.ToValue, 0, size, arguments.Rows, size, channels);
    }

    /// <summary>At a point's multipliers: adds the seed if the backward pass begins there.</summary>
    /// <param name="arguments">The backward pass.</param>
    /// <param name="point">The point's index.</param>
    /// <param name="multipliers">What came from above; [rows][positions][channels].</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">How many channels.</param>
    public static void Seed(in BackwardArguments<float> arguments, int point, Span<float> multipliers, int size, int channels)
    {
        if (arguments.From != point)
            return;
        for (var row = 0; row < arguments.Rows; row++)
            AddTurned(arguments.Seed.Slice(arguments.SeedRows == 1 ? 0 : row * size, size), multipliers.Slice(row * size, size), channels,
                size / channels);
    }

    /// <summary>Where the backward pass ends: writes the multipliers out.</summary>
    public static void End(in BackwardArguments<float> arguments, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative, int size,
        int channels) =>
        End(arguments, positive, negative, 0, size, size, channels);

    /// <summary>Where the backward pass ends at one of several inputs: writes its multipliers out, at an offset in each row.</summary>
    public static void End(in BackwardArguments<float> arguments, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative, int offset,
        int row, int size,
        int channels)
    {
        Out(new Operand(positive, size), arguments.Multipliers, offset, row, arguments.Rows, size, channels);
        if (!arguments.NegativeMultipliers.IsEmpty)
            Out(new Operand(negative, size), arguments.NegativeMultipliers, offset, row, arguments.Rows, size, channels);
    }

    /// <summary>Where the backward pass ends: writes the parts of the value's difference from its reference out.</summary>
    public static void Deltas(in BackwardArguments<float> arguments, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative, int size,
        int channels)
    {
        if (!arguments.PositiveDelta.IsEmpty)
            Out(new Operand(positive, size), arguments.PositiveDelta, 0, size, arguments.Rows, size, channels);
        if (!arguments.NegativeDelta.IsEmpty)
            Out(new Operand(negative, size), arguments.NegativeDelta, 0, size, arguments.Rows, size, channels);
    }

    /// <summary>Zeros of so many elements at an offset in each of the caller's rows.</summary>
    public static void Clear(Span<float> to, int toOffset, int toRow, int rows, int size)
    {
        for (var row = 0; row < rows; row++)
            to.Slice(row * toRow + toOffset, size).Clear();
    }

    /// <summary>Where nothing flows back to an input: zeros.</summary>
    public static void None(in BackwardArguments<float> arguments, int offset, int row, int size)
    {
        for (var i = 0; i < arguments.Rows; i++)
        {
            arguments.Multipliers.Slice(i * row + offset, size).Clear();
            if (!arguments.NegativeMultipliers.IsEmpty)
                arguments.NegativeMultipliers.Slice(i * row + offset, size).Clear();
        }
    }

    /// <summary>Where the backward pass ends at a value that no input moves, of so many elements: zeros.</summary>
    public static void None(in BackwardArguments<float> arguments, int size)
    {
        None(arguments, 0, size, size);
        arguments.PositiveDelta.Clear();
        arguments.NegativeDelta.Clear();
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

    /// <summary>Keeps values of a reference as they lie in memory.</summary>
    /// <param name="values">Three numbers a value: where it lies in the arena, in floats a row; where in a row of what is kept; its
    /// size.</param>
    /// <param name="arena">Each value's rows, one after the other.</param>
    /// <param name="kept">What is kept of each row.</param>
    /// <param name="keptRow">From one of its rows to the next.</param>
    /// <param name="rows">How many rows.</param>
    public static void Keep(ReadOnlySpan<int> values, ReadOnlySpan<float> arena, Span<float> kept, int keptRow, int rows)
    {
        for (var i = 0; i < values.Length; i += 3)
        {
            var size = values[i + 2];
            Out(new Operand(arena.Slice(rows * values[i], rows * size), size), kept, values[i + 1], keptRow, rows, size, 1);
        }
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
