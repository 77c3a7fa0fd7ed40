using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>Dense layers over a batch of rows, and products of two matrices for each row.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
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
    public static void Affine<F>(ReadOnlySpan<float> x, Matrix weight, ReadOnlySpan<float> bias, Span<float> y, int rows, F then)
        where F : struct, IElementwise
    {
        CompilerServices.Product.Check(x, weight.Inputs, bias, weight.Outputs, y, weight.Outputs, rows);
        fixed (float* input = x, start = bias, output = y)
            Run(input, weight.Inputs, weight, start, null, 0, output, weight.Outputs, rows, then);
    }

    /// <summary>y = x W^T + b, of rows that may be far apart.</summary>
    /// <param name="x">Rows of inputs.</param>
    /// <param name="weight">The packed weight.</param>
    /// <param name="bias">[outputs], or empty for none.</param>
    /// <param name="y">Out, rows of outputs; must not overlap x.</param>
    /// <param name="rows">How many rows. No row's bits depend on the others.</param>
    /// <exception cref="ArgumentException">A span is too short, or rows overlap.</exception>
    public static void Affine(Operand x, Matrix weight, ReadOnlySpan<float> bias, Destination y, int rows) =>
        Affine(x, weight, bias, y, rows, default(Ops.Identity));

    /// <summary>y = then(x W^T + b), in one pass over y.</summary>
    /// <inheritdoc cref="Affine(Operand, Matrix, ReadOnlySpan{float}, Destination, int)"/>
    public static void Affine<F>(Operand x, Matrix weight, ReadOnlySpan<float> bias, Destination y, int rows, F then)
        where F : struct, IElementwise
    {
        if (!bias.IsEmpty)
            Lengths.Require(bias, 1, weight.Outputs, nameof(bias));
        Affine(x, weight, bias, default, y, rows, then);
    }

    /// <summary>y = start + x W^T, of rows that may be far apart: each number of y is one chain that begins with start's.</summary>
    /// <param name="x">Rows of inputs.</param>
    /// <param name="weight">The packed weight.</param>
    /// <param name="start">Rows of outputs.</param>
    /// <param name="y">Out, rows of outputs; must not overlap x or start.</param>
    /// <param name="rows">How many rows. No row's bits depend on the others.</param>
    /// <exception cref="ArgumentException">A span is too short, or rows overlap.</exception>
    public static void Affine(Operand x, Matrix weight, Operand start, Destination y, int rows) =>
        Affine(x, weight, start, y, rows, default(Ops.Identity));

    /// <summary>y = then(start + x W^T), in one pass over y.</summary>
    /// <inheritdoc cref="Affine(Operand, Matrix, Operand, Destination, int)"/>
    public static void Affine<F>(Operand x, Matrix weight, Operand start, Destination y, int rows, F then) where F : struct, IElementwise
    {
        start.Require(rows, weight.Outputs, nameof(start));
        if (rows > 0 && start.Data.Overlaps(y.Data))
            throw new ArgumentException("The result is written while start is read: y must be memory that it does not use.", nameof(y));
        Affine(x, weight, [], start, y, rows, then);
    }

    private static void Affine<F>(Operand x, Matrix weight, ReadOnlySpan<float> bias, Operand start, Destination y, int rows, F then)
        where F : struct, IElementwise
    {
        x.Require(rows, weight.Inputs, nameof(x));
        var row = y.Require(rows, weight.Outputs, nameof(y));
        if (rows > 0 && x.Data.Overlaps(y.Data))
            throw new ArgumentException("The result is written while the input is read: y must be memory that x does not use.", nameof(y));
        fixed (float* input = x.Data, once = bias, each = start.Data, output = y.Data)
            Run(input, x.RowStride, weight, once, each, start.RowStride, output, row, rows, then);
    }

    // Each row begins with the bias, or with a row of its own where there are some.
    private static void Run<F>(
        float* x, int xRow, Matrix weight, float* bias, float* start, int startRow, float* y, int yRow, int rows, F then)
        where F : struct, IElementwise
    {
        var run = default(Run);
        var sites = new Sites
        {
            Input = x,
            Output = y,
            Examples = rows,
            Height = 1,
            Width = 1,
            InputExample = xRow,
            OutputExample = yRow,
            Start = start,
            StartExample = startRow,
        };
        CompilerServices.Product.Run(weight.Panels, new Taps(&run, 1, weight.Inputs), sites, bias, then);
    }

    /// <summary>
    /// y = a b for each row, and in each row for so many pairs of matrices, one after the other. Each number of y is one chain of fused
    /// multiply-adds over ascending k.
    /// </summary>
    /// <param name="a">[rows][count, n, k], or [rows][count, k, n] if transposed; a row stride of 0 serves all rows.</param>
    /// <param name="b">[rows][count, k, m], or [rows][count, m, k] if transposed; a row stride of 0 serves all rows.</param>
    /// <param name="y">Out, [rows, count, n, m]; must not overlap a or b.</param>
    /// <param name="rows">How many rows. No row's bits depend on the others.</param>
    /// <param name="count">How many products a row has.</param>
    /// <param name="n">Rows of a product.</param>
    /// <param name="k">What is summed over.</param>
    /// <param name="m">Columns of a product.</param>
    /// <param name="transposeA">Whether a is kept transposed.</param>
    /// <param name="transposeB">Whether b is kept transposed.</param>
    /// <exception cref="ArgumentException">A span is too short, or y overlaps a factor.</exception>
    public static void Product(Operand a, Operand b, Span<float> y, int rows, int count, int n, int k, int m, bool transposeA = false,
        bool transposeB = false)
    {
        a.Require(rows, count * n * k, nameof(a));
        b.Require(rows, count * k * m, nameof(b));
        Lengths.Require(y, rows, count * n * m, nameof(y));
        if (a.Data.Overlaps(y[..(rows * count * n * m)]) || b.Data.Overlaps(y[..(rows * count * n * m)]))
            throw new ArgumentException("The result is written while the factors are read: y must be memory that neither uses.", nameof(y));
        using var panels = Scratch.Rent(new PanelView(null, k, m, Width.Best).Size);
        using var turned = Scratch.Rent(transposeA ? n * k : 0);
        var packed = new PanelView(panels.Start, k, m, Width.Best);
        fixed (float* first = a.Data, second = b.Data, to = y)
        {
            for (var product = 0; product < count; product++)
            {
                for (var row = 0; row < rows; row++)
                {
                    // What serves all rows is packed once.
                    if (row == 0 || b.RowStride > 0)
                        packed.Fill(second + (nint)row * b.RowStride + product * k * m, transposeB);
                    var from = first + (nint)row * a.RowStride + product * n * k;
                    if (transposeA)
                        from = Turn(from, turned.Start, k, n);
                    Multiply(from, packed, to + ((nint)row * count + product) * n * m, n);
                }
            }
        }
    }

    private static void Multiply(float* a, PanelView b, float* y, int n)
    {
        var run = default(Run);
        var sites =
            new Sites { Input = a, Output = y, Examples = n, Height = 1, Width = 1, InputExample = b.Depth, OutputExample = b.Columns };
        CompilerServices.Product.Run(b, new Taps(&run, 1, b.Depth), sites, null, default(Ops.Identity));
    }

    // [outer][inner] to [inner][outer].
    private static float* Turn(float* from, float* to, int outer, int inner)
    {
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
                to[i * outer + o] = from[o * inner + i];
        }
        return to;
    }
}
