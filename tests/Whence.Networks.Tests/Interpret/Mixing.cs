using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Networks.Tests.Interpret;

/// <summary>
/// A dense layer or a convolution, or the transpose of one, as sums over taps: each output position has a list of the input elements
/// under it and of the weights they meet.
/// </summary>
internal sealed class Mixing
{
    private readonly double[] weight;
    private readonly double[]? bias;
    private readonly int groups;
    private readonly int outChannels;
    private readonly int inChannels;
    private readonly int taps;
    private readonly int inPositions;
    private readonly List<(int Tap, int Position)>[] positions;

    private Mixing(double[] weight, double[]? bias, int groups, int outChannels, int inChannels, int taps, int inPositions,
        List<(int, int)>[] positions)
    {
        (this.weight, this.bias, this.groups, this.outChannels, this.inChannels) = (weight, bias, groups, outChannels, inChannels);
        (this.taps, this.inPositions, this.positions) = (taps, inPositions, positions);
    }

    public static Mixing Of(Node node, Tensors tensors)
    {
        var (weights, s) = (LayerWeights.Of(node, tensors), node.Settings);
        var window = node.Op is Dense ? null : new Sliding2d(s);
        var (filters, channels) = node.Op is Dense ? (s.Int("outputs"), s.Int("inputs")) : (s.Int("filters"), s.Int("channels"));
        var (groups, taps) = node.Op is Dense ? (1, 1) : (s.Int("groups"), window!.Taps);
        var under = window?.Under() ?? [[(0, 0)]];
        var inPositions = window?.InPositions ?? 1;
        if (!s.Flag("transposed"))
            return new(weights.Weight, weights.Bias, groups, filters, channels, taps, inPositions, under);
        var turned = Turn(weights.Weight, groups, filters / groups, channels / groups, taps);
        return new(turned, weights.Bias, groups, channels, filters, taps, under.Length, Sliding2d.Over(under, inPositions));
    }

    // From [group, filter, channel, tap] to [group, channel, filter, tap].
    private static double[] Turn(double[] weight, int groups, int filters, int channels, int taps)
    {
        var turned = new double[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            var (tap, c, f, g) = (i % taps, i / taps % channels, i / taps / channels % filters, i / taps / channels / filters);
            turned[((g * channels + c) * filters + f) * taps + tap] = weight[i];
        }
        return turned;
    }

    /// <summary>A dense layer at each position of all axes but the last.</summary>
    public Block ApplyToLastAxis(Block x)
    {
        if (x.Size == inChannels)
            return Apply(x);
        var y = new Block(x.Size / inChannels * outChannels, x.Rows);
        for (var p = 0; p < x.Size / inChannels; p++)
        {
            var part = new Block(inChannels, x.Rows);
            x.Data.AsSpan(p * inChannels * x.Pitch, part.Data.Length).CopyTo(part.Data);
            Apply(part).Data.CopyTo(y.Data, p * outChannels * x.Pitch);
        }
        return y;
    }

    public Block Apply(Block x)
    {
        var y = new Block(outChannels * positions.Length, x.Rows);
        var (each, deep) = (outChannels / groups, inChannels / groups);
        var (from, at) = (new int[deep * taps], new int[deep * taps]);
        for (var group = 0; group < groups; group++)
        {
            for (var p = 0; p < positions.Length; p++)
            {
                var count = List(positions[p], group * deep, deep, x.Pitch, from, at);
                for (var o = 0; o < each; o += 4)
                    Four(x, y, from.AsSpan(0, count), at.AsSpan(0, count), group * each, each, o, p, deep * taps);
            }
        }
        return y;
    }

    private int List(List<(int Tap, int Position)> under, int firstChannel, int channels, int pitch, int[] from, int[] at)
    {
        var count = 0;
        for (var c = 0; c < channels; c++)
        {
            foreach (var (tap, position) in under)
            {
                from[count] = ((firstChannel + c) * inPositions + position) * pitch;
                at[count++] = c * taps + tap;
            }
        }
        return count;
    }

    // Four outputs at a time, so that an input is read once for four products; at the end some of the four are the same one.
    private void Four(Block x, Block y, ReadOnlySpan<int> from, ReadOnlySpan<int> at, int first, int each, int o, int position, int length)
    {
        Span<int> outputs = [first + o, first + Math.Min(o + 1, each - 1), first + Math.Min(o + 2, each - 1),
            first + Math.Min(o + 3, each - 1)];
        ref var w = ref MemoryMarshal.GetArrayDataReference(weight);
        ref var w0 = ref Unsafe.Add(ref w, outputs[0] * length);
        ref var w1 = ref Unsafe.Add(ref w, outputs[1] * length);
        ref var w2 = ref Unsafe.Add(ref w, outputs[2] * length);
        ref var w3 = ref Unsafe.Add(ref w, outputs[3] * length);
        for (var r = 0; r < x.Pitch; r += Block.Lanes)
        {
            ref var source = ref Unsafe.Add(ref x.Start, r);
            var (a0, b0, a1, b1) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
            var (a2, b2, a3, b3) = (a0, a0, a0, a0);
            for (var k = 0; k < from.Length; k++)
            {
                var low = Vector256.LoadUnsafe(ref source, (nuint)from[k]);
                var high = Vector256.LoadUnsafe(ref source, (nuint)from[k] + 4);
                var tap = at[k];
                var (v0, v1, v2, v3) = (Unsafe.Add(ref w0, tap), Unsafe.Add(ref w1, tap), Unsafe.Add(ref w2, tap), Unsafe.Add(ref w3, tap));
                a0 = Vector256.MultiplyAddEstimate(Vector256.Create(v0), low, a0);
                b0 = Vector256.MultiplyAddEstimate(Vector256.Create(v0), high, b0);
                a1 = Vector256.MultiplyAddEstimate(Vector256.Create(v1), low, a1);
                b1 = Vector256.MultiplyAddEstimate(Vector256.Create(v1), high, b1);
                a2 = Vector256.MultiplyAddEstimate(Vector256.Create(v2), low, a2);
                b2 = Vector256.MultiplyAddEstimate(Vector256.Create(v2), high, b2);
                a3 = Vector256.MultiplyAddEstimate(Vector256.Create(v3), low, a3);
                b3 = Vector256.MultiplyAddEstimate(Vector256.Create(v3), high, b3);
            }
            Store(y, outputs[0], position, r, a0, b0);
            Store(y, outputs[1], position, r, a1, b1);
            Store(y, outputs[2], position, r, a2, b2);
            Store(y, outputs[3], position, r, a3, b3);
        }
    }

    private void Store(Block y, int output, int position, int row, Vector256<double> low, Vector256<double> high)
    {
        var b = Vector256.Create(bias?[output] ?? 0);
        var to = y[output * positions.Length + position][row..];
        (low + b).CopyTo(to);
        (high + b).CopyTo(to[4..]);
    }
}
