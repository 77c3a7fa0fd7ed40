using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Whence.CompilerServices;

/// <summary>
/// Columns of a pass which would fill a small part of a vector: the last few channels, or all where there are few. Computed in vectors
/// along neighbouring places instead, from an input that lies channel by channel, a plane each. Each output is the same chain of fused
/// multiply-adds as in a tile, and has its bits.
/// </summary>
internal sealed unsafe class Planes
{
    /// <summary>The fewest floats of a vector for which this is the quicker.</summary>
    public const int LeastLanes = 8;

    /// <summary>The most channels beside whole vectors of them.</summary>
    private const int MostLast = 4;

    /// <summary>Vectors of places in flight.</summary>
    private const int MaxVectors = 4;

    /// <summary>Places that are turned together.</summary>
    private const int Eight = 8;

    private readonly Sweep pass;
    private readonly Run[] taps;
    private readonly int first;
    private readonly int count;
    // Outputs are places of so many lines, of which each next one begins so many places on; of a line that runs on over rows, every pitch
    // places a row begins, and what lies between is computed for nothing.
    private readonly int lines;
    private readonly int step;
    private readonly int length;
    private readonly int pitch;

    private Planes(Sweep pass, Extent before, int first)
    {
        this.pass = pass;
        this.first = first;
        count = pass.Panels.Columns - first;
        taps = GC.AllocateArray<Run>(pass.Taps.Count * (int)pass.Taps.Length, pinned: true);
        for (var (run, k) = (0, 0); run < pass.Taps.Count; run++)
        {
            for (var i = 0; i < pass.Taps.Length; i++, k++)
            {
                var place = pass.Input + (int)pass.Taps.Runs[run].Input + i;
                taps[k] = new Run(place % before.Channels * (before.Height * before.Width) + place / before.Channels,
                    pass.Taps.Runs[run].Weight + i * pass.Panels.Width);
            }
        }
        step = pass.InputRow / before.Channels;
        (lines, length, pitch) = step == before.Width && 2 * pass.Columns > before.Width
            ? (1, (pass.Rows - 1) * before.Width + pass.Columns, before.Width)
            : (pass.Rows, pass.Columns, pass.Columns);
    }

    /// <summary>Whether these are all columns of the pass.</summary>
    public bool IsWhole => first == 0;

    /// <summary>The panels of all columns before.</summary>
    public PanelView Before => new(pass.Panels.Start, pass.Panels.Depth, first, pass.Panels.Lanes);

    /// <summary>
    /// Those of a pass over outputs that see neighbouring inputs: all its columns where that was chosen, or the last channels; null where
    /// they are better left in tiles.
    /// </summary>
    public static Planes? Of(Sweep pass, Extent before, int groups, int fold, bool all)
    {
        var panels = pass.Panels;
        // Outputs that read nothing may be more than there are places.
        if (pass.Taps.Count == 0 || pass.InputColumn != before.Channels || panels.Lanes < LeastLanes)
            return null;
        if (all)
            return panels.Columns <= panels.Lanes && new Planes(pass, before, 0) is { IsDense: true } whole ? whole : null;
        var last = panels.Columns % panels.Lanes;
        return groups == 1 && fold == 1 && pass.Columns >= panels.Lanes && panels.Columns > panels.Lanes && last is > 0 and <= MostLast
            ? new(pass, before, panels.Columns - last)
            : null;
    }

    /// <summary>Vectors along the places of so many rows of so many outputs, in planes so wide.</summary>
    public static int Vectors(int rows, int columns, bool follow, int width, int lanes) => follow && 2 * columns > width
        ? ((rows - 1) * width + columns + lanes - 1) / lanes
        : rows * ((columns + lanes - 1) / lanes);

    // Whether at least half of what is computed are outputs.
    private bool IsDense
    {
        get
        {
            var lanes = pass.Panels.Lanes;
            return 2 * pass.Rows * pass.Columns >= lines * ((length + lanes - 1) / lanes * lanes);
        }
    }

    /// <summary>Writes the columns of one example.</summary>
    /// <param name="planes">The example with its border, [channels][height][width], and a vector of any numbers.</param>
    /// <param name="bias">One for each column of the pass; null is none.</param>
    /// <param name="y">Out, the example after, of which these columns are written.</param>
    /// <param name="then">What is done to each output.</param>
    public void Run<F>(float* planes, float* bias, float* y, F then) where F : struct, IElementwise
    {
        if (pass.Panels.Lanes == 16)
            Run<Vector512<float>, Width512, Vector512Math, F>(planes, bias, y, then);
        else
            Run<Vector256<float>, Width256, Vector256Math, F>(planes, bias, y, then);
    }

    /// <summary>An example [height][width][channels] as [channels][height][width], amid its border, which is left as it is.</summary>
    public static void Turn(float* x, float* planes, Extent example, Border border)
    {
        var (size, pitch) = (border.Extent.Height * border.Extent.Width, border.Extent.Width);
        planes += border.Top * pitch + border.Left;
        if (pitch == example.Width)
        {
            Turn(x, planes, size, example.Height * pitch, example.Channels);
            return;
        }
        for (var row = 0; row < example.Height; row++)
            Turn(x + (nint)row * example.Width * example.Channels, planes + (nint)row * pitch, size, example.Width, example.Channels);
    }

    // Places one after the other, into planes so large.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* x, float* planes, nint size, int places, nint channels)
    {
        nint channel = 0;
        if (Avx.IsSupported && places >= Eight)
        {
            for (; channel + 4 <= channels; channel += 4, planes += 4 * size)
            {
                // The last eight places end with the last one.
                for (var place = 0; place < places; place += Eight)
                {
                    var at = Math.Min(place, places - Eight);
                    TurnFour(x + at * channels + channel, channels, planes + at, size);
                }
            }
        }
        for (; channel < channels; channel++, planes += size)
        {
            var from = x + channel;
            for (var place = 0; place < places; place++, from += channels)
                planes[place] = *from;
        }
    }

    // Four channels of eight places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnFour(float* x, nint channels, float* planes, nint size)
    {
        var half = x + 4 * channels;
        // Beside places 0 to 3 are places 4 to 7.
        var a = Vector256.Create(Vector128.Load(x), Vector128.Load(half));
        var b = Vector256.Create(Vector128.Load(x + channels), Vector128.Load(half + channels));
        var c = Vector256.Create(Vector128.Load(x + 2 * channels), Vector128.Load(half + 2 * channels));
        var d = Vector256.Create(Vector128.Load(x + 3 * channels), Vector128.Load(half + 3 * channels));
        var (ab, cd) = (Avx.UnpackLow(a, b), Avx.UnpackLow(c, d));
        Avx.Shuffle(ab, cd, 0b01_00_01_00).Store(planes);
        Avx.Shuffle(ab, cd, 0b11_10_11_10).Store(planes + size);
        (ab, cd) = (Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d));
        Avx.Shuffle(ab, cd, 0b01_00_01_00).Store(planes + 2 * size);
        Avx.Shuffle(ab, cd, 0b11_10_11_10).Store(planes + 3 * size);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<V, L, M, F>(float* planes, float* bias, float* y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        // 16 chains fit with their operands into 32 registers, 8 into 16.
        var most = L.Count == 16 ? 4 : 2;
        var made = stackalloc float[4 * MaxVectors * L.Count];
        var zeros = stackalloc float[4];
        new Span<float>(zeros, 4).Clear();
        var chunks = (count + most - 1) / most;
        for (var line = 0; line < lines; line++)
        {
            for (var place = 0; place < length;)
            {
                var left = (length - place + L.Count - 1) / L.Count;
                var vectors = left >= 4 ? 4 : left >= 2 ? 2 : 1;
                for (var chunk = 0; chunk < chunks; chunk++)
                {
                    var (column, end) = (count * chunk / chunks, count * (chunk + 1) / chunks);
                    var from = planes + (nint)line * step + place;
                    var start = bias == null ? zeros : bias + first + column;
                    Some<V, L, M>(vectors, end - column, from, column, start, made);
                    for (var i = 0; i < vectors * (end - column); i++)
                        L.Store(then.Value<V, M>(L.Load(made + i * L.Count)), made + i * L.Count);
                    Scatter(made, vectors * L.Count, y + pass.Output + (nint)line * pass.OutputRow + first + column, place, end - column);
                }
                place += vectors * L.Count;
            }
        }
    }

    // Writes outputs that lie place by place, column by column, to where they belong.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(float* made, int size, float* y, int place, int columns)
    {
        var (row, column) = Math.DivRem(place, pitch);
        var some = Math.Min(size, length - place);
        for (var i = 0; i < some; i += pitch - column, row++, column = 0)
        {
            var run = Math.Min(pass.Columns - column, some - i);
            var from = made + i;
            var to = y + (nint)row * pass.OutputRow + (nint)column * pass.OutputColumn;
            if (columns == 1)
                Apart(from, run, to, pass.OutputColumn);
            else if (columns == 2)
                Pairs(from, from + size, run, to, pass.OutputColumn);
            else
            {
                Pairs(from, from + size, run, to, pass.OutputColumn);
                Apart(from + 2 * size, run, to + 2, pass.OutputColumn);
                if (columns > 3)
                    Apart(from + 3 * size, run, to + 3, pass.OutputColumn);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apart(float* from, int count, float* to, nint step)
    {
        for (var i = 0; i < count; i++, to += step)
            *to = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(float* from, float* second, int count, float* to, nint step)
    {
        for (var i = 0; i < count; i++, to += step)
        {
            to[0] = from[i];
            to[1] = second[i];
        }
    }

    private void Some<V, L, M>(int vectors, int columns, float* a, int column, float* start, float* made)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
    {
        switch (columns)
        {
            case 4: Some<V, L, M, Four>(vectors, a, column, start, made); break;
            case 3: Some<V, L, M, Three>(vectors, a, column, start, made); break;
            case 2: Some<V, L, M, Two>(vectors, a, column, start, made); break;
            case 1: Some<V, L, M, One>(vectors, a, column, start, made); break;
        }
    }

    private void Some<V, L, M, T>(int vectors, float* a, int column, float* start, float* made)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where T : struct, ICount
    {
        var from = (Run*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(taps));
        var by = pass.Panels.At(first + column);
        switch (vectors)
        {
            case 4: Block<V, L, M, Four, T>(a, from, taps.Length, by, start, made); break;
            case 2: Block<V, L, M, Two, T>(a, from, taps.Length, by, start, made); break;
            case 1: Block<V, L, M, One, T>(a, from, taps.Length, by, start, made); break;
        }
    }

    // P vectors of places by T columns: made[t][p] = bias[t] + the sum over taps of a[p] weights[t].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<V, L, M, P, T>(float* a, Run* taps, int depth, float* weights, float* start, float* made)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where P : struct, ICount
        where T : struct, ICount
    {
        V s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33;
        s00 = s10 = s20 = s30 = L.Broadcast(start);
        s01 = s11 = s21 = s31 = T.Value > 1 ? L.Broadcast(start + 1) : s00;
        s02 = s12 = s22 = s32 = T.Value > 2 ? L.Broadcast(start + 2) : s00;
        s03 = s13 = s23 = s33 = T.Value > 3 ? L.Broadcast(start + 3) : s00;
        for (var end = taps + depth; taps < end; taps++)
        {
            var at = a + taps->Input;
            var by = weights + taps->Weight;
            var b0 = L.Broadcast(by);
            var b1 = T.Value > 1 ? L.Broadcast(by + 1) : b0;
            var b2 = T.Value > 2 ? L.Broadcast(by + 2) : b0;
            var b3 = T.Value > 3 ? L.Broadcast(by + 3) : b0;
            var v = L.Load(at);
            s00 = M.MultiplyAdd(v, b0, s00);
            if (T.Value > 1) s01 = M.MultiplyAdd(v, b1, s01);
            if (T.Value > 2) s02 = M.MultiplyAdd(v, b2, s02);
            if (T.Value > 3) s03 = M.MultiplyAdd(v, b3, s03);
            if (P.Value > 1)
            {
                v = L.Load(at + L.Count);
                s10 = M.MultiplyAdd(v, b0, s10);
                if (T.Value > 1) s11 = M.MultiplyAdd(v, b1, s11);
                if (T.Value > 2) s12 = M.MultiplyAdd(v, b2, s12);
                if (T.Value > 3) s13 = M.MultiplyAdd(v, b3, s13);
            }
            if (P.Value > 2)
            {
                v = L.Load(at + 2 * L.Count);
                s20 = M.MultiplyAdd(v, b0, s20);
                if (T.Value > 1) s21 = M.MultiplyAdd(v, b1, s21);
                if (T.Value > 2) s22 = M.MultiplyAdd(v, b2, s22);
                if (T.Value > 3) s23 = M.MultiplyAdd(v, b3, s23);
                v = L.Load(at + 3 * L.Count);
                s30 = M.MultiplyAdd(v, b0, s30);
                if (T.Value > 1) s31 = M.MultiplyAdd(v, b1, s31);
                if (T.Value > 2) s32 = M.MultiplyAdd(v, b2, s32);
                if (T.Value > 3) s33 = M.MultiplyAdd(v, b3, s33);
            }
        }
        Store<V, L, P>(s00, s10, s20, s30, made);
        if (T.Value > 1) Store<V, L, P>(s01, s11, s21, s31, made + P.Value * L.Count);
        if (T.Value > 2) Store<V, L, P>(s02, s12, s22, s32, made + 2 * P.Value * L.Count);
        if (T.Value > 3) Store<V, L, P>(s03, s13, s23, s33, made + 3 * P.Value * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, L, P>(V s0, V s1, V s2, V s3, float* made)
        where V : struct
        where L : struct, IWidth<V>
        where P : struct, ICount
    {
        L.Store(s0, made);
        if (P.Value > 1) L.Store(s1, made + L.Count);
        if (P.Value > 2) L.Store(s2, made + 2 * L.Count);
        if (P.Value > 2) L.Store(s3, made + 3 * L.Count);
    }
}
