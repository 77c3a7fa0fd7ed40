namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;
using Whence.CompilerServices;

/// <summary>Dense layers over rows, and products of two matrices for each row. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MatMul
{
    /// <summary>y = then(x W^T + b): from x [rows, inputs] to y [rows, outputs]. A bias of no elements is none.</summary>
    public static void Affine<F>(Rows x, Matrix weight, float[] bias, Rows y, int rows, F then) where F : struct, IMap1 =>
        Affine(Factor.Of(new Operand(x, weight.Inputs)), weight, bias, Epilogue.Of(then), new Result(y, weight.Outputs), rows);

    /// <summary>
    /// result = epilogue(x W^T + b), for so many vectors in each row: x [rows, repeat, inputs], the result [rows, repeat, outputs]. A bias
    /// of no elements is none.
    /// </summary>
    public static void Affine<TFactor, TEpilogue>(Factor<TFactor> x, Matrix weight, float[] bias, Epilogue<TEpilogue> epilogue,
        Result result, int rows, int repeat = 1)
        where TFactor : struct, IFactor
        where TEpilogue : struct, IEpilogue
    {
        var uploads = Lane.Current.Device.Uploads;
        var p = new ProductArguments
        {
            Weights = uploads.Of(weight.Tiles), Bias = uploads.Of(bias), HasBias = bias.Length == 0 ? 0 : 1, Examples = rows,
            Depth = weight.Inputs, Columns = weight.Outputs, Outputs = weight.Outputs, AllOutputs = weight.Outputs,
            Channels = weight.Inputs, AllChannels = weight.Inputs, Height = 1, Width = repeat, SiteHeight = 1, SiteWidth = repeat,
            KernelWidth = 1, StrideHeight = 1, StrideWidth = 1, DilationHeight = 1, DilationWidth = 1, OutHeight = 1, OutWidth = repeat,
            PhaseHeight = 1, PhaseWidth = 1,
        };
        if (repeat == 1)
            Products.Launch<DenseSites, TFactor, TEpilogue>(p, x, epilogue, result, 1);
        else
            Products.Launch<WindowSites, TFactor, TEpilogue>(p, x, epilogue, result, 1);
    }

    /// <summary>
    /// y = a b for each row, and in each row for so many pairs of matrices; a [count, n, k] and b [count, k, m], or transposed.
    /// </summary>
    public static void Product(Operand a, Operand b, Rows y, int rows, int count, int n, int k, int m, bool transposeA = false,
        bool transposeB = false)
    {
        var (steps, first) = Paths.Of(a, b);
        Lane.Current.Launch<MatrixProduct, MatrixProductArguments>((long)rows * count * n * m, new MatrixProductArguments
        {
            A = a.View, ARow = a.RowStride, APath = a.PathStride, B = b.View, BRow = b.RowStride, BPath = b.PathStride, Y = y.View,
            Elements = rows * count * n * m, Steps = steps, FirstStep = first, Count = count, N = n, K = k, M = m,
            AUp = transposeA ? 1 : k, AAlong = transposeA ? n : 1, BAlong = transposeB ? 1 : m, BAcross = transposeB ? k : 1,
        });
    }

    private readonly struct MatrixProduct : IKernel<MatrixProductArguments>
    {
        public static void Run(MatrixProductArguments p)
        {
            var element = Math.Min(ThisThread.Element, p.Elements - 1);
            var line = element / p.M;
            var column = element - line * p.M;
            var product = line / p.N;
            var from = line - product * p.N;
            var row = product / p.Count;
            var pair = product - row * p.Count;
            var path = (row + p.FirstStep) / p.Steps;
            var a = row * p.ARow + path * p.APath + pair * p.N * p.K + from * p.AUp;
            var b = row * p.BRow + path * p.BPath + pair * p.K * p.M + column * p.BAcross;
            // Places that a loop carries: what it does not, ILGPU computes again inside it, divisions and all.
            var sum = 0f;
            for (var i = 0; i < p.K; i++, a += p.AAlong, b += p.BAlong)
                sum += p.A[a] * p.B[b];
            p.Y[element] = sum;
        }
    }
}

internal struct MatrixProductArguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> Y;
    public int ARow;
    public int APath;
    public int BRow;
    public int BPath;
    public int Steps;
    public int FirstStep;
    public int Elements;
    public int Count;
    public int N;
    public int K;
    public int M;
    public int AUp;
    public int AAlong;
    public int BAlong;
    public int BAcross;
}
