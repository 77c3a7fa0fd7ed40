namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>
/// A value of a group's rows, [places][rows], so that the rows of a place lie side by side; or one row that serves all of them. Called by
/// generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Tile
{
    private readonly ArrayView<float> memory;
    private readonly int offset;
    private readonly int step;

    private Tile(ArrayView<float> memory, int offset, int pitch, int step) =>
        (this.memory, this.offset, Pitch, this.step) = (memory, offset, pitch, step);

    /// <summary>So many rows, a multiple of eight, from an offset that is a multiple of four.</summary>
    public static Tile Of(Rows memory, int offset, int rows) => new(memory.View, offset, rows, 1);

    /// <summary>One row.</summary>
    public static Tile Same(Rows memory, int offset) => new(memory.View, offset, 1, 0);

    /// <summary>From one place to the next: as many rows as there are.</summary>
    internal int Pitch { get; }

    /// <summary>Of a row at a place.</summary>
    internal float At(int place, int row) => memory[offset + place * Pitch + row * step];

    internal float this[int element]
    {
        get => memory[offset + element];
        set => memory[offset + element] = value;
    }

    /// <summary>Four floats side by side; the offset and the number of rows must be multiples of four.</summary>
    internal Float4 Four(int fours) => memory.Cast<Float4>()[offset / 4 + fours];

    internal void Four(int fours, Float4 values) => memory.Cast<Float4>()[offset / 4 + fours] = values;
}
