namespace Whence;

/// <summary>
/// A window that slides over one input of a network, as <see cref="SpanExplainers.Occlusion"/> hides what lies under it. The last window of
/// an axis may stand over the edge, where it is cut off, so that one larger than the input hides all of that axis; windows that overlap are
/// averaged where they do (both as Captum does).
/// </summary>
[System.Text.Json.Serialization.JsonConverter(typeof(Json.SlidingWindowConverter))]
public sealed class SlidingWindow
{
    private readonly int[] sizes;
    private readonly int[] strides;

    /// <summary>A window of these sizes, one for each axis of the input, that moves by one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public SlidingWindow(params int[] sizes)
        : this(sizes, null)
    {
    }

    /// <summary>A window of these sizes that moves by these strides, one of each for each axis of the input.</summary>
    /// <param name="sizes">What the window covers.</param>
    /// <param name="strides">How far it moves; at most its size, so that no element is left out; 1 on every axis if null.</param>
    /// <param name="input">The name of the input it slides over; the first if null.</param>
    /// <exception cref="ArgumentException">There is not one stride for each size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or stride is below 1, or a stride over its size.</exception>
    public SlidingWindow(int[] sizes, int[]? strides, string? input = null)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        this.sizes = [.. sizes];
        this.strides = strides is null ? [.. sizes.Select(_ => 1)] : [.. strides];
        Input = input;
        if (this.strides.Length != sizes.Length)
            throw new ArgumentException($"There must be a stride for each of the window's {sizes.Length} axes, but there are "
                + $"{this.strides.Length}.", nameof(strides));
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] < 1)
                throw new ArgumentOutOfRangeException(nameof(sizes), sizes[axis],
                    $"A window covers at least 1 element on each axis, but {sizes[axis]} on axis {axis}.");
            if (this.strides[axis] < 1 || this.strides[axis] > sizes[axis])
                throw new ArgumentOutOfRangeException(nameof(strides), this.strides[axis],
                    $"A stride lies between 1 and the window's size, {sizes[axis]} on axis {axis}, but is {this.strides[axis]}.");
        }
    }

    /// <summary>What it covers, on each axis.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>How far it moves, on each axis.</summary>
    public ReadOnlySpan<int> Strides => strides;

    /// <summary>The name of the input it slides over; null for the first.</summary>
    public string? Input { get; }

    /// <summary>How many places it takes on an axis of this length.</summary>
    internal int Places(int axis, int length) => length <= sizes[axis] ? 1 : (length - sizes[axis] + strides[axis] - 1) / strides[axis] + 1;
}
