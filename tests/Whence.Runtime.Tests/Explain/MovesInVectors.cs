using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>Loops over a row in vectors have the bits of the same loops over its elements.</summary>
public class MovesInVectors
{
    private static readonly float[] special =
        [0, -0f, 1, -1, float.Epsilon, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 41), 784];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EachElementIsRoundedAsIfAlone(int size)
    {
        float[] m = Row(size, 1), end = Row(size, 2), start = Row(size, 3);
        for (var i = 0; i < size; i += 3)
            end[i] = start[i];
        double[] sum = [.. Row(size, 4)], wide = [.. Row(size, 5).Select(value => value / 3.0)];

        double[] moves = [.. sum], times = [.. sum], wideTimes = [.. sum];
        Rows.AddMoves<float>(moves, end, start);
        Rows.AddTimes<float>(times, m, end, start);
        Rows.AddWideTimes<float>(wideTimes, wide, end, start);
        float[] scaled = [.. m], means = new float[size];
        Rows.TimesMeans<float>(scaled, wide, 3);
        Rows.Means<float>(wide, 7, means);

        for (var i = 0; i < size; i++)
        {
            Same(sum[i] + Rows.Move(end[i], start[i]), moves[i]);
            Same(sum[i] + Rows.Times(m[i], Rows.Move(end[i], start[i])), times[i]);
            Same(sum[i] + Rows.Times(wide[i], Rows.Move(end[i], start[i])), wideTimes[i]);
            Same((float)Rows.Times(m[i], wide[i] / 3), scaled[i]);
            Same((float)(wide[i] / 7), means[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SumsAreOfEightChainsWhateverTheMachine(int size)
    {
        var row = Numbers(size, 6);
        var (sums, sizes) = (new double[8], new double[8]);
        for (var i = 0; i < size; i++)
        {
            sums[i % 8] += row[i];
            sizes[i % 8] += Math.Abs(row[i]);
        }
        var (sum, magnitude) = Rows.SumUp<float>(row);
        Assert.Equal(InPairs(sums), sum);
        Assert.Equal(InPairs(sizes), magnitude);
        Assert.Equal((sum, magnitude), Rows.SumUp<double>([.. row]));
    }

    [Fact]
    public void WhatIsNotFiniteIsSeenInTheSum()
    {
        foreach (var at in Enumerable.Range(0, 21))
        {
            var row = new float[21];
            row[at] = float.NaN;
            Assert.Equal((double.NaN, double.NaN), Rows.SumUp<float>(row));
            row[at] = float.NegativeInfinity;
            Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), Rows.SumUp<float>(row));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ContributionsAreThoseOfEachElement(int size)
    {
        if (size == 0)
            return;
        var net = new Given(Numbers(size, 7), Numbers(size, 8));
        float[] x = Numbers(2 * size, 9), references = Numbers(2 * size, 10);
        for (var i = 0; i < size; i += 3)
            x[i] = references[i];
        var of = new ScoreSpans<float>
        {
            Scores = new float[2 * size], Positive = new float[2 * size], Negative = new float[2 * size], Multipliers = new float[2 * size],
        };
        SpanExplainers.DeepLift(net, x, 2, Target.Unit(0), Rule.Rescale, References.Several(references, 2), of);
        for (var i = 0; i < 2 * size; i++)
        {
            double score = 0, positive = 0, negative = 0;
            for (var reference = 0; reference < 2; reference++)
            {
                var move = Rows.Move(x[i], references[reference * size + i % size]);
                var rise = Rows.Times(net.Positive[i % size], Math.Max(move, 0));
                var fall = Rows.Times(net.Negative[i % size], Math.Min(move, 0));
                (score, positive, negative) = (score + (rise + fall), positive + rise, negative + fall);
            }
            Assert.Equal((float)(score / 2), of.Scores[i]);
            Assert.Equal((float)(positive / 2), of.Positive[i]);
            Assert.Equal((float)(negative / 2), of.Negative[i]);
            Assert.Equal((float)(((double)net.Positive[i % size] + net.Negative[i % size]) / 2), of.Multipliers[i]);
        }
    }

    private static double InPairs(double[] of) => (of[0] + of[4] + (of[2] + of[6])) + (of[1] + of[5] + (of[3] + of[7]));

    // Numbers of all kinds.
    private static float[] Row(int size, int seed)
    {
        var random = new Random(seed);
        return [.. Numbers(size, seed).Select(value => random.Next(4) == 0 ? special[random.Next(special.Length)] : value)];
    }

    private static float[] Numbers(int size, int seed)
    {
        var random = new Random(100 * seed + size);
        return [.. Enumerable.Range(0, size).Select(_ => random.Next(6) == 0 ? 0 : random.NextSingle() * 4 - 2)];
    }

    // Bits, but for which of the numbers that are none it is.
    private static void Same(double expected, double found) =>
        Assert.True(double.IsNaN(expected) ? double.IsNaN(found)
            : BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(found), $"{expected} is expected, not {found}");

    // Its multipliers are given.
    private sealed class Given(float[] positive, float[] negative) : IHostPasses<float>
    {
        public float[] Positive { get; } = positive;

        public float[] Negative { get; } = negative;

        public Signature Signature { get; } = new()
        {
            Name = "Given",
            Inputs = [new("x", new Shape(positive.Length))],
            Outputs = [new("y", new Shape(1))],
            Points = [new("y", new Shape(1), PointKind.Output), new("y", new Shape(1), PointKind.Logits)],
            Passes = [Pass.Rescale],
            ChunkRows = 3,
        };

        public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows) => value.Clear();

        public int KeptSize(Pass pass) => 0;

        public void Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows)
        {
        }

        public void Backward(Pass pass, ref BackwardArguments<float> arguments)
        {
            arguments.FromValue.Clear();
            for (var row = 0; row < arguments.Rows; row++)
            {
                Positive.CopyTo(arguments.Multipliers[(row * Positive.Length)..]);
                Negative.CopyTo(arguments.NegativeMultipliers[(row * Negative.Length)..]);
            }
        }

        public string? FirstNonFinite(ReadOnlySpan<float> x) => null;
    }
}
