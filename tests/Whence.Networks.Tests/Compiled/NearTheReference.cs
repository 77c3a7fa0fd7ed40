using Whence.Networks.Tests.Laws;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Inputs so near the reference that single precision cannot tell the outputs apart: scores are as exact as the values they compare.
/// </summary>
public sealed class NearTheReference
{
    private const string Text = """
        [Network(Explain = Methods.DeepLift & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise, Layers = ["z"])]
        public sealed partial class Shares
        {
            [Linear(5)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) { var z = 4 * Tanh(Fc(x)); return Softmax(z); }
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class SharesOfRows
        {
            public Tensor Forward([Shape(3, 4)] Tensor x) => Softmax(3 * x, axis: 1);
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.Rescale)]
        public sealed partial class Kinked
        {
            [Linear(24)] private partial Tensor Wide(Tensor x);
            [Linear(24)] private partial Tensor Hidden(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(6)] Tensor x) => Head(Relu(Hidden(Relu(3 * Wide(x)))));
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string> Names => [.. NetworkSources.Drawn, .. NetworkSources.Trained.Except(["lstm_lm"])];

    // Many an output is small beside the addends that make it, whose rounding is then no part of the scores.
    [Theory]
    [MemberData(nameof(Names))]
    public void NoGapIsSaidOfCompleteScores(string name)
    {
        if (name == "Routed")
            return;
        var net = NetworkLaws.Load(name);
        var (size, count) = (net.Signature.InputSize, NetworkSources.Trained.Contains(name) ? 2 : 24);
        foreach (var distance in new[] { 1e-5, 1e-3, 1 })
        {
            var (x0, x) = Pairs(net.Signature, count, distance);
            for (var unit = 0; unit < Math.Min(2, net.Signature.Outputs[0].Shape.Size); unit++)
            {
                foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
                {
                    SpanExplainers.DeepLift<float>(net.Compiled, x, count, Target.Unit(unit), rule, References.PerInput<float>(x0),
                        new float[count * size], new ExplainOptions { RequireGap = 1e-3 });
                }
            }
        }
    }

    // 8 units in the last place of the outputs would not do for some of them.
    [Fact]
    public void AddendsAreRoundedBesideWhichAnOutputIsSmall()
    {
        var net = networks.Value.Network("Kinked").Load(Weights.Random(5));
        const int Count = 400;
        var ((x0, x), sums) = (Pairs(net.Signature, Count, 1e-5), new Completeness[Count]);
        SpanExplainers.DeepLift<float>(net.Compiled, x, Count, Target.Unit(0), Rule.Rescale, References.PerInput<float>(x0),
            new() { Scores = new float[x.Length], Sums = sums }, new ExplainOptions { RequireGap = 1e-3 });
        Assert.Contains(sums, one =>
            (one with { Rounding = 8.0 / (1 << 23) * (Math.Abs(one.Output) + Math.Abs(one.ReferenceOutput)) }).RelativeGap > 1e-3);
    }

    /// <summary>Inputs at a distance from their references.</summary>
    private static (float[] X0, float[] X) Pairs(Signature signature, int count, double distance)
    {
        var size = signature.InputSize;
        var x0 = Compiled.Laws.Floats(Compiled.Laws.Draw(71, count * size));
        float[] x = [.. x0.Zip(Compiled.Laws.Draw(72, count * size), (a, b) => (float)(a + distance * b))];
        return (HeldFixed.With(signature, x, x0), x);
    }

    // Of kinks one step in the middle sees one side.
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-1)]
    [InlineData(1)]
    public void WhatIsMissingIsAGap(double distance)
    {
        var net = networks.Value.Network("Kinked").Load(Weights.Random(5));
        const int Count = 1000;
        var (x0, x) = Pairs(net.Signature, Count, distance);
        var (found, exact) = (new Completeness[Count], new Completeness[Count]);
        var options = new PathOptions { Steps = 1, Quadrature = Quadrature.Midpoint };
        SpanExplainers.IntegratedGradients<float>(net.Compiled, x, Count, Target.Unit(0), References.PerInput<float>(x0),
            new() { Scores = new float[x.Length], Sums = found }, options);
        SpanExplainers.IntegratedGradients<double>(net.Interpreted, [.. x.Select(v => (double)v)], Count, Target.Unit(0),
            References.PerInput<double>([.. x0.Select(v => (double)v)]), new() { Scores = new double[x.Length], Sums = exact }, options);
        var missing = Enumerable.Range(0, Count).Where(i => exact[i].RelativeGap > 4e-3).ToList();
        Assert.NotEmpty(missing);
        Assert.All(missing, i => Assert.True(found[i].RelativeGap > 1e-3, $"{exact[i]} in double, {found[i]}"));
    }

    [Theory]
    [InlineData("Shares", 1e-1)]
    [InlineData("Shares", 1e-3)]
    [InlineData("Shares", 1e-4)]
    [InlineData("SharesOfRows", 1)]
    [InlineData("SharesOfRows", 1e-4)]
    public void SoftmaxByElementsIsExact(string name, double distance)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        var size = net.Signature.InputSize;
        for (var seed = 1; seed < 30; seed++)
        {
            var x0 = Compiled.Laws.Floats(Compiled.Laws.Draw(seed, size));
            float[] x = [.. x0.Zip(Compiled.Laws.Draw(seed + 100, size), (a, b) => (float)(a + distance * b))];
            double[] wide = [.. x.Select(v => (double)v)], wide0 = [.. x0.Select(v => (double)v)];
            var (singles, scores, sums) = (new float[size], new double[size], new Completeness[1]);
            var target = Target.Unit(seed % 3).OfOutput();
            SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, Rule.Rescale, x0, new() { Scores = singles, Sums = sums });
            SpanExplainers.DeepLift<double>(net.Interpreted, wide, 1, target, Rule.Rescale, wide0, new() { Scores = scores, Sums = sums },
                new ExplainOptions { RequireGap = 1e-7 });
            var scale = scores.Max(Math.Abs);
            // The logits themselves are no nearer to each other than their last place, some 5e-7, and scores may cancel.
            var tolerance = 1e-2 + 1e-5 / distance;
            for (var i = 0; i < size; i++)
                Assert.True(Math.Abs(singles[i] - scores[i]) <= tolerance * scale, $"{name} at {distance}, draw {seed}: element {i} has "
                    + $"the score {singles[i]:r}, in double {scores[i]:r}, of at most {scale:r}.");
        }
    }
}
