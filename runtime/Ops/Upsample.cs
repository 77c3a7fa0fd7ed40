namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// Each value repeated along every axis but the channels: [channels, length] or [channels, height, width], as PyTorch's interpolate
    /// with mode nearest.
    /// </summary>
    /// <exception cref="ArgumentException">x has other axes, or the scale is below 1.</exception>
    public static Tensor UpsampleNearest(Tensor x, int scale)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank is not (2 or 3))
            throw Expect.Refusal($"{nameof(UpsampleNearest)} takes [channels, length] or [channels, height, width], but was given "
                + $"{x.Shape}.", nameof(x));
        Expect.AtLeast(1, scale, nameof(scale), nameof(UpsampleNearest));
        return Upsampled(x, scale, (place, _) => [(place / scale, 1)]);
    }

    /// <summary>
    /// Between values in straight lines along both axes of [channels, height, width], as PyTorch's interpolate with mode bilinear: with
    /// aligned corners the outermost values stay where they are, without them each value is the middle of its pixels.
    /// </summary>
    /// <exception cref="ArgumentException">x has other axes, or the scale is below 1.</exception>
    public static Tensor UpsampleBilinear(Tensor x, int scale, bool alignCorners = false)
    {
        Expect.Rank(x, 3, nameof(UpsampleBilinear), "[channels, height, width]");
        Expect.AtLeast(1, scale, nameof(scale), nameof(UpsampleBilinear));
        return Upsampled(x, scale, (place, size) =>
        {
            var at = alignCorners
                ? size * scale == 1 ? 0 : place * (size - 1.0) / (size * scale - 1)
                : Math.Max(0, (place + 0.5) / scale - 0.5);
            var low = Math.Min((int)at, size - 1);
            return [(low, 1 - (at - low)), (Math.Min(low + 1, size - 1), at - low)];
        });
    }

    private static Tensor Upsampled(Tensor x, int scale, Func<int, int, (int, double)[]> taps)
    {
        for (var axis = 1; axis < x.Shape.Rank; axis++)
        {
            var size = x.Shape[axis];
            x = Resampled(x, axis, Shape.Axis((long)size * scale), place => taps(place, size));
        }
        return x;
    }
}
