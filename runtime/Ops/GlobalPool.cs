namespace Whence;

public static partial class Nn
{
    /// <summary>The mean of each channel: [channels, ...] to [channels].</summary>
    /// <exception cref="ArgumentException">x has no axis beside the channels.</exception>
    public static Tensor GlobalAvgPool(Tensor x) => PerChannel(nameof(GlobalAvgPool), x, static channel =>
    {
        var sum = 0.0;
        foreach (var value in channel)
            sum += value;
        return sum / channel.Length;
    });

    /// <summary>The largest element of each channel: [channels, ...] to [channels].</summary>
    /// <exception cref="ArgumentException">x has no axis beside the channels.</exception>
    public static Tensor GlobalMaxPool(Tensor x) => PerChannel(nameof(GlobalMaxPool), x, static channel =>
    {
        var max = double.NegativeInfinity;
        foreach (var value in channel)
            max = Math.Max(max, value);
        return max;
    });

    private static Tensor PerChannel(string op, Tensor x, Func<ReadOnlySpan<double>, double> pool)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank < 2)
            throw Expect.Refusal($"{op} takes [channels, length] or [channels, height, width], but was given {x.Shape}.", nameof(x));
        var y = new double[x.Shape[0]];
        var area = x.Shape.Size / y.Length;
        for (var c = 0; c < y.Length; c++)
            y[c] = pool(x.Values.Slice(c * area, area));
        return Tensor.Own(new Shape(y.Length), y);
    }
}
