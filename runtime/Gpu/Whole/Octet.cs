namespace Whence.Gpu;

using Whence.CompilerServices;

/// <summary>Eight rows by four columns of a product, in registers.</summary>
internal readonly struct Octet(Float4 r0, Float4 r1, Float4 r2, Float4 r3, Float4 r4, Float4 r5, Float4 r6, Float4 r7)
{
    /// <summary>The same in all rows.</summary>
    public static Octet Of(Float4 row) => new(row, row, row, row, row, row, row, row);

    /// <summary>Adds the products of a column of eight and a row of four.</summary>
    public Octet Add(Float4 low, Float4 high, Float4 w) => new(
        Float4.Add(r0, low.X, w), Float4.Add(r1, low.Y, w), Float4.Add(r2, low.Z, w), Float4.Add(r3, low.W, w),
        Float4.Add(r4, high.X, w), Float4.Add(r5, high.Y, w), Float4.Add(r6, high.Z, w), Float4.Add(r7, high.W, w));

    /// <summary>Writes as many of its columns as there are, with a function on each number.</summary>
    public void Write<F>(Tile y, int place, int octet, int columns) where F : struct, IMap1
    {
        var at = place * (y.Pitch / 4) + octet * 2;
        var next = y.Pitch / 4;
        Write<F>(y, at, r0.X, r1.X, r2.X, r3.X, r4.X, r5.X, r6.X, r7.X);
        if (columns > 1)
            Write<F>(y, at + next, r0.Y, r1.Y, r2.Y, r3.Y, r4.Y, r5.Y, r6.Y, r7.Y);
        if (columns > 2)
            Write<F>(y, at + 2 * next, r0.Z, r1.Z, r2.Z, r3.Z, r4.Z, r5.Z, r6.Z, r7.Z);
        if (columns > 3)
            Write<F>(y, at + 3 * next, r0.W, r1.W, r2.W, r3.W, r4.W, r5.W, r6.W, r7.W);
    }

    private static void Write<F>(Tile y, int at, float a, float b, float c, float d, float e, float f, float g, float h)
        where F : struct, IMap1
    {
        y.Four(at, new Float4(Of<F>(a), Of<F>(b), Of<F>(c), Of<F>(d)));
        y.Four(at + 1, new Float4(Of<F>(e), Of<F>(f), Of<F>(g), Of<F>(h)));
    }

    private static float Of<F>(float value) where F : struct, IMap1 => default(F).At<float, GpuMath>(value);
}
