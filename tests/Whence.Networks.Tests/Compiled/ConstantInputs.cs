using Whence.Networks.Tests.Laws;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Inputs held fixed: nothing is attributed to them, whatever is asked, and every reference has the input's own values of them.
/// </summary>
public sealed class ConstantInputs
{
    private const int Rows = 3;

    private static readonly Trio net = NetworkLaws.Load("Masked");
    private static readonly bool[] held = HeldFixed.Columns(net.Signature);
    private static readonly double[] x = Examples(Rows);
    private static readonly double[] given = Draws(31, 2 * net.Signature.InputSize);

    private static readonly Dictionary<string, Action> questions = new()
    {
        ["gradient"] = () => Asks(
            (net, x, _, scores) => SpanExplainers.Gradient<double>(net, x, Rows, Target.Unit(1), scores),
            (net, x, _, scores) => SpanExplainers.Gradient<float>(net, x, Rows, Target.Unit(1), scores)),
        ["gradient times input"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.GradientTimesInput<double>(net, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.GradientTimesInput<float>(net, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["integrated gradients"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.IntegratedGradients<double>(net, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.IntegratedGradients<float>(net, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["neuron conductance"] = () => Asks(
            (net, x, x0, scores) =>
                SpanExplainers.NeuronConductance<double>(net, "hidden", 2, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) =>
                SpanExplainers.NeuronConductance<float>(net, "hidden", 2, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["Rescale"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.DeepLift<double>(net, x, Rows, Target.Unit(1), Rule.Rescale, Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.DeepLift<float>(net, x, Rows, Target.Unit(1), Rule.Rescale, Several(x0), scores)),
        ["RevealCancel"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.DeepLift<double>(net, x, Rows, Target.Unit(1), Rule.RevealCancel, Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.DeepLift<float>(net, x, Rows, Target.Unit(1), Rule.RevealCancel, Several(x0), scores)),
        ["Genomics"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.DeepLift<double>(net, x, Rows, Target.Unit(1), Rule.Genomics, Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.DeepLift<float>(net, x, Rows, Target.Unit(1), Rule.Genomics, Several(x0), scores)),
        ["ablation"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.Ablation<double>(net, null, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.Ablation<float>(net, null, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["Shapley values over random orders"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.ShapleySampling<double>(net, null, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.ShapleySampling<float>(net, null, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["KernelSHAP"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.KernelShap<double>(net, null, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.KernelShap<float>(net, null, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["expected gradients"] = () => Asks(
            (net, x, x0, scores) => SpanExplainers.ExpectedGradients<double>(net, x, Rows, Target.Unit(1), Several(x0), scores),
            (net, x, x0, scores) => SpanExplainers.ExpectedGradients<float>(net, x, Rows, Target.Unit(1), Several(x0), scores)),
        ["SmoothGrad"] = () => Asks(
            (net, x, _, scores) => SpanExplainers.SmoothGrad<double>(net, x, Rows, Target.Unit(1), scores),
            (net, x, _, scores) => SpanExplainers.SmoothGrad<float>(net, x, Rows, Target.Unit(1), scores)),
        ["LRP"] = () => Asks(
            (net, x, _, scores) => SpanExplainers.LrpEpsilon<double>(net, x, Rows, Target.Unit(1), scores),
            (net, x, _, scores) => SpanExplainers.LrpEpsilon<float>(net, x, Rows, Target.Unit(1), scores)),
    };

    public static TheoryData<string> Questions => [.. questions.Keys];

    private delegate void Question<T>(IModel<T> net, T[] x, T[] references, T[] scores)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    [Theory]
    [MemberData(nameof(Questions))]
    public void HaveScoresOfExactlyZero(string question) => questions[question]();

    private static void Asks(Question<double> inDouble, Question<float> inSingle)
    {
        var (scores, singles) = (new double[x.Length], new float[x.Length]);
        inDouble(net.Interpreted, x, given, scores);
        inSingle(net.Compiled, Compiled.Laws.Floats(x), Compiled.Laws.Floats(given), singles);
        for (var i = 0; i < x.Length; i++)
            Assert.True(!held[i % held.Length] || scores[i] == 0 && BitConverter.SingleToInt32Bits(singles[i]) == 0,
                $"Element {i} is held fixed, but has the scores {scores[i]:r} and {singles[i]:r}.");
        Assert.Contains(scores, score => score != 0);
        Compiled.Laws.Same("scores", singles, scores, Rows, 1e-4);
    }

    [Fact]
    public void AReferenceHasTheInputsOwnValues()
    {
        // What the reference says of them is of no account, for each input by itself.
        var changed = HeldFixed.With(net.Signature, Draws(5, x.Length), given);
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
            Assert.Equal(DeepLift(given, rule), DeepLift(changed, rule));
        var own = new double[2 * x.Length];
        for (var row = 0; row < 2 * Rows; row++)
        {
            var size = held.Length;
            HeldFixed.With(net.Signature, x[(row / 2 * size)..((row / 2 + 1) * size)], given[(row % 2 * size)..((row % 2 + 1) * size)])
                .CopyTo(own, row * size);
        }
        var each = new double[x.Length];
        SpanExplainers.DeepLift<double>(net.Interpreted, x, Rows, Target.Unit(0), Rule.Rescale, References.SeveralPerInput(own, 2),
            each);
        Assert.Equal(each, DeepLift(given, Rule.Rescale));
    }

    private static double[] DeepLift(double[] references, Rule rule)
    {
        var scores = new double[x.Length];
        SpanExplainers.DeepLift<double>(net.Interpreted, x, Rows, Target.Unit(0), rule, Several(references), scores);
        return scores;
    }

    [Fact]
    public void ALayersPathHasTheInputsOwnValues()
    {
        var changed = HeldFixed.With(net.Signature, Draws(5, x.Length), given);
        double[] Conductance(double[] references) => Layer(references,
            (rows, x0, scores) =>
                SpanExplainers.Conductance<double>(net.Interpreted, "hidden", rows, Rows, Target.Unit(0), Several(x0), scores));
        double[] Integrated(double[] references) => Layer(references, (rows, x0, scores) =>
            SpanExplainers.LayerIntegratedGradients<double>(net.Interpreted, "hidden", rows, Rows, Target.Unit(0), Several(x0), scores));
        Assert.Equal(Conductance(given), Conductance(changed));
        Assert.Equal(Integrated(given), Integrated(changed));
    }

    private static double[] Layer(double[] references, Action<double[], double[], double[]> ask)
    {
        var scores = new double[Rows * net.Signature.Points.Single(point => point.Name == "hidden").Shape.Size];
        ask(x, references, scores);
        return scores;
    }

    [Fact]
    public void WithZerosContributionsAreComplete()
    {
        var sums = new Completeness[Rows];
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel, Rule.Genomics })
        {
            SpanExplainers.DeepLift<double>(net.Interpreted, x, Rows, Target.Unit(0), rule, default,
                new() { Scores = new double[x.Length], Sums = sums });
            Assert.All(sums,
                one => Assert.True(one.RelativeGap < 1e-12, $"{rule} misses {one.Gap:r} of {one.Output:r} - {one.ReferenceOutput:r}."));
        }
        SpanExplainers.IntegratedGradients<double>(net.Interpreted, x, Rows, Target.Unit(0), default,
            new() { Scores = new double[x.Length], Sums = sums },
            new PathOptions { Steps = 400 });
        Assert.All(sums, one =>
            Assert.True(one.RelativeGap < 1e-3, $"Integrated gradients miss {one.Gap:r} of {one.Output:r} - {one.ReferenceOutput:r}."));
    }

    [Fact]
    public void ManyInputsAndThreadsChangeNoBit()
    {
        const int Many = 700;
        var (many, reference) = (Compiled.Laws.Floats(Examples(Many)), Compiled.Laws.Floats(given));
        float[] Ask(float[] rows, int count, int threads)
        {
            var scores = new float[rows.Length];
            SpanExplainers.DeepLift<float>(net.Compiled, rows, count, Target.Unit(0), Rule.Rescale, References.Several(reference, 2),
                scores, options: new ExplainOptions { Threads = threads });
            return scores;
        }
        var together = Ask(many, Many, 1);
        Assert.Equal(together, Ask(many, Many, 4));
        var size = held.Length;
        Assert.Equal(together[^size..], Ask(many[^size..], 1, 1));
    }

    [Fact]
    public void APreparedReferenceKeepsItsOwn()
    {
        var size = held.Length;
        var own = HeldFixed.With(net.Signature, x[..size], given[..size]);
        var prepared = SpanExplainers.Prepare<double>(net.Interpreted, own, Rule.Rescale);
        var (once, plain) = (new double[size], new double[size]);
        SpanExplainers.DeepLift<double>(net.Interpreted, x.AsSpan(0, size), 1, Target.Unit(0), Rule.Rescale, prepared, once);
        SpanExplainers.DeepLift<double>(net.Interpreted, x.AsSpan(0, size), 1, Target.Unit(0), Rule.Rescale, References.One(own),
            plain);
        Assert.Equal(plain, once);
        var refused = Assert.Throws<ArgumentException>(
            () => SpanExplainers.DeepLift<double>(net.Interpreted, x, Rows, Target.Unit(0), Rule.Rescale, prepared, new double[x.Length]));
        Assert.Contains("present is held fixed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("in input 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsAbsentGetsExactlyZero()
    {
        var (size, scores) = (held.Length, new float[x.Length]);
        SpanExplainers.IntegratedGradients<float>(net.Compiled, Compiled.Laws.Floats(x), Rows, Target.Unit(0), default, scores);
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < 18; i++)
                Assert.True(x[row * size + 18 + i % 6] == 1 || scores[row * size + i] == 0,
                    $"Atom {i % 6} of molecule {row} is absent, but has the score {scores[row * size + i]:r}.");
            for (var i = 0; i < 72; i++)
                Assert.True(x[row * size + 18 + 6 + 72 + i % 36] == 1 || scores[row * size + 24 + i] == 0,
                    $"Pair {i % 36} of molecule {row} is absent, but has the score {scores[row * size + 24 + i]:r}.");
        }
    }

    // Molecules of one to six atoms: atoms [3, 6], present [6], pairs [2, 6, 6], bonded [1, 6, 6].
    private static double[] Examples(int count)
    {
        var rows = Draws(30, count * 132);
        for (var row = 0; row < count; row++)
        {
            var (start, atoms) = (row * 132, 6 - row % 6);
            for (var i = 0; i < 6; i++)
                rows[start + 18 + i] = i < atoms ? 1 : 0;
            for (var i = 0; i < 36; i++)
                rows[start + 96 + i] = i / 6 < atoms && i % 6 < atoms && i / 6 != i % 6 ? 1 : 0;
        }
        return rows;
    }

    private static double[] Draws(int seed, int count) => Compiled.Laws.Draw(seed, count);

    private static References<T> Several<T>(T[] references)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => References.Several<T>(references, 2);
}
