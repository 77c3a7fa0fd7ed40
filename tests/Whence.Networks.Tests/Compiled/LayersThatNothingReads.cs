namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A layer that no output depends on can be asked about: its scores are zeros under every method, and as a target it is like any other.
/// </summary>
public sealed class LayersThatNothingReads
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift,
            Layers = ["Dead", "aside", "last", "Twice.*"])]
        public sealed partial class Aside
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [Linear(3)] private partial Tensor Dead(Tensor x);
            [Linear(3)] private partial Tensor Twice(Tensor x);
            public Tensor Forward([Shape(6)] Tensor x)
            {
                var h = Tanh(Fc(x));
                var aside = Softmax(Dead(h));
                var last = Last(Reshape(x, 2, 3));
                var unused = Twice(h) + Twice(Relu(h));
                return Relu(h);
            }
        }

        """));

    private static readonly INetwork net = networks.Value.Network("Aside").Load(Weights.Random(4)).Compiled;

    private static readonly float[] x = [.. Laws.Draw(1, 6).Select(v => (float)v)];

    public static readonly TheoryData<string> Layers = new("Dead", "aside", "last", "Twice.*");

    [Theory, MemberData(nameof(Layers))]
    public void ScoresAreZeros(string layer)
    {
        var (paths, rescaled, gradients) = ((IIntegratedGradientsNetwork)net, (IDeepLiftNetwork)net, (IGradientNetwork)net);
        var target = Target.Unit(1);
        foreach (var found in new[]
        {
            rescaled.LayerDeepLift(layer, x, target), rescaled.LayerDeepLift(layer, x, target, Rule.RevealCancel),
            paths.LayerIntegratedGradients(layer, x, target), paths.Conductance(layer, x, target),
            paths.InternalInfluence(layer, x, target), gradients.LayerGradient(layer, x, target),
            gradients.LayerGradientTimesActivation(layer, x, target),
        })
        {
            Assert.Equal(3, found.Scores.Length);
            Assert.All(found.Scores.ToArray(), score => Assert.Equal(0, score));
            Assert.Equal(net.Predict(x)[1], found.Output, 1e-6);
        }
        Assert.All(paths.NeuronConductance(layer, 2, x, target).Scores.ToArray(), score => Assert.Equal(0, score));
    }

    [Theory, MemberData(nameof(Layers))]
    public void TargetsAreExplained(string layer)
    {
        var (paths, rescaled, gradients) = ((IIntegratedGradientsNetwork)net, (IDeepLiftNetwork)net, (IGradientNetwork)net);
        var target = Target.Layer(layer, 2);
        var slopes = gradients.Gradient(x, target).Scores.ToArray();
        Assert.Contains(slopes, score => score != 0);
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
            Assert.True(rescaled.DeepLift(x, target, rule).RelativeGap < 1e-5);
        Assert.True(paths.IntegratedGradients(x, target, options: new() { Steps = 100 }).RelativeGap < 1e-3);
        if (layer == "last")
            Assert.True(paths.IntegratedGradients(x, target, options: new() { Quadrature = Quadrature.Exact }).Completeness.IsExact);
        for (var i = 0; i < x.Length; i++)
        {
            float[] up = [.. x], down = [.. x];
            (up[i], down[i]) = (x[i] + 0.01f, x[i] - 0.01f);
            Assert.Equal((gradients.Gradient(up, target).Output - gradients.Gradient(down, target).Output) / 0.02, slopes[i], 1e-3);
        }
    }
}
