using Whence.CompilerServices;
using HeldFixed = Whence.Networks.Tests.Laws.HeldFixed;

namespace Whence.Networks.Tests.Compiled;

/// <summary>What must be true of every compiled network.</summary>
internal static class Laws
{
    /// <summary>The largest error of single precision, relative to the largest number of the row.</summary>
    public const double Tolerance = 1e-5;

    private const int Rows = 3;

    /// <summary>Numbers by chance, the same for the same seed, each of which a float can hold.</summary>
    public static double[] Draw(int seed, int count, double scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)(scale * (random.NextDouble() * 2 - 1) * 1.5))];
    }

    /// <summary>The compiled forward pass is Forward.</summary>
    public static void ForwardIsForward(Trio net, double tolerance = Tolerance)
    {
        var signature = net.Signature;
        var x = Draw(1, Rows * signature.InputSize);
        var y = new float[Rows * signature.OutputSize];
        Spoil();
        net.Compiled.Forward(Floats(x), -1, y, Rows);
        var expected = Enumerable.Range(0, Rows)
            .SelectMany(row => net.Eager(x.AsSpan(row * signature.InputSize, signature.InputSize)))
            .ToArray();
        Same($"{signature.Name}: output", y, expected, Rows, tolerance);
        ValuesAreTheInterpreters(net, tolerance);
    }

    /// <summary>Every point's value is the interpreter's.</summary>
    public static void ValuesAreTheInterpreters(Trio net, double tolerance = Tolerance)
    {
        var signature = net.Signature;
        var x = Draw(1, Rows * signature.InputSize);
        for (var point = 0; point < signature.Points.Count; point++)
        {
            var size = signature.Points[point].Shape.Size;
            var (value, oracle) = (new float[Rows * size], new double[Rows * size]);
            net.Compiled.Forward(Floats(x), point, value, Rows);
            net.Interpreted.Forward(x, point, oracle, Rows);
            Same($"{signature.Name}: point {point}, {signature.Points[point].Name}", value, oracle, Rows, tolerance);
        }
    }

    /// <summary>Every backward pass that can be asked for gives the interpreter's numbers.</summary>
    public static void WalksAreTheInterpreters(Trio net, double tolerance = Tolerance)
    {
        foreach (var route in Routes(net.Signature))
            WalkIsTheInterpreters(net, route, tolerance);
    }

    public static void WalkIsTheInterpreters(Trio net, Route route, double tolerance)
    {
        var (signature, what) = (net.Signature, route.In(net.Signature));
        var (x, references) = (Draw(1, Rows * signature.InputSize), Draw(2, Rows * signature.InputSize));
        var seed = Draw(3, Rows * signature.Points[route.From].Shape.Size);
        Spoil();
        var actual = Walked<float>.Of(net.Passes, route, Floats(x), Floats(references), Rows, Floats(seed), Rows);
        var expected = Walked<double>.Of(net.Interpreted, route, x, references, Rows, seed, Rows);
        Same(what + ", multipliers", actual.Multipliers, expected.Multipliers, Rows, tolerance, expected.NegativeMultipliers);
        Same(what + ", negative multipliers", actual.NegativeMultipliers, expected.NegativeMultipliers, Rows, tolerance,
            expected.Multipliers);
        Same(what + ", positive delta", actual.PositiveDelta, expected.PositiveDelta, Rows, tolerance, expected.NegativeDelta);
        Same(what + ", negative delta", actual.NegativeDelta, expected.NegativeDelta, Rows, tolerance, expected.PositiveDelta);
        Same(what + ", value from", actual.FromValue, expected.FromValue, Rows, tolerance);
        Same(what + ", value to", actual.ToValue, expected.ToValue, Rows, tolerance);
    }

    /// <summary>Every pass from every point to the inputs and to every layer.</summary>
    public static IEnumerable<Route> Routes(Signature signature)
    {
        var ends = Enumerable.Range(0, signature.Points.Count).Where(point => signature.Points[point].Kind == PointKind.Layer).Prepend(-1)
            .ToList();
        return from flow in signature.Passes
            from point in Enumerable.Range(0, signature.Points.Count)
            from to in ends
            where point != to
            select new Route(flow, point, to);
    }

    /// <summary>
    /// No row's answer depends on how many rows there are, on its place among them, or on whether its reference is one for all.
    /// </summary>
    public static void RowsAreIndependent(Trio net)
    {
        var signature = net.Signature;
        const int Most = 12;
        var x = Floats(Draw(4, Most * signature.InputSize));
        var reference = Floats(Draw(5, signature.InputSize));
        foreach (var route in Routes(signature).Where(route => route.From == 0))
        {
            var seed = Floats(Draw(6, signature.Points[route.From].Shape.Size));
            var alone = Enumerable.Range(0, Most)
                .Select(row => Walked<float>.Of(net.Passes, route, Row(x, row), reference, 1, seed, 1))
                .ToList();
            foreach (var rows in new[] { 2, 11, 12 })
            {
                int[] order = [.. Enumerable.Range(0, rows).Select(i => (i * 5 + 3) % rows)];
                float[] batch = [.. order.SelectMany(row => Row(x, row))];
                float[] each = [.. Enumerable.Repeat(reference, rows).SelectMany(values => values)];
                float[] seeds = [.. Enumerable.Repeat(seed, rows).SelectMany(values => values)];
                Spoil();
                foreach (var together in new[]
                {
                    Walked<float>.Of(net.Passes, route, batch, reference, 1, seed, rows),
                    Walked<float>.Of(net.Passes, route, batch, each, rows, seeds, rows),
                })
                {
                    SameBits(route.In(signature), order, alone, together, walked => walked.Multipliers);
                    SameBits(route.In(signature), order, alone, together, walked => walked.NegativeMultipliers);
                    SameBits(route.In(signature), order, alone, together, walked => walked.PositiveDelta);
                    SameBits(route.In(signature), order, alone, together, walked => walked.NegativeDelta);
                    SameBits(route.In(signature), order, alone, together, walked => walked.FromValue);
                    SameBits(route.In(signature), order, alone, together, walked => walked.ToValue);
                }
            }
        }
        float[] Row(float[] rows, int row) => rows[(row * signature.InputSize)..((row + 1) * signature.InputSize)];
    }

    private static void SameBits(string what, int[] order, List<Walked<float>> alone, Walked<float> together,
        Func<Walked<float>, float[]> part)
    {
        var all = part(together);
        var size = all.Length / order.Length;
        for (var i = 0; i < order.Length; i++)
        {
            var own = part(alone[order[i]]);
            for (var k = 0; k < size; k++)
                Assert.True(BitConverter.SingleToInt32Bits(own[k]) == BitConverter.SingleToInt32Bits(all[i * size + k]),
                    $"{what}: element {k} of row {i} of {order.Length} is {all[i * size + k]:r}, alone {own[k]:r}.");
        }
    }

    /// <summary>The contributions of a complete pass sum to the difference of the outputs.</summary>
    public static void ContributionsAreComplete(Trio net, Pass pass, double tolerance = Tolerance)
    {
        var signature = net.Signature;
        if (!signature.Passes.Contains(pass))
            return;
        var x = Draw(1, Rows * signature.InputSize);
        var references = HeldFixed.With(signature, x, Draw(2, Rows * signature.InputSize));
        var route = new Route(pass, 0, -1);
        var size = signature.Points[0].Shape.Size;
        var seed = Draw(7, size);
        var walked = Walked<float>.Of(net.Passes, route, Floats(x), Floats(references), Rows, Floats(seed), Rows);
        var at0 = new double[Rows * size];
        var at = new double[Rows * size];
        net.Interpreted.Forward(references, 0, at0, Rows);
        net.Interpreted.Forward(x, 0, at, Rows);
        for (var row = 0; row < Rows; row++)
        {
            double sum = 0, magnitude = 0, difference = 0;
            for (var i = row * signature.InputSize; i < (row + 1) * signature.InputSize; i++)
            {
                var delta = x[i] - references[i];
                var score = delta * (delta > 0 ? walked.Multipliers[i] : walked.NegativeMultipliers[i]);
                sum += score;
                magnitude += Math.Abs(score);
            }
            for (var i = 0; i < size; i++)
                difference += seed[i] * (at[row * size + i] - at0[row * size + i]);
            Assert.True(Math.Abs(sum - difference) <= tolerance * (magnitude + Math.Abs(difference)),
                $"{signature.Name}: {pass} sums to {sum:r} for a difference of {difference:r} in row {row}.");
        }
    }

    /// <summary>Leaves nonsense where the next call will find its memory.</summary>
    public static void Spoil()
    {
        using var scratch = Scratch.Rent(1 << 16);
        scratch.Span.Fill(float.NaN);
    }

    public static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);

    /// <summary>
    /// Rows are equal up to the tolerance times the largest number of the expected row, or of the row that it is one half of.
    /// </summary>
    public static void Same(string what, float[] actual, double[] expected, int rows, double tolerance, double[]? beside = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        var size = expected.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            var range = (row * size)..((row + 1) * size);
            Assert.All(expected[range], value => Assert.True(double.IsFinite(value), $"{what} is not finite."));
            var scale = expected[range].Concat(beside is null ? [] : beside[range]).Select(Math.Abs).DefaultIfEmpty(0).Max();
            for (var i = row * size; i < (row + 1) * size; i++)
                Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * scale,
                    $"{what}: element {i - row * size} of row {row} is {actual[i]:r}, not {expected[i]:r}; the largest is {scale:r}.");
        }
    }
}
