using System.Diagnostics.CodeAnalysis;

namespace Whence.Kernels;

/// <summary>Dense layers over a batch of rows.</summary>
public static unsafe class MatMul
{
    /// <summary>y = x W^T + b: from x [rows, inputs] to y [rows, outputs].</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">The packed weight.</param>
    /// <param name="bias">[outputs], or empty for none.</param>
    /// <param name="y">Out, [rows, outputs]; must not overlap x.</param>
    /// <param name="rows">How many rows. No row's bits depend on the others.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Affine(ReadOnlySpan<float> x, Matrix weight, ReadOnlySpan<float> bias, Span<float> y, int rows) =>
        Affine(x, weight, bias, y, rows, default(Ops.Identity));

    /// <summary>y = then(x W^T + b), in one pass over y.</summary>
    /// <inheritdoc cref="Affine(ReadOnlySpan{float}, Matrix, ReadOnlySpan{float}, Span{float}, int)"/>
    public static void Affine<F>(ReadOnlySpan<float> x, Matrix weight, ReadOnlySpan<float> bias, Span<float> y, int rows, F then) where F : struct, IElementwise
    {
        Extent.Check(x, weight.Inputs, bias, weight.Outputs, y, weight.Outputs, rows);
        fixed (float* input = x, start = bias, output = y)
        {
            nint offset = 0;
            var sites = new Sites
            {
                Input = input,
                Output = output,
                Examples = rows,
                Height = 1,
                Width = 1,
                InputExample = weight.Inputs,
                OutputExample = weight.Outputs,
            };
            Product.Run(weight.Panels, new Taps(&offset, 1, weight.Inputs), sites, start, then);
        }
    }
}

/// <summary>The lengths that the products ask of their spans.</summary>
internal static class Extent
{
    public static void Check(ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> bias, int channels, ReadOnlySpan<float> y, int outputs, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (x.Length < (long)rows * inputs)
            Throw(nameof(x), rows, inputs, x.Length);
        if (y.Length < (long)rows * outputs)
            Throw(nameof(y), rows, outputs, y.Length);
        if (!bias.IsEmpty && bias.Length < channels)
            Throw(nameof(bias), 1, channels, bias.Length);
        if (rows > 0 && x[..(rows * inputs)].Overlaps(y[..(rows * outputs)]))
            throw new ArgumentException("The result is written while the input is read: give y memory that x does not use.", nameof(y));
    }

    [DoesNotReturn]
    private static void Throw(string name, int rows, int size, int found) =>
        throw new ArgumentException($"{name} needs {(long)rows * size} floats, {rows} x {size}, but has {found}.", name);
}
