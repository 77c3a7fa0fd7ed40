using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// What is done to the recomputed parts of a network's values, called once by a value in generated code. The same calls find out how far a
/// change reaches, and carry it out. Values are indices into a <see cref="PatchLayout"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct Patches
{
    private readonly PatchSteps steps;
    private readonly bool isFollowed;
    private PatchReach reach;

    internal Patches(in PatchReach reach)
    {
        this.reach = reach;
        isFollowed = true;
    }

    internal Patches(in PatchSteps steps) => this.steps = steps;

    /// <summary>How far changes reach.</summary>
    internal readonly PatchReach Reach => reach;

    /// <summary>Takes an input's part out of the rows.</summary>
    /// <param name="to">The value.</param>
    /// <param name="at">Where the input begins in a row.</param>
    /// <param name="down">From one of its rows to the next.</param>
    /// <param name="across">From one of its columns to the next.</param>
    /// <param name="channel">From one of its channels to the next.</param>
    public void Input(int to, int at, int down, int across, int channel)
    {
        if (isFollowed)
            reach.Input(to);
        else
            steps.Input(to, at, down, across, channel);
    }

    /// <summary>y = filters * x + b.</summary>
    public void Convolve(int from, Filters filters, ReadOnlySpan<float> bias, int to) =>
        Convolve(from, filters, bias, to, default(Ops.Identity));

    /// <summary>y = then(filters * x + b).</summary>
    public void Convolve<F>(int from, Filters filters, ReadOnlySpan<float> bias, int to, F then) where F : struct, IElementwise
    {
        ArgumentNullException.ThrowIfNull(filters);
        if (isFollowed)
            reach.Convolve(from, filters, to);
        else
            steps.Convolve(from, filters, bias, to, then);
    }

    /// <summary>The largest of each window.</summary>
    public void Max(int from, in Window window, int to)
    {
        if (isFollowed)
            reach.Pool(from, window, to);
        else
            steps.Max(from, window, to);
    }

    /// <summary>The mean of each window.</summary>
    public void Average(int from, in Window window, int to)
    {
        if (isFollowed)
            reach.Pool(from, window, to);
        else
            steps.Average(from, window, to);
    }

    /// <summary>Sums over neighbouring channels; see <see cref="CompilerServices.Neighbours.Sum"/>.</summary>
    public void Neighbours(int from, int to, int before, int after, float factor, float offset)
    {
        if (isFollowed)
            reach.Neighbours(from, to, before + after + 1);
        else
            steps.Neighbours(from, to, before, after, factor, offset);
    }

    /// <summary>A border of one number around a value.</summary>
    /// <param name="from">What it surrounds.</param>
    /// <param name="to">The value.</param>
    /// <param name="above">Rows above it.</param>
    /// <param name="before">Columns before it.</param>
    /// <param name="fill">The number.</param>
    public void Surround(int from, int to, int above, int before, float fill)
    {
        if (isFollowed)
            reach.Surround(from, to, above, before);
        else
            steps.Surround(from, to, above, before, fill);
    }

    /// <summary>Channels of several values one after the other.</summary>
    public void Join(int to, scoped ReadOnlySpan<int> parts)
    {
        if (isFollowed)
            reach.Join(to, parts);
        else
            steps.Join(to, parts);
    }

    /// <summary>y = map(a).</summary>
    public void Map<F>(F map, int to, PatchOperand a) where F : struct, IMap1
    {
        if (isFollowed)
            reach.Map(to, [a.Value]);
        else
            steps.Map(map, to, a);
    }

    /// <summary>y = map(a, b).</summary>
    public void Map<F>(F map, int to, PatchOperand a, PatchOperand b) where F : struct, IMap2
    {
        if (isFollowed)
            reach.Map(to, [a.Value, b.Value]);
        else
            steps.Map(map, to, a, b);
    }

    /// <summary>y = map(a, b, c).</summary>
    public void Map<F>(F map, int to, PatchOperand a, PatchOperand b, PatchOperand c) where F : struct, IMap3
    {
        if (isFollowed)
            reach.Map(to, [a.Value, b.Value, c.Value]);
        else
            steps.Map(map, to, a, b, c);
    }

    /// <summary>y = map(a, b, c, d).</summary>
    public void Map<F>(F map, int to, PatchOperand a, PatchOperand b, PatchOperand c, PatchOperand d) where F : struct, IMap4
    {
        if (isFollowed)
            reach.Map(to, [a.Value, b.Value, c.Value, d.Value]);
        else
            steps.Map(map, to, a, b, c, d);
    }

    /// <summary>Writes whole values: what was kept, and over it what was recomputed.</summary>
    /// <param name="from">The value.</param>
    /// <param name="to">[rows, size].</param>
    public readonly void Splice(int from, Span<float> to) => steps.Splice(from, to);

    /// <summary>
    /// y = scale * the sum over all positions, in ascending order, as <see cref="Reduce.Sum"/> takes it of a value that is whole.
    /// </summary>
    /// <param name="from">The value.</param>
    /// <param name="to">[rows, channels].</param>
    /// <param name="scale">The scale.</param>
    public readonly void Sum(int from, Span<float> to, float scale) => steps.Sum(from, to, scale);
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
