namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>How a convolution, or its transpose, looks from its result at its operand. Constants in generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Sliding
{
    /// <summary>Parts into which the channels of both sides are divided.</summary>
    public int Groups;

    /// <summary>Channels of one part of the operand, and of the result.</summary>
    public int Channels;
    public int Outputs;

    /// <summary>Rows and columns of the operand.</summary>
    public int Height;
    public int Width;

    /// <summary>Rows and columns of the result.</summary>
    public int SiteHeight;
    public int SiteWidth;
    public int KernelHeight;
    public int KernelWidth;
    public int StrideHeight;
    public int StrideWidth;
    public int PadHeight;
    public int PadWidth;
    public int DilationHeight;
    public int DilationWidth;
}

/// <summary>
/// Convolutions and their transposes over [height][width][channels] by a group: like <see cref="GroupProduct"/>, a tap outside the image
/// adding nothing. Weights lie [groups][taps][channels][outputs], their rows filled up to fours. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupConvolve
{
    /// <summary>y = then(filters * x + b).</summary>
    public static void Affine<F>(Tile x, Tile weights, Tile bias, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        Rows<GroupProduct.Biased, Looked, F>(x, weights, bias, y, how);

    /// <summary>The same without a bias.</summary>
    public static void Affine<F>(Tile x, Tile weights, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        Rows<GroupProduct.Unbiased, Looked, F>(x, weights, weights, y, how);

    /// <summary>The same of a value that is one row.</summary>
    public static void AffineOfOne<F>(Tile x, Tile weights, Tile bias, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        One<GroupProduct.Biased, Looked, F>(x, weights, bias, y, how);

    /// <summary>The same without a bias.</summary>
    public static void AffineOfOne<F>(Tile x, Tile weights, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        One<GroupProduct.Unbiased, Looked, F>(x, weights, weights, y, how);

    /// <summary>The transpose, from filters to channels.</summary>
    public static void Transposed<F>(Tile x, Tile weights, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        Rows<GroupProduct.Unbiased, LookedAt, F>(x, weights, weights, y, how);

    /// <inheritdoc cref="Transposed{F}(Tile, Tile, Tile, Sliding, F)"/>
    public static void Transposed<F>(Tile x, Tile weights, Tile bias, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        Rows<GroupProduct.Biased, LookedAt, F>(x, weights, bias, y, how);

    /// <summary>The transpose of a value that is one row.</summary>
    public static void TransposedOfOne<F>(Tile x, Tile weights, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        One<GroupProduct.Unbiased, LookedAt, F>(x, weights, weights, y, how);

    /// <inheritdoc cref="TransposedOfOne{F}(Tile, Tile, Tile, Sliding, F)"/>
    public static void TransposedOfOne<F>(Tile x, Tile weights, Tile bias, Tile y, Sliding how, F then) where F : struct, IMap1 =>
        One<GroupProduct.Biased, LookedAt, F>(x, weights, bias, y, how);

    private static void Rows<B, S, F>(Tile x, Tile weights, Tile bias, Tile y, Sliding s)
        where B : struct, GroupProduct.IBias
        where S : struct, IPlaces
        where F : struct, IMap1
    {
        var octets = y.Pitch / 8;
        var quads = (s.Outputs + 3) / 4;
        var taps = s.KernelHeight * s.KernelWidth;
        for (var unit = ThisGroup.Thread; unit < octets * quads * s.Groups * s.SiteHeight * s.SiteWidth; unit += ThisGroup.Threads)
        {
            var rest = unit / octets;
            var octet = unit - rest * octets;
            var each = rest / quads;
            var quad = rest - each * quads;
            var site = each / s.Groups;
            var part = each - site * s.Groups;
            var sums = Octet.Of(B.At(bias, part * s.Outputs + quad * 4, (part + 1) * s.Outputs));
            for (var tap = 0; tap < taps; tap++)
            {
                var place = S.At(s, site, tap);
                if (place >= 0)
                {
                    var at = (place * s.Groups + part) * s.Channels * octets * 2 + octet * 2;
                    var with = (part * taps + tap) * s.Channels * quads + quad;
                    for (var c = 0; c < s.Channels; c++)
                        sums = sums.Add(x.Four(at + c * octets * 2), x.Four(at + c * octets * 2 + 1), weights.Four(with + c * quads));
                }
            }
            sums.Write<F>(y, (site * s.Groups + part) * s.Outputs + quad * 4, octet, s.Outputs - quad * 4);
        }
    }

    private static void One<B, S, F>(Tile x, Tile weights, Tile bias, Tile y, Sliding s)
        where B : struct, GroupProduct.IBias
        where S : struct, IPlaces
        where F : struct, IMap1
    {
        var pitch = (s.Outputs + 3) / 4 * 4;
        var taps = s.KernelHeight * s.KernelWidth;
        for (var n = ThisGroup.Thread; n < s.SiteHeight * s.SiteWidth * s.Groups * s.Outputs; n += ThisGroup.Threads)
        {
            var site = n / (s.Groups * s.Outputs);
            var channel = n - site * s.Groups * s.Outputs;
            var part = channel / s.Outputs;
            var output = channel - part * s.Outputs;
            var sum = B.At(bias, channel);
            for (var tap = 0; tap < taps; tap++)
            {
                var place = S.At(s, site, tap);
                if (place >= 0)
                {
                    var (at, with) = ((place * s.Groups + part) * s.Channels, (part * taps + tap) * s.Channels);
                    for (var c = 0; c < s.Channels; c++)
                        sum += x[at + c] * weights[(with + c) * pitch + output];
                }
            }
            y[n] = default(F).At<float, GpuMath>(sum);
        }
    }

    /// <summary>What a place of the result reads.</summary>
    private interface IPlaces
    {
        /// <summary>The operand's place at a tap; -1 outside it.</summary>
        static abstract int At(in Sliding s, int site, int tap);
    }

    /// <summary>What a convolution looks at.</summary>
    private readonly struct Looked : IPlaces
    {
        public static int At(in Sliding s, int site, int tap)
        {
            var (row, line) = (site / s.SiteWidth, tap / s.KernelWidth);
            var y = row * s.StrideHeight - s.PadHeight + line * s.DilationHeight;
            var x = (site - row * s.SiteWidth) * s.StrideWidth - s.PadWidth + (tap - line * s.KernelWidth) * s.DilationWidth;
            return y >= 0 & y < s.Height & x >= 0 & x < s.Width ? y * s.Width + x : -1;
        }
    }

    /// <summary>The outputs that look at an input.</summary>
    private readonly struct LookedAt : IPlaces
    {
        public static int At(in Sliding s, int site, int tap)
        {
            var (row, line) = (site / s.SiteWidth, tap / s.KernelWidth);
            var y = row + s.PadHeight - line * s.DilationHeight;
            var x = site - row * s.SiteWidth + s.PadWidth - (tap - line * s.KernelWidth) * s.DilationWidth;
            var (outY, outX) = (y / s.StrideHeight, x / s.StrideWidth);
            // Division goes towards zero: what is negative must not pass for the first row.
            var isOn = y >= 0 & x >= 0 & outY * s.StrideHeight == y & outX * s.StrideWidth == x & outY < s.Height & outX < s.Width;
            return isOn ? outY * s.Width + outX : -1;
        }
    }
}
