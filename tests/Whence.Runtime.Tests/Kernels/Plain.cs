using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

/// <summary>Products as their definitions say them, in double precision.</summary>
internal static class Plain
{
    public static double[] Values(int seed, int count)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (double)(float)(random.NextDouble() * 2 - 1)).ToArray();
    }

    public static float[] Floats(int seed, int count) => Values(seed, count).Select(value => (float)value).ToArray();

    /// <summary>x W^T + b.</summary>
    public static double[] Affine(float[] x, double[] weight, float[] bias, int outputs, int inputs, int rows)
    {
        var y = new double[rows * outputs];
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < outputs; output++)
            {
                double sum = bias.Length == 0 ? 0 : bias[output];
                for (var input = 0; input < inputs; input++)
                    sum += weight[output * inputs + input] * x[row * inputs + input];
                y[row * outputs + output] = sum;
            }
        }
        return y;
    }

    /// <summary>[outputs, inputs] to [inputs, outputs].</summary>
    public static double[] Transpose(double[] weight, int outputs, int inputs) =>
        Enumerable.Range(0, weight.Length).Select(i => weight[i % outputs * inputs + i / outputs]).ToArray();

    /// <summary>The convolution of examples in memory order.</summary>
    public static double[] Convolve(float[] x, double[] weight, float[] bias, Window window, int rows)
    {
        var y = new double[rows * window.OutputSize];
        for (var i = 0; i < y.Length; i++)
            y[i] = bias.Length == 0 ? 0 : bias[i % window.Filters];
        Connections(window, (input, output, at) =>
        {
            for (var row = 0; row < rows; row++)
                y[row * window.OutputSize + output] += weight[at] * x[row * window.InputSize + input];
        });
        return y;
    }

    /// <summary>Its transpose, from outputs back to inputs.</summary>
    public static double[] ConvolveBack(float[] m, double[] weight, float[] bias, Window window, int rows)
    {
        var back = new double[rows * window.InputSize];
        for (var i = 0; i < back.Length; i++)
            back[i] = bias.Length == 0 ? 0 : bias[i % window.Channels];
        Connections(window, (input, output, at) =>
        {
            for (var row = 0; row < rows; row++)
                back[row * window.InputSize + input] += weight[at] * m[row * window.OutputSize + output];
        });
        return back;
    }

    /// <summary>
    /// Every (input, output, weight) that a convolution connects, as indices into an example before, one after, and the weight.
    /// </summary>
    private static void Connections(Window w, Action<int, int, int> connect)
    {
        var (channels, filters) = (w.Channels / w.Groups, w.Filters / w.Groups);
        for (var filter = 0; filter < w.Filters; filter++)
        for (var channel = 0; channel < channels; channel++)
        for (var ky = 0; ky < w.KernelHeight; ky++)
        for (var kx = 0; kx < w.KernelWidth; kx++)
        for (var oy = 0; oy < w.OutHeight; oy++)
        for (var ox = 0; ox < w.OutWidth; ox++)
        {
            var iy = oy * w.StrideHeight + ky * w.DilationHeight - w.PadHeight;
            var ix = ox * w.StrideWidth + kx * w.DilationWidth - w.PadWidth;
            if (iy < 0 || iy >= w.Height || ix < 0 || ix >= w.Width)
                continue;
            connect(
                (iy * w.Width + ix) * w.Channels + filter / filters * channels + channel,
                (oy * w.OutWidth + ox) * w.Filters + filter,
                ((filter * channels + channel) * w.KernelHeight + ky) * w.KernelWidth + kx);
        }
    }

    /// <summary>Asserts that floats are the doubles within rounding, relative to the largest.</summary>
    public static void AssertNear(double[] expected, ReadOnlySpan<float> found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        var size = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 3e-6 * size, $"{what}: at {i} {expected[i]} is expected, {found[i]} found.");
    }
}
