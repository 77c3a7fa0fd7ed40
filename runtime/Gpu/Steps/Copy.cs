namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;
using Whence.CompilerServices;

/// <summary>Boxes of elements from one place to another. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Copy
{
    /// <summary>
    /// Copies a box for each row r: y[yOffset + r yRow + sum of i_k To_k] = x[xOffset + r xRow + sum of i_k From_k], for each i_k below
    /// Extent_k.
    /// </summary>
    public static void Strided(Rows x, int xOffset, Rows y, int yOffset, int rows, RowStride xRow, int yRow, in Strides s)
    {
        var (extent, from, to) = (s.Extent, s.From, s.To);
        var size = extent.Item1 * extent.Item2 * extent.Item3 * extent.Item4;
        Lane.Current.Launch<Box, CopyArguments>((long)rows * size, new CopyArguments
        {
            X = x.View, Y = y.View, Count = rows * size, Size = size, XOffset = xOffset, YOffset = yOffset, XRow = xRow.Each,
            XPath = xRow.Path, Steps = Math.Max(1, xRow.Steps), FirstStep = xRow.FirstStep, YRow = yRow,
            Extent1 = extent.Item2, Extent2 = extent.Item3, Extent3 = extent.Item4,
            From0 = from.Item1, From1 = from.Item2, From2 = from.Item3, From3 = from.Item4,
            To0 = to.Item1, To1 = to.Item2, To2 = to.Item3, To3 = to.Item4,
        });
    }

    /// <inheritdoc cref="Strided(Rows, int, Rows, int, int, RowStride, int, in Strides)"/>
    public static void Strided(float[] x, int xOffset, Rows y, int yOffset, int rows, int xRow, int yRow, in Strides s) =>
        Strided(new Rows(Lane.Current.Device.Uploads.Of(x)), xOffset, y, yOffset, rows, xRow, yRow, s);

    /// <summary>y = value, everywhere.</summary>
    public static void Fill(Rows y, float value) =>
        Lane.Current.Launch<Value, FillArguments>(y.Length, new FillArguments { Y = y.View, Count = y.Length, Number = value });

    private readonly struct Box : IKernel<CopyArguments>
    {
        public static void Run(CopyArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var row = n / p.Size;
            var rest = n - row * p.Size;
            var line = rest / p.Extent3;
            var i3 = rest - line * p.Extent3;
            var plane = line / p.Extent2;
            var i2 = line - plane * p.Extent2;
            var i0 = plane / p.Extent1;
            var i1 = plane - i0 * p.Extent1;
            p.Y[p.YOffset + row * p.YRow + i0 * p.To0 + i1 * p.To1 + i2 * p.To2 + i3 * p.To3] =
                p.X[p.XOffset + row * p.XRow + (row + p.FirstStep) / p.Steps * p.XPath + i0 * p.From0 + i1 * p.From1 + i2 * p.From2
                    + i3 * p.From3];
        }
    }

    private readonly struct Value : IKernel<FillArguments>
    {
        public static void Run(FillArguments p)
        {
            var n = ThisThread.Element;
            if (n < p.Count)
                p.Y[n] = p.Number;
        }
    }
}

internal struct CopyArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Y;
    public int Count;
    public int Size;
    public int XOffset;
    public int YOffset;
    public int XRow;
    public int XPath;
    public int Steps;
    public int FirstStep;
    public int YRow;
    public int Extent1;
    public int Extent2;
    public int Extent3;
    public int From0;
    public int From1;
    public int From2;
    public int From3;
    public int To0;
    public int To1;
    public int To2;
    public int To3;
}

internal struct FillArguments
{
    public ArrayView<float> Y;
    public int Count;
    public float Number;
}
