using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// What is done to the recomputed parts of a network's values, called once by a value in generated code. A type argument: the same calls
/// find out how far a change reaches, and carry it out. Values are indices into a <see cref="PatchLayout"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPatches
{
    /// <summary>Takes an input's part out of the rows.</summary>
    /// <param name="to">The value.</param>
    /// <param name="at">Where the input begins in a row.</param>
    /// <param name="down">From one of its rows to the next.</param>
    /// <param name="across">From one of its columns to the next.</param>
    /// <param name="channel">From one of its channels to the next.</param>
    void Input(int to, int at, int down, int across, int channel);

    /// <summary>y = then(filters * x + b).</summary>
    void Convolve<F>(int from, Filters filters, ReadOnlySpan<float> bias, int to, F then) where F : struct, IElementwise;

    /// <summary>y = filters * x + b.</summary>
    void Convolve(int from, Filters filters, ReadOnlySpan<float> bias, int to);

    /// <summary>The largest of each window.</summary>
    void Max(int from, in Window window, int to);

    /// <summary>The mean of each window.</summary>
    void Average(int from, in Window window, int to);

    /// <summary>Sums over neighbouring channels; see <see cref="CompilerServices.Neighbours.Sum"/>.</summary>
    void Neighbours(int from, int to, int before, int after, float factor, float offset);

    /// <summary>A border of one number around a value.</summary>
    /// <param name="from">What it surrounds.</param>
    /// <param name="to">The value.</param>
    /// <param name="above">Rows above it.</param>
    /// <param name="before">Columns before it.</param>
    /// <param name="fill">The number.</param>
    void Surround(int from, int to, int above, int before, float fill);

    /// <summary>Channels of several values one after the other.</summary>
    void Join(int to, params ReadOnlySpan<int> parts);

    /// <summary>y = map(a).</summary>
    void Map<F>(F map, int to, PatchOperand a) where F : struct, IMap1;

    /// <summary>y = map(a, b).</summary>
    void Map<F>(F map, int to, PatchOperand a, PatchOperand b) where F : struct, IMap2;

    /// <summary>y = map(a, b, c).</summary>
    void Map<F>(F map, int to, PatchOperand a, PatchOperand b, PatchOperand c) where F : struct, IMap3;

    /// <summary>y = map(a, b, c, d).</summary>
    void Map<F>(F map, int to, PatchOperand a, PatchOperand b, PatchOperand c, PatchOperand d) where F : struct, IMap4;
}

/// <summary>What an elementwise step reads: a value that changes in part, or one that never changes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct PatchOperand
{
    private PatchOperand(int value, ReadOnlySpan<float> constant)
    {
        Value = value;
        Constant = constant;
    }

    /// <summary>An index into the layout; -1 of a constant.</summary>
    internal int Value { get; }

    /// <summary>All of it, [height][width][channels].</summary>
    internal ReadOnlySpan<float> Constant { get; }

    /// <summary>A value of the layout.</summary>
    public static implicit operator PatchOperand(int value) => new(value, default);

    /// <summary>A constant.</summary>
    public static implicit operator PatchOperand(float[] constant) => new(-1, constant);
}
