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
        Product.Check(x, weight.Inputs, bias, weight.Outputs, y, weight.Outputs, rows);
        fixed (float* input = x, start = bias, output = y)
        {
            var run = default(Run);
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
            Product.Run(weight.Panels, new Taps(&run, 1, weight.Inputs), sites, start, then);
        }
    }
}
