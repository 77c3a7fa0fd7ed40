namespace Whence.Gpu;

using ILGPU;
using Whence.CompilerServices;

/// <summary>
/// Products of many rows with weights: a group of threads computes a tile of <see cref="Rows"/> sites and <see cref="Columns"/> outputs,
/// each thread eight by four of it in registers, over <see cref="Block"/> of the depth at a time from shared memory. A number of the result
/// is one sum over ascending depth, begun with the bias, whatever rows are computed beside it.
/// </summary>
/// <typeparam name="TSites">How the first factor is read.</typeparam>
/// <typeparam name="TThen">What is applied to each number of the result.</typeparam>
internal readonly struct Product<TSites, TThen> : IKernel<ProductArguments>
    where TSites : struct, ISites
    where TThen : struct, IMap1
{
    public const int Threads = 128;
    public const int Rows = 64;
    public const int Columns = 64;
    private const int Block = 16;

    // Of floats; a line more than the rows, so that what is written side by side lies in different banks.
    private const int Pitch = Rows + 4;

    public static void Run(ProductArguments p)
    {
        var factors = SharedMemory.Allocate<Float4>(Block * Pitch / 4);
        var weights = SharedMemory.Allocate<Float4>(Block * Columns / 4);
        var factor = factors.Cast<float>();
        var weight = weights.Cast<float>();
        var thread = Group.IdxX;
        var (across, down) = (thread % 16, thread / 16);
        var (firstRow, firstColumn) = (Grid.IdxX * Rows, Grid.IdxY * Columns);

        // What this thread brings: eight of the depth of one row, and eight of the depth of one column.
        var (mine, part) = (thread % 64, thread / 64 * 8);
        var site = TSites.At(p, Math.Min(firstRow + mine, p.Count - 1));
        var column = Math.Min(firstColumn + mine, p.Outputs - 1);
        var own = Grid.IdxZ * p.Depth * p.Outputs + column;

        var bias = Bias(p, firstColumn + across * 4);
        var (c0, c1, c2, c3, c4, c5, c6, c7) = (bias, bias, bias, bias, bias, bias, bias, bias);
        for (var start = 0; start < p.Depth; start += Block)
        {
            var tap = Tap.Of(p, Math.Min(start + part, p.Depth - 1));
            for (var i = 0; i < 8; i++)
            {
                var depth = start + part + i;
                var isInside = depth < p.Depth;
                var x = TSites.Read(p, site, tap);
                var w = p.Weights[own + Math.Min(depth, p.Depth - 1) * p.Outputs];
                factor[(part + i) * Pitch + mine] = isInside ? x : 0f;
                weight[(part + i) * Columns + mine] = isInside ? w : 0f;
                var next = tap.Next(p);
                // Past the end the last tap is read again.
                var isNext = depth + 1 < p.Depth;
                tap = new Tap(isNext ? next.Row : tap.Row, isNext ? next.Column : tap.Column, isNext ? next.Channel : tap.Channel);
            }
            Group.Barrier();
            for (var k = 0; k < Block; k++)
            {
                var low = factors[k * (Pitch / 4) + down * 2];
                var high = factors[k * (Pitch / 4) + down * 2 + 1];
                var w = weights[k * (Columns / 4) + across];
                c0 = Float4.Add(c0, low.X, w);
                c1 = Float4.Add(c1, low.Y, w);
                c2 = Float4.Add(c2, low.Z, w);
                c3 = Float4.Add(c3, low.W, w);
                c4 = Float4.Add(c4, high.X, w);
                c5 = Float4.Add(c5, high.Y, w);
                c6 = Float4.Add(c6, high.Z, w);
                c7 = Float4.Add(c7, high.W, w);
            }
            Group.Barrier();
        }
        var row = firstRow + down * 8;
        Write(p, row, firstColumn + across * 4, c0);
        Write(p, row + 1, firstColumn + across * 4, c1);
        Write(p, row + 2, firstColumn + across * 4, c2);
        Write(p, row + 3, firstColumn + across * 4, c3);
        Write(p, row + 4, firstColumn + across * 4, c4);
        Write(p, row + 5, firstColumn + across * 4, c5);
        Write(p, row + 6, firstColumn + across * 4, c6);
        Write(p, row + 7, firstColumn + across * 4, c7);
    }

    private static Float4 Bias(in ProductArguments p, int column) => p.HasBias == 0
        ? new Float4(0, 0, 0, 0)
        : new Float4(BiasAt(p, column), BiasAt(p, column + 1), BiasAt(p, column + 2), BiasAt(p, column + 3));

    private static float BiasAt(in ProductArguments p, int column) => p.Bias[Grid.IdxZ * p.Outputs + Math.Min(column, p.Outputs - 1)];

    private static void Write(in ProductArguments p, int row, int column, Float4 values)
    {
        if (row >= p.Count)
            return;
        Write(p, row, column, values.X);
        Write(p, row, column + 1, values.Y);
        Write(p, row, column + 2, values.Z);
        Write(p, row, column + 3, values.W);
    }

    private static void Write(in ProductArguments p, int row, int column, float value)
    {
        if (column < p.Outputs)
            p.Y[row * p.Pitch + Grid.IdxZ * p.Outputs + column] = default(TThen).At<float, GpuMath>(value);
    }
}
