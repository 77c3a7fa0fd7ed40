namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>
/// Products with weights by a group. Of many rows a thread has eight by four numbers at a time in registers; of one row, one number. A
/// number is one sum over ascending depth, begun with the bias. Weights lie [depth][outputs], their rows filled up to fours. Called by
/// generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupProduct
{
    /// <summary>y = then(x W^T + b) at so many positions: from x [positions, inputs] to y [positions, outputs].</summary>
    public static void Dense<F>(Tile x, Tile weights, Tile bias, Tile y, int positions, int inputs, int outputs, F then)
        where F : struct, IMap1 => Dense<Biased, F>(x, weights, bias, y, positions, inputs, outputs);

    /// <summary>The same without a bias.</summary>
    public static void Dense<F>(Tile x, Tile weights, Tile y, int positions, int inputs, int outputs, F then)
        where F : struct, IMap1 => Dense<Unbiased, F>(x, weights, weights, y, positions, inputs, outputs);

    /// <summary>The same of a value that is one row.</summary>
    public static void DenseOfOne<F>(Tile x, Tile weights, Tile bias, Tile y, int positions, int inputs, int outputs, F then)
        where F : struct, IMap1 => DenseOfOne<Biased, F>(x, weights, bias, y, positions, inputs, outputs);

    /// <summary>The same without a bias.</summary>
    public static void DenseOfOne<F>(Tile x, Tile weights, Tile y, int positions, int inputs, int outputs, F then)
        where F : struct, IMap1 => DenseOfOne<Unbiased, F>(x, weights, weights, y, positions, inputs, outputs);

    private static void Dense<B, F>(Tile x, Tile weights, Tile bias, Tile y, int positions, int inputs, int outputs)
        where B : struct, IBias
        where F : struct, IMap1
    {
        var octets = y.Pitch / 8;
        var quads = (outputs + 3) / 4;
        for (var unit = ThisGroup.Thread; unit < octets * quads * positions; unit += ThisGroup.Threads)
        {
            var rest = unit / octets;
            var octet = unit - rest * octets;
            var position = rest / quads;
            var quad = rest - position * quads;
            var sums = Octet.Of(B.At(bias, quad * 4, outputs));
            var at = position * inputs * octets * 2 + octet * 2;
            for (var k = 0; k < inputs; k++)
                sums = sums.Add(x.Four(at + k * octets * 2), x.Four(at + k * octets * 2 + 1), weights.Four(k * quads + quad));
            sums.Write<F>(y, position * outputs + quad * 4, octet, outputs - quad * 4);
        }
    }

    private static void DenseOfOne<B, F>(Tile x, Tile weights, Tile bias, Tile y, int positions, int inputs, int outputs)
        where B : struct, IBias
        where F : struct, IMap1
    {
        var pitch = (outputs + 3) / 4 * 4;
        for (var n = ThisGroup.Thread; n < positions * outputs; n += ThisGroup.Threads)
        {
            var position = n / outputs;
            var output = n - position * outputs;
            var sum = B.At(bias, output);
            for (var k = 0; k < inputs; k++)
                sum += x[position * inputs + k] * weights[k * pitch + output];
            y[n] = default(F).At<float, GpuMath>(sum);
        }
    }

    /// <summary>y = a b for so many pairs of matrices; a [count, n, k] and b [count, k, m], or transposed.</summary>
    public static void Matrices(Tile a, Tile b, Tile y, int count, int n, int k, int m, bool transposeA = false, bool transposeB = false)
    {
        var (up, along) = transposeA ? (1, n) : (k, 1);
        var (down, across) = transposeB ? (1, k) : (m, 1);
        for (var element = ThisGroup.Thread; element < count * n * m * y.Pitch; element += ThisGroup.Threads)
        {
            var place = element / y.Pitch;
            var row = element - place * y.Pitch;
            var line = place / m;
            var column = place - line * m;
            var pair = line / n;
            var from = pair * n * k + (line - pair * n) * up;
            var with = pair * k * m + column * across;
            var sum = 0f;
            for (var i = 0; i < k; i++)
                sum += a.At(from + i * along, row) * b.At(with + i * down, row);
            y[element] = sum;
        }
    }

    /// <summary>What a sum begins with.</summary>
    internal interface IBias
    {
        /// <summary>Of an output.</summary>
        static abstract float At(Tile bias, int output);

        /// <summary>Of four, the last again beyond it.</summary>
        static abstract Float4 At(Tile bias, int output, int outputs);
    }

    internal readonly struct Biased : IBias
    {
        public static float At(Tile bias, int output) => bias[output];

        public static Float4 At(Tile bias, int output, int outputs) => new(
            bias[output], bias[Math.Min(output + 1, outputs - 1)], bias[Math.Min(output + 2, outputs - 1)],
            bias[Math.Min(output + 3, outputs - 1)]);
    }

    internal readonly struct Unbiased : IBias
    {
        public static float At(Tile bias, int output) => 0f;

        public static Float4 At(Tile bias, int output, int outputs) => new(0f, 0f, 0f, 0f);
    }
}
