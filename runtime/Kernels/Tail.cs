using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>
/// The last few channels of a convolution, which would fill a small part of a vector: computed in vectors along neighbouring outputs of a
/// row instead, from an input that lies channel by channel. Each output is the same chain of fused multiply-adds as in a tile, and has its
/// bits.
/// </summary>
internal sealed unsafe class Tail
{
    /// <summary>The most channels for which this is the quicker.</summary>
    private const int MostChannels = 4;

    /// <summary>The fewest floats of a vector for which it is.</summary>
    private const int LeastLanes = 8;

    /// <summary>Vectors of outputs in flight, times two channels: 8 chains, which fit with their operands into 16 registers.</summary>
    private const int MaxVectors = 4;

    private readonly Sweep pass;
    private readonly Run[] taps;
    private readonly int first;

    private Tail(Sweep pass, Extent before)
    {
        this.pass = pass;
        var panels = pass.Panels;
        Channels = panels.Columns % panels.Lanes;
        first = panels.Columns - Channels;
        taps = GC.AllocateArray<Run>(pass.Taps.Count * (int)pass.Taps.Length, pinned: true);
        for (var (run, k) = (0, 0); run < pass.Taps.Count; run++)
        {
            for (var i = 0; i < pass.Taps.Length; i++, k++)
            {
                var place = pass.Input + (int)pass.Taps.Runs[run].Input + i;
                taps[k] = new Run(place % before.Channels * (before.Height * before.Width) + place / before.Channels,
                    pass.Taps.Runs[run].Weight + i * panels.Width);
            }
        }
        Row = pass.InputRow / before.Channels;
    }

    /// <summary>How many channels there are.</summary>
    public int Channels { get; }

    /// <summary>The panels of all channels before.</summary>
    public PanelView Before => new(pass.Panels.Start, pass.Panels.Depth, first, pass.Panels.Lanes);

    // From one row of outputs to the next, in an input that lies channel by channel.
    private int Row { get; }

    /// <summary>
    /// The tail of a pass over rows of outputs that see neighbouring inputs; null where its channels are better left in tiles.
    /// </summary>
    public static Tail? Of(Sweep pass, Extent before, int groups, int fold) =>
        groups == 1 && fold == 1 && pass.InputColumn == before.Channels && pass.Panels.Lanes >= LeastLanes
            && pass.Columns >= pass.Panels.Lanes && pass.Panels.Columns > pass.Panels.Lanes
            && pass.Panels.Columns % pass.Panels.Lanes is > 0 and <= MostChannels
            ? new(pass, before)
            : null;

    /// <summary>Writes the tail of one example.</summary>
    /// <param name="planes">The example with its border, [channels][height][width].</param>
    /// <param name="bias">One for each channel of the pass; null is none.</param>
    /// <param name="y">Out, the example after, of which the tail's channels are written.</param>
    /// <param name="then">What is done to each output.</param>
    public void Run<F>(float* planes, float* bias, float* y, F then) where F : struct, IElementwise
    {
        if (pass.Panels.Lanes == 16)
            Run<Vector512<float>, Width512, Vector512Math, F>(planes, bias, y, then);
        else
            Run<Vector256<float>, Width256, Vector256Math, F>(planes, bias, y, then);
    }

    /// <summary>An example [height * width][channels] as [channels][height * width].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(float* x, float* planes, int places, int channels)
    {
        const int Several = 4;
        var place = 0;
        for (; place + Several <= places; place += Several)
        {
            var from = x + (nint)place * channels;
            var to = planes + place;
            for (var channel = 0; channel < channels; channel++, from++, to += places)
                Vector128.Create(from[0], from[channels], from[2 * (nint)channels], from[3 * (nint)channels]).Store(to);
        }
        for (; place < places; place++)
        {
            for (var channel = 0; channel < channels; channel++)
                planes[(nint)channel * places + place] = x[(nint)place * channels + channel];
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<V, L, M, F>(float* planes, float* bias, float* y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var made = stackalloc float[2 * MaxVectors * L.Count];
        var a = stackalloc float*[MaxVectors];
        var zero = 0f;
        var vectors = (pass.Columns + L.Count - 1) / L.Count;
        var groups = (vectors + MaxVectors - 1) / MaxVectors;
        for (var row = 0; row < pass.Rows; row++)
        {
            for (var group = 0; group < groups; group++)
            {
                var (vector, end) = (vectors * group / groups, vectors * (group + 1) / groups);
                for (var i = vector; i < end; i++)
                    a[i - vector] = planes + row * Row + Start(i, L.Count);
                for (var channel = 0; channel < Channels; channel += 2)
                {
                    var both = channel + 1 < Channels;
                    var start = bias == null ? &zero : bias + first + channel;
                    var second = bias == null || !both ? start : start + 1;
                    if (both)
                        Some<V, L, M, F, Two>(end - vector, a, channel, start, second, made, then);
                    else
                        Some<V, L, M, F, One>(end - vector, a, channel, start, second, made, then);
                    for (var i = vector; i < end; i++)
                    {
                        var from = made + 2 * (i - vector) * L.Count;
                        var to = y + pass.Output + row * pass.OutputRow + (nint)Start(i, L.Count) * pass.OutputColumn + first + channel;
                        for (var lane = 0; lane < L.Count; lane++, to += pass.OutputColumn)
                        {
                            to[0] = from[lane];
                            if (both)
                                to[1] = from[L.Count + lane];
                        }
                    }
                }
            }
        }
    }

    // The last vector ends with the last output.
    private int Start(int vector, int lanes) => Math.Min(vector * lanes, pass.Columns - lanes);

    private void Some<V, L, M, F, T>(int vectors, float** a, int channel, float* start, float* second, float* made, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where T : struct, ICount
    {
        var from = (Run*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(taps));
        var by = pass.Panels.At(first + channel);
        switch (vectors)
        {
            case 4: Block<V, L, M, F, Four, T>(a, from, taps.Length, by, start, second, made, then); break;
            case 3: Block<V, L, M, F, Three, T>(a, from, taps.Length, by, start, second, made, then); break;
            case 2: Block<V, L, M, F, Two, T>(a, from, taps.Length, by, start, second, made, then); break;
            case 1: Block<V, L, M, F, One, T>(a, from, taps.Length, by, start, second, made, then); break;
        }
    }

    // P vectors of outputs by T channels: made[p][t] = then(bias[t] + the sum over taps of a[p] weights[t]).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<V, L, M, F, P, T>(float** a, Run* taps, int depth, float* weights, float* start, float* second,
        float* made, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where P : struct, ICount
        where T : struct, ICount
    {
        var a0 = a[0];
        var a1 = P.Value > 1 ? a[1] : a0;
        var a2 = P.Value > 2 ? a[2] : a0;
        var a3 = P.Value > 3 ? a[3] : a0;
        V s00, s10, s20, s30, s01, s11, s21, s31;
        s00 = s10 = s20 = s30 = L.Broadcast(start);
        s01 = s11 = s21 = s31 = L.Broadcast(second);
        for (var end = taps + depth; taps < end; taps++)
        {
            var at = taps->Input;
            var by = weights + taps->Weight;
            var b0 = L.Broadcast(by);
            var b1 = T.Value > 1 ? L.Broadcast(by + 1) : b0;
            var v = L.Load(a0 + at);
            s00 = M.MultiplyAdd(v, b0, s00);
            if (T.Value > 1) s01 = M.MultiplyAdd(v, b1, s01);
            if (P.Value > 1)
            {
                v = L.Load(a1 + at);
                s10 = M.MultiplyAdd(v, b0, s10);
                if (T.Value > 1) s11 = M.MultiplyAdd(v, b1, s11);
            }
            if (P.Value > 2)
            {
                v = L.Load(a2 + at);
                s20 = M.MultiplyAdd(v, b0, s20);
                if (T.Value > 1) s21 = M.MultiplyAdd(v, b1, s21);
            }
            if (P.Value > 3)
            {
                v = L.Load(a3 + at);
                s30 = M.MultiplyAdd(v, b0, s30);
                if (T.Value > 1) s31 = M.MultiplyAdd(v, b1, s31);
            }
        }
        Finish<V, L, M, F, T>(s00, s01, made, then);
        if (P.Value > 1) Finish<V, L, M, F, T>(s10, s11, made + 2 * L.Count, then);
        if (P.Value > 2) Finish<V, L, M, F, T>(s20, s21, made + 4 * L.Count, then);
        if (P.Value > 3) Finish<V, L, M, F, T>(s30, s31, made + 6 * L.Count, then);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V, L, M, F, T>(V s0, V s1, float* made, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where T : struct, ICount
    {
        L.Store(then.Value<V, M>(s0), made);
        if (T.Value > 1) L.Store(then.Value<V, M>(s1), made + L.Count);
    }
}
