using Whence.CompilerServices;

using HeldFixed = Whence.Networks.Tests.Laws.HeldFixed;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Exact integrals by emitted code: those of the interpreter, without a byte, and where there is none an error or doubled steps.
/// </summary>
public sealed class ExactCompiled
{
    private const int Rows = 3;

    private static readonly Lazy<InMemory> operators = OperatorNetworks.All;
    private static readonly PathOptions exact = new() { Quadrature = Quadrature.Exact };

    public static TheoryData<string> Small => [.. OperatorSources.All.Keys, .. NetworkSources.Drawn];

    public static TheoryData<string> Trained => [.. NetworkSources.Trained.Where(name => name != "lstm_lm")];

    [Theory]
    [MemberData(nameof(Small))]
    [MemberData(nameof(Trained))]
    public void ScoresAreTheInterpreters(string name)
    {
        var net = Load(name);
        for (var point = 0; point < net.Signature.Points.Count; point++)
        {
            var compiled = net.Compiled as IExactPaths<float>;
            Assert.Equal(net.Interpreted.IsPiecewiseLinear(point), compiled?.IsPiecewiseLinear(point) == true);
            if (compiled?.IsPiecewiseLinear(point) != true)
                continue;
            var size = net.Signature.InputSize;
            var x = Laws.Draw(1, Rows * size);
            var references = HeldFixed.With(net.Signature, x, Laws.Draw(2, x.Length));
            var seed = Laws.Draw(3, net.Signature.Points[point].Shape.Size);
            for (var row = 0; row < Rows; row++)
            {
                var (one, start) = (x[(row * size)..((row + 1) * size)], references[(row * size)..((row + 1) * size)]);
                var (expected, actual) = (new double[size], new double[size]);
                Assert.True(net.Interpreted.IntegratePath(new()
                {
                    X = one, Reference = start, From = point, Seed = seed, MostPasses = 1e9, Scores = expected,
                }).IsFinished);
                Assert.True(compiled.IntegratePath(new()
                {
                    X = Laws.Floats(one), Reference = Laws.Floats(start), From = point, Seed = Laws.Floats(seed), MostPasses = 1e9,
                    Scores = actual,
                }).IsFinished);
                Laws.Same($"{name}, point {point}", Laws.Floats(actual), expected, 1, 5e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void NoBitDependsOnTheBatchOrThreadsAndNothingIsAllocated(string name)
    {
        var net = Load(name).Compiled;
        var size = net.Signature.InputSize;
        var x = Laws.Floats(Laws.Draw(1, Rows * size));
        var (scores, sums) = (new float[x.Length], new Completeness[Rows]);
        void Ask(ReadOnlySpan<float> inputs, int count, Span<float> to, PathOptions options) => SpanExplainers.IntegratedGradients(
            net, inputs, count, Target.Unit(0), default, new ScoreSpans<float> { Scores = to, Sums = sums.AsSpan(0, count) }, options);
        Ask(x, Rows, scores, exact);
        Assert.All(sums, sum => Assert.True(sum.IsExact));
        Assert.All(sums, sum => Assert.InRange(sum.RelativeGap!.Value, 0, 1e-6));
        var alone = new float[size];
        Ask(x.AsSpan(size, size), 1, alone, exact);
        Assert.Equal(alone, scores[size..(2 * size)]);
        var threads = new float[x.Length];
        Ask(x, Rows, threads, exact with { Threads = 2 });
        Assert.Equal(scores, threads);
        Assert.Equal(0, Allocated.By(() => Ask(x, Rows, scores, exact)));
    }

    [Fact]
    public void FourHundredStepsComeNearIt()
    {
        var net = (IIntegratedGradientsNetwork)Load("tabular_mlp").Compiled;
        var x = Laws.Floats(Laws.Draw(4, net.Signature.InputSize));
        var why = net.IntegratedGradients(x, Target.Unit(0), options: exact);
        var steps = net.IntegratedGradients(x, Target.Unit(0), options: new() { Steps = 6400 });
        var largest = why.Scores.ToArray().Max(Math.Abs);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(why.Scores[i], steps.Scores[i], 1e-3 * largest);
        Assert.True(why.Completeness.IsExact);
        Assert.False(steps.Completeness.IsExact);
        Assert.InRange(why.Steps!.Value, 2, 200);
    }

    [Fact]
    public void WhatWouldTakeTooMuchIsDoubled()
    {
        var net = (IIntegratedGradientsNetwork)Load("mnist_cnn").Compiled;
        var x = Laws.Floats(Laws.Draw(4, net.Signature.InputSize));
        var why = net.IntegratedGradients(x, 1, Targets.Each([Target.Unit(0), Target.Unit(3)]),
            options: exact with { Steps = 5, MaxSteps = 20, Tolerance = 0.5 });
        Assert.False(why[0].Completeness.IsExact);
        Assert.True(why[0].Converged);
        var alone = net.IntegratedGradients(x, Target.Unit(3), options: new() { Steps = 5, MaxSteps = 20, Tolerance = 0.5 });
        Assert.Equal(alone.Scores, why[1].Scores);
        Assert.Equal(alone.Steps, why[1].Steps);
    }

    [Fact]
    public void ToleranceIsMetByAnExactIntegral()
    {
        var net = (IIntegratedGradientsNetwork)Load("tabular_mlp").Compiled;
        var x = Laws.Floats(Laws.Draw(4, net.Signature.InputSize));
        Assert.True(net.IntegratedGradients(x, Target.Unit(0), options: exact with { Tolerance = 1e-5 }).Converged);
        Assert.Null(net.IntegratedGradients(x, Target.Unit(0), options: exact).Converged);
    }

    [Fact]
    public void SeveralReferencesAreAveraged()
    {
        var net = (IIntegratedGradientsNetwork)Load("tabular_mlp").Compiled;
        var size = net.Signature.InputSize;
        var (x, references) = (Laws.Floats(Laws.Draw(4, size)), Laws.Floats(Laws.Draw(5, 2 * size)));
        var both = net.IntegratedGradients(x, Target.Unit(0), References.Several(references, 2), exact);
        var each = new[] { references[..size], references[size..] }
            .Select(reference => net.IntegratedGradients(x, Target.Unit(0), References.One(reference), exact)).ToList();
        for (var i = 0; i < size; i++)
            Assert.Equal((each[0].Scores[i] + each[1].Scores[i]) / 2, both.Scores[i], 1e-6f);
        Assert.Equal(each.Max(one => one.Steps), both.Steps);
    }

    [Fact]
    public void ASmoothTargetIsRefused()
    {
        var net = (IIntegratedGradientsNetwork)Load("lstm_lm").Compiled;
        var error = Assert.Throws<ArgumentException>(() =>
            net.IntegratedGradients(new float[net.Signature.InputSize], Target.Unit(0), options: exact));
        Assert.Contains("is not linear in its inputs but for kinks", error.Message, StringComparison.Ordinal);
        var points = Assert.Throws<ArgumentException>(() => PathPoints.Of(Quadrature.Exact, 5));
        Assert.Contains("from kink to kink", points.Message, StringComparison.Ordinal);
    }

    private static Trio Load(string name) =>
        OperatorSources.All.ContainsKey(name) ? operators.Value.Network(name).Load(Weights.Random(11)) : NetworkLaws.Load(name);
}
