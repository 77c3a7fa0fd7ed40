using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Explaining;


/// <summary>What a gap says, and what is advised against it.</summary>
public class CompletenessTests
{
    private static readonly PathOptions coarse = new() { Quadrature = Quadrature.Right, Steps = 2, RequireGap = 1e-6 };

    private delegate void Question(IModel<double> net, double[] x, double[] x0);

    private static readonly Dictionary<string, (string[] Advises, string[] NotOf, Question Ask)> questions = new()
    {
        ["DeepLIFT"] = (["takes no steps", "MaxPoolRule.Gradient", "SoftmaxRule.Elementwise"], ["more steps", "layer that"],
            (net, x, x0) => SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(1), Rule.Rescale, x0, new double[5], options: coarse)),
        ["RevealCancel"] = (["takes no steps"], ["more steps"],
            (net, x, x0) =>
                SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(1), Rule.RevealCancel, x0, new double[5], options: coarse)),
        ["a layer's DeepLIFT"] = (["all paths to the target pass", "takes no steps"], ["more steps"],
            (net, x, x0) =>
                SpanExplainers.LayerDeepLift<double>(net, "Hidden", x, 1, Target.Unit(1), Rule.Rescale, x0, new double[4],
                    options: coarse)),
        ["integrated gradients"] = (["PathOptions.Steps", "Tolerance", "Midpoint"], ["MaxPoolRule", "layer that"],
            (net, x, x0) => SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1), x0, new double[5], options: coarse)),
        ["a layer's integrated gradients"] = (["PathOptions.Steps", "all paths to the target pass"], ["MaxPoolRule"],
            (net, x, x0) =>
                SpanExplainers.LayerIntegratedGradients(net, "Hidden", x, 1, Target.Unit(1), x0, new double[4], options: coarse)),
        ["conductance"] = (["PathOptions.Steps", "all paths to the target pass"], ["MaxPoolRule", "Captum"],
            (net, x, x0) => SpanExplainers.Conductance(net, "Hidden", x, 1, Target.Unit(1), x0, new double[4], options: coarse)),
        ["Captum's conductance"] = (["ConductanceSum.WholePath"], ["MaxPoolRule"],
            (net, x, x0) => SpanExplainers.Conductance(net, "Hidden", x, 1, Target.Unit(1), x0, new double[4],
                options: coarse with { ConductanceSum = ConductanceSum.Captum })),
        ["expected gradients"] = (["SamplingOptions.Samples"], ["PathOptions", "MaxPoolRule"],
            (net, x, x0) => SpanExplainers.ExpectedGradients(net, x, 1, Target.Unit(1), x0, new double[5],
                options: new SamplingOptions { Samples = 3, RequireGap = 1e-6 })),
    };

    public static TheoryData<string> Questions => [.. questions.Keys];

    [Theory]
    [MemberData(nameof(Questions))]
    public void TheAdviceIsTheMethodsOwn(string question)
    {
        var (advises, notOf, ask) = questions[question];
        var error = Assert.Throws<CompletenessException>(
            () => ask(new HalfBack(SmallNet<double>.Tanh()), Inputs.Random<double>(1), Inputs.Random<double>(1, 9)));
        Assert.All(advises, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.All(notOf, word => Assert.DoesNotContain(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void AnAnswersOwnRequirementAdvisesAlike()
    {
        var (x, net) = (Inputs.Random<float>(1), new CompiledNet(SmallNet<float>.Tanh()));
        var why = net.IntegratedGradients(x, Target.Unit(1), options: coarse with { RequireGap = null });
        Assert.Contains("PathOptions.Steps", Assert.Throws<CompletenessException>(() => why.RequireGap(1e-6)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e-4f)]
    [InlineData(1e-5f)]
    [InlineData(1e-6f)]
    public void NearTheReferenceRoundingIsNoGap(float distance)
    {
        var net = SmallNet<float>.Tanh();
        foreach (var target in new[] { Target.Unit(0), Target.Unit(1), Target.Difference(2, 0), Target.Weights(50, -60, 70),
            Target.Unit(1).OfOutput() })
        {
            for (var seed = 1; seed < 40; seed++)
            {
                var x0 = Inputs.Random<float>(1, seed);
                float[] x = [.. x0.Zip(Inputs.Random<float>(1, seed + 100), (a, b) => a + distance * b)];
                var sums = new Completeness[1];
                var options = new PathOptions { RequireGap = 1e-3 };
                SpanExplainers.DeepLift<float>(net, x, 1, target, Rule.Rescale, x0, new() { Scores = new float[5], Sums = sums }, options);
                SpanExplainers.IntegratedGradients<float>(net, x, 1, target, x0, new() { Scores = new float[5], Sums = sums }, options);
                SpanExplainers.Conductance<float>(net, "Hidden", x, 1, target, x0, new() { Scores = new float[4], Sums = sums }, options);
                SpanExplainers.ShapleyValues<float>(net, null, x, 1, target, x0, new() { Scores = new float[5], Sums = sums }, options);
                Assert.InRange(sums[0].Rounding, float.Epsilon, 1e-3);
            }
        }
    }

    [Fact]
    public void ALossOfHalfIsSeenNearTheReferenceToo()
    {
        var net = new HalfBack(SmallNet<double>.Tanh());
        var x0 = Inputs.Random<double>(1, 9);
        foreach (var distance in new[] { 1e-3, 1e-6, 1e-9 })
        {
            double[] x = [.. x0.Select(v => v + distance)];
            Assert.Throws<CompletenessException>(
                () => SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(1), Rule.Rescale, x0, new double[5], options: coarse));
        }
    }

    /// <summary>A network whose backward passes bring back half of what they should.</summary>
    private sealed class HalfBack(SmallNet<double> net) : IHostPasses<double>
    {
        public Signature Signature => net.Signature;

        public void Forward(ReadOnlySpan<double> x, int point, Span<double> value, int rows) => net.Forward(x, point, value, rows);

        public int KeptSize(Pass pass) => net.KeptSize(pass);

        public void Keep(Pass pass, ReadOnlySpan<double> reference, Span<double> kept, int rows) => net.Keep(pass, reference, kept, rows);

        public void Backward(Pass pass, ref BackwardArguments<double> arguments)
        {
            net.Backward(pass, ref arguments);
            for (var answer = 0; answer < arguments.Answers; answer++)
            {
                foreach (ref var multiplier in arguments.Of(answer).Multipliers)
                    multiplier /= 2;
                foreach (ref var multiplier in arguments.Of(answer).NegativeMultipliers)
                    multiplier /= 2;
            }
        }

        public string? FirstNonFinite(ReadOnlySpan<double> x) => net.FirstNonFinite(x);
    }
}
