namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>A dense layer's weights as a product reads them, [inputs][outputs]. Immutable. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Matrix
{
    private Matrix(int inputs, int outputs, float[] weights) => (Inputs, Outputs, Weights) = (inputs, outputs, weights);

    internal int Inputs { get; }

    internal int Outputs { get; }

    internal float[] Weights { get; }

    /// <summary>Packs a weight [outputs, inputs], row-major as PyTorch keeps it, for y = W x.</summary>
    public static Matrix Pack(ReadOnlySpan<double> weight, int outputs, int inputs)
    {
        var packed = new float[checked(inputs * outputs)];
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < inputs; i++)
                packed[i * outputs + o] = (float)weight[o * inputs + i];
        }
        return new Matrix(inputs, outputs, packed);
    }

    /// <summary>Packs a weight [outputs, inputs] for the way back, x = W^T y.</summary>
    public static Matrix PackTransposed(ReadOnlySpan<double> weight, int outputs, int inputs)
    {
        var packed = new float[checked(inputs * outputs)];
        for (var i = 0; i < packed.Length; i++)
            packed[i] = (float)weight[i];
        return new Matrix(outputs, inputs, packed);
    }
}

/// <summary>
/// A convolution's weights as a product reads them, [groups][taps][channels before][channels after], and the window that they slide in.
/// Immutable. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Filters
{
    private Filters(ReadOnlySpan<double> weight, Window window, bool transposed)
    {
        (Window, IsTransposed) = (window, transposed);
        var (channels, filters, taps) = (window.Channels / window.Groups, window.Filters / window.Groups,
            window.KernelHeight * window.KernelWidth);
        (Before, After) = transposed ? (filters, channels) : (channels, filters);
        Weights = new float[weight.Length];
        for (var group = 0; group < window.Groups; group++)
        for (var tap = 0; tap < taps; tap++)
        for (var before = 0; before < Before; before++)
        for (var after = 0; after < After; after++)
        {
            var (filter, channel) = transposed ? (before, after) : (after, before);
            Weights[((group * taps + tap) * Before + before) * After + after] =
                (float)weight[((group * filters + filter) * channels + channel) * taps + tap];
        }
    }

    internal Window Window { get; }

    internal bool IsTransposed { get; }

    /// <summary>Channels of one group before.</summary>
    internal int Before { get; }

    /// <summary>Channels of one group after.</summary>
    internal int After { get; }

    internal float[] Weights { get; }

    /// <summary>Packs a weight [filters, channels / groups, kernelHeight, kernelWidth], row-major as PyTorch keeps it.</summary>
    public static Filters Pack(ReadOnlySpan<double> weight, in Window window) => new(weight, window, false);

    /// <summary>Packs the same weight for the way back, from filters to channels.</summary>
    public static Filters PackTransposed(ReadOnlySpan<double> weight, in Window window) => new(weight, window, true);
}
