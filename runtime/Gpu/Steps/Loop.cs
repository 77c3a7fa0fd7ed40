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
        Run<BetweenEnds<F>>(y, rows, size, start, move, new Operand(alphas, start.PathStride > 0 || move.PathStride > 0 ? 0 : 1));

    private static void Run<K>(Rows y, int rows, int size, Operand a, Operand b = default, Operand c = default, Operand d = default,
        Operand e = default, Operand f = default, Operand g = default, Operand h = default) where K : struct, IKernel<MapArguments>
    {
        var (steps, first) = Paths.Of(a, b, c, d, e, f, g, h);
        Lane.Current.Launch<K, MapArguments>((long)rows * size, new MapArguments
        {
            Y = y.View, Count = rows * size, Size = size, Steps = steps, FirstStep = first,
            A = a.View, ARow = a.RowStride, APath = a.PathStride, B = b.View, BRow = b.RowStride, BPath = b.PathStride,
            C = c.View, CRow = c.RowStride, CPath = c.PathStride, D = d.View, DRow = d.RowStride, DPath = d.PathStride,
            E = e.View, ERow = e.RowStride, EPath = e.PathStride, F = f.View, FRow = f.RowStride, FPath = f.PathStride,
            G = g.View, GRow = g.RowStride, GPath = g.PathStride, H = h.View, HRow = h.RowStride, HPath = h.PathStride,
        });
    }

    private readonly struct Map1<F> : IKernel<MapArguments> where F : struct, IMap1
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here, default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)]));
        }
    }

    private readonly struct Map2<F> : IKernel<MapArguments> where F : struct, IMap2
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here, default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)]));
        }
    }

    private readonly struct Map3<F> : IKernel<MapArguments> where F : struct, IMap3
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here,
                default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)], p.C[here.At(p.CRow, p.CPath)]));
        }
    }

    private readonly struct Map4<F> : IKernel<MapArguments> where F : struct, IMap4
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here,
                default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)], p.C[here.At(p.CRow, p.CPath)],
                    p.D[here.At(p.DRow, p.DPath)]));
        }
    }

    private readonly struct Map5<F> : IKernel<MapArguments> where F : struct, IMap5
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here,
                default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)], p.C[here.At(p.CRow, p.CPath)],
                    p.D[here.At(p.DRow, p.DPath)], p.E[here.At(p.ERow, p.EPath)]));
        }
    }

    private readonly struct Map6<F> : IKernel<MapArguments> where F : struct, IMap6
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here,
                default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)], p.C[here.At(p.CRow, p.CPath)],
                    p.D[here.At(p.DRow, p.DPath)], p.E[here.At(p.ERow, p.EPath)], p.F[here.At(p.FRow, p.FPath)]));
        }
    }

    private readonly struct Map7<F> : IKernel<MapArguments> where F : struct, IMap7
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here,
                default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)], p.C[here.At(p.CRow, p.CPath)],
                    p.D[here.At(p.DRow, p.DPath)], p.E[here.At(p.ERow, p.EPath)], p.F[here.At(p.FRow, p.FPath)],
                    p.G[here.At(p.GRow, p.GPath)]));
        }
    }

    private readonly struct Map8<F> : IKernel<MapArguments> where F : struct, IMap8
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here,
                default(F).At<float, GpuMath>(p.A[here.At(p.ARow, p.APath)], p.B[here.At(p.BRow, p.BPath)], p.C[here.At(p.CRow, p.CPath)],
                    p.D[here.At(p.DRow, p.DPath)], p.E[here.At(p.ERow, p.EPath)], p.F[here.At(p.FRow, p.FPath)],
                    p.G[here.At(p.GRow, p.GPath)], p.H[here.At(p.HRow, p.HPath)]));
        }
    }

    private readonly struct BetweenEnds<F> : IKernel<MapArguments> where F : struct, IMap1
    {
        public static void Run(MapArguments p)
        {
            var here = p.Here;
            p.Write(here, default(F).At<float, GpuMath>(
                GpuMath.MultiplyAdd(p.C[p.CRow == 0 ? here.Step : here.Row], p.B[here.At(p.BRow, p.BPath)],
                    p.A[here.At(p.ARow, p.APath)])));
        }
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

    private readonly int place = place;
    private readonly int path = path;

    /// <summary>Where an operand has the element.</summary>
    public int At(int rowStride, int pathStride) => Row * rowStride + path * pathStride + place;
}

/// <summary>Up to eight operands of a loop over rows.</summary>
internal struct MapArguments
{
    public ArrayView<float> Y;
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> C;
    public ArrayView<float> D;
    public ArrayView<float> E;
    public ArrayView<float> F;
    public ArrayView<float> G;
    public ArrayView<float> H;
    public int Count;
    public int Size;

    /// <summary>Rows of a path, and how many of the first path's come before.</summary>
    public int Steps;
    public int FirstStep;
    public int ARow;
    public int APath;
    public int BRow;
    public int BPath;
    public int CRow;
    public int CPath;
    public int DRow;
    public int DPath;
    public int ERow;
    public int EPath;
    public int FRow;
    public int FPath;
    public int GRow;
    public int GPath;
    public int HRow;
    public int HPath;

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
