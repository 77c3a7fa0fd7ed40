namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;
using Whence.CompilerServices;

/// <summary>Elementwise loops: a thread for each element. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Loop
{
    /// <summary>y[r, i] = map(a[r, i]) for every row r and i below size; y may be an operand's very data.</summary>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a) where F : struct, IMap1 =>
        Run<Map1<F>>(y, rows, size, a);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b) where F : struct, IMap2 =>
        Run<Map2<F>>(y, rows, size, a, b);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b, Operand c) where F : struct, IMap3 =>
        Run<Map3<F>>(y, rows, size, a, b, c);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b, Operand c, Operand d) where F : struct, IMap4 =>
        Run<Map4<F>>(y, rows, size, a, b, c, d);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e)
        where F : struct, IMap5 => Run<Map5<F>>(y, rows, size, a, b, c, d, e);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f)
        where F : struct, IMap6 => Run<Map6<F>>(y, rows, size, a, b, c, d, e, f);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f,
        Operand g)
        where F : struct, IMap7 => Run<Map7<F>>(y, rows, size, a, b, c, d, e, f, g);

    /// <inheritdoc cref="Map{F}(F, Rows, int, int, Operand)"/>
    public static void Map<F>(F map, Rows y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f,
        Operand g,
        Operand h) where F : struct, IMap8 => Run<Map8<F>>(y, rows, size, a, b, c, d, e, f, g, h);

    /// <summary>
    /// y[r, i] = then(start[r, i] + alpha move[r, i]), with an alpha for each row, or of paths for each of their steps.
    /// </summary>
    public static void Between<F>(Operand start, Operand move, Rows alphas, Rows y, int rows, int size, F then) where F : struct, IMap1 =>
        Run<BetweenEnds<F>>(y, rows, size, start, move, Operand.OfRows(alphas, RowStride.OfSteps(start, move)));

    /// <summary>
    /// The sums over the steps of each path: of map(a[r, i]) at each step's row r, its weight times it is added to sums[path, offset + i],
    /// in order; a weight of 0 adds nothing.
    /// </summary>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a)
        where F : struct, IMap1 => Sum<Map1<F>>(arguments, offset, size, a);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b)
        where F : struct, IMap2 => Sum<Map2<F>>(arguments, offset, size, a, b);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b, Operand c)
        where F : struct, IMap3 => Sum<Map3<F>>(arguments, offset, size, a, b, c);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b, Operand c, Operand d)
        where F : struct, IMap4 => Sum<Map4<F>>(arguments, offset, size, a, b, c, d);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b, Operand c,
        Operand d, Operand e)
        where F : struct, IMap5 => Sum<Map5<F>>(arguments, offset, size, a, b, c, d, e);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b, Operand c,
        Operand d, Operand e, Operand f)
        where F : struct, IMap6 => Sum<Map6<F>>(arguments, offset, size, a, b, c, d, e, f);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b, Operand c,
        Operand d, Operand e, Operand f, Operand g)
        where F : struct, IMap7 => Sum<Map7<F>>(arguments, offset, size, a, b, c, d, e, f, g);

    /// <inheritdoc cref="Sum{F}(F, in BackwardArguments, int, int, Operand)"/>
    public static void Sum<F>(F map, in BackwardArguments arguments, int offset, int size, Operand a, Operand b, Operand c,
        Operand d, Operand e, Operand f, Operand g, Operand h)
        where F : struct, IMap8 => Sum<Map8<F>>(arguments, offset, size, a, b, c, d, e, f, g, h);

    private static void Sum<K>(in BackwardArguments arguments, int offset, int size, Operand a, Operand b = default, Operand c = default,
        Operand d = default, Operand e = default, Operand f = default, Operand g = default, Operand h = default) where K : struct, ILoop
    {
        var paths = (arguments.FirstStep + arguments.Rows + arguments.Steps - 1) / arguments.Steps;
        Lane.Current.Launch<StepsOfElement<K>, MapArguments>((long)paths * size, new MapArguments
        {
            High = arguments.Sums.High.View, Low = arguments.Sums.Low.View, Weights = arguments.Weights.View, Count = paths * size,
            Size = size, Rows = arguments.Rows, Steps = arguments.Steps, FirstStep = arguments.FirstStep, Offset = offset,
            SumRow = arguments.Sums.Row, Begins = arguments.BeginsSums ? 1 : 0,
            A = new(a), B = new(b), C = new(c), D = new(d), E = new(e), F = new(f), G = new(g), H = new(h),
        });
    }

    private static void Run<K>(Rows y, int rows, int size, Operand a, Operand b = default, Operand c = default, Operand d = default,
        Operand e = default, Operand f = default, Operand g = default, Operand h = default) where K : struct, ILoop
    {
        var (steps, first) = Paths.Of(a, b, c, d, e, f, g, h);
        Lane.Current.Launch<EachElement<K>, MapArguments>((long)rows * size, new MapArguments
        {
            Y = y.View, Count = rows * size, Size = size, Steps = steps, FirstStep = first,
            A = new(a), B = new(b), C = new(c), D = new(d), E = new(e), F = new(f), G = new(g), H = new(h),
        });
    }

    private readonly struct EachElement<TLoop> : IKernel<MapArguments> where TLoop : struct, ILoop
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here, TLoop.At(p, here));
        }
    }

    private readonly struct StepsOfElement<TLoop> : IKernel<MapArguments> where TLoop : struct, ILoop
    {
        public static void Run(MapArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var path = n / p.Size;
            var i = n - path * p.Size;
            var at = path * p.SumRow + p.Offset + i;
            var begin = path * p.Steps - p.FirstStep;
            var sum = new Twofold(p.High[at], p.Low[at]).Unless(p.Begins != 0 & begin >= 0);
            var end = Math.Min(begin + p.Steps, p.Rows);
            for (var row = Math.Max(begin, 0); row < end; row++)
                sum = sum.PlusWeighted(p.Weights[row - begin], TLoop.At(p, new Here(row * p.Size + i, row, i, path, row - begin)));
            p.High[at] = sum.High;
            p.Low[at] = sum.Low;
        }
    }

    internal readonly struct Map1<F> : ILoop where F : struct, IMap1
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A));
    }

    internal readonly struct Map2<F> : ILoop where F : struct, IMap2
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B));
    }

    internal readonly struct Map3<F> : ILoop where F : struct, IMap3
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B), here.Of(p.C));
    }

    internal readonly struct Map4<F> : ILoop where F : struct, IMap4
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B), here.Of(p.C), here.Of(p.D));
    }

    internal readonly struct Map5<F> : ILoop where F : struct, IMap5
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B), here.Of(p.C), here.Of(p.D), here.Of(p.E));
    }

    internal readonly struct Map6<F> : ILoop where F : struct, IMap6
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B), here.Of(p.C), here.Of(p.D), here.Of(p.E), here.Of(p.F));
    }

    internal readonly struct Map7<F> : ILoop where F : struct, IMap7
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B), here.Of(p.C), here.Of(p.D), here.Of(p.E), here.Of(p.F), here.Of(p.G));
    }

    internal readonly struct Map8<F> : ILoop where F : struct, IMap8
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(here.Of(p.A), here.Of(p.B), here.Of(p.C), here.Of(p.D), here.Of(p.E), here.Of(p.F),
                here.Of(p.G), here.Of(p.H));
    }

    internal readonly struct BetweenEnds<F> : ILoop where F : struct, IMap1
    {
        public static float At(in MapArguments p, in Here here) =>
            default(F).At<float, GpuMath>(
                GpuMath.MultiplyAdd(here.Of(p.C), here.Of(p.B), here.Of(p.A)));
    }
}

/// <summary>
/// Where a thread works: its element, the element's row and place in it, and the path that the row is a step of, and which.
/// </summary>
internal readonly struct Here(int element, int row, int place, int path, int step)
{
    public readonly int Element = element;
    public readonly int Row = row;
    public readonly int Step = step;

    public readonly int Place = place;
    public readonly int Path = path;

    /// <summary>An operand's element.</summary>
    public float Of(in Source operand) => operand.At(operand.Begin(Row, Path, Step), Place);
}

/// <summary>Up to eight operands of a loop over rows.</summary>
internal struct MapArguments
{
    public ArrayView<float> Y;
    public Source A;
    public Source B;
    public Source C;
    public Source D;
    public Source E;
    public Source F;
    public Source G;
    public Source H;
    public int Count;
    public int Size;

    /// <summary>Of sums over steps: the sums, the weight of each step, the rows, and where the sums of this loop are.</summary>
    public ArrayView<float> High;
    public ArrayView<float> Low;
    public ArrayView<float> Weights;
    public int Rows;
    public int Offset;
    public int SumRow;
    public int Begins;

    /// <summary>Rows of a path, and how many of the first path's come before.</summary>
    public int Steps;
    public int FirstStep;

    /// <summary>This thread's element; the last for threads beyond it.</summary>
    public readonly Here Here
    {
        get
        {
            var n = Math.Min(ThisThread.Element, Count - 1);
            var row = n / Size;
            var path = (row + FirstStep) / Steps;
            return new Here(n, row, n - row * Size, path, row + FirstStep - path * Steps);
        }
    }

    /// <summary>Writes the thread's element; threads beyond the last write nothing, since y may be what they have read.</summary>
    public readonly void Write(in Here here, float value)
    {
        if (ThisThread.Element < Count)
            Y[here.Element] = value;
    }
}

/// <summary>What a loop computes at one place of its operands.</summary>
internal interface ILoop
{
    static abstract float At(in MapArguments p, in Here here);
}
