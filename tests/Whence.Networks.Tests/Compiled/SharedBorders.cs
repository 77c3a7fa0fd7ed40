namespace Whence.Networks.Tests.Compiled;

using Xunit;

/// <summary>
/// Paths through values that both what is proportional to alpha and what is not read, though they are dearer to keep than to compute.
/// </summary>
public class SharedBorders
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Skipped
        {
            [Conv1d(3, 3, Pad = 1)] private partial Tensor K0(Tensor x);
            [Conv1d(3, 3, Pad = 1)] private partial Tensor K1(Tensor x);

            public Tensor Forward([Shape(1, 8)] Tensor x)
            {
                var a = K0(x);
                return a + Relu(K1(a));
            }
        }

        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Reversed
        {
            [Linear(9)] private partial Tensor K(Tensor x);

            public Tensor Forward([Shape(9)] Tensor x)
            {
                var t = Reverse(x);
                return t + Relu(x + Relu(K(t)));
            }
        }

        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Larger
        {
            [Conv2d(3, 3, Pad = 1)] private partial Tensor K0(Tensor x);

            public Tensor Forward([Shape(3, 9, 9)] Tensor x)
            {
                var turned = Reverse(x);
                var sloped = LeakyRelu(K0(turned), 0.01);
                return Flatten(Max(turned, x - (turned + sloped)));
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Layers = ["a"])]
        public sealed partial class Asked
        {
            [Conv1d(3, 3, Pad = 1)] private partial Tensor K0(Tensor x);
            [Conv1d(3, 3, Pad = 1, Bias = false)] private partial Tensor K1(Tensor x);

            public Tensor Forward([Shape(1, 6)] Tensor x)
            {
                var a = K0(x);
                var b = a + Relu(K1(a));
                return Flatten(AvgPool1d(b * 1.5 - 0.25, 2));
            }
        }
        """));

    /// <summary>The integrals are those from kink to kink, which nothing of a path's steps makes.</summary>
    [Theory]
    [InlineData("Skipped")]
    [InlineData("Reversed")]
    [InlineData("Larger")]
    [InlineData("Asked")]
    public void GiveTheIntegral(string name)
    {
        var net = (IIntegratedGradientsNetwork)networks.Value.Network(name).Load(Weights.Random(3)).Compiled;
        var random = new Random(5);
        var x = Enumerable.Range(0, ((INetwork)net).Signature.InputSize).Select(_ => 2 * random.NextSingle() - 1).ToArray();
        var exact = net.IntegratedGradients(x, Target.Unit(2), options: new PathOptions { Quadrature = Quadrature.Exact });
        var steps = net.IntegratedGradients(x, Target.Unit(2), options: new PathOptions { Steps = 4000 });
        Assert.True(exact.Completeness.IsExact);
        Assert.InRange(exact.Completeness.RelativeGap ?? 1, 0, 1e-5);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(exact.Scores[i], steps.Scores[i], 1e-3f);
    }
}
