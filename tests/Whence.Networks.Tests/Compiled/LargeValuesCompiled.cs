namespace Whence.Networks.Tests.Compiled;

/// <summary>Values of thousands through the normalisations, bounds and powers, in single precision.</summary>
public sealed class LargeValuesCompiled
{
    private static readonly (string Name, string Layer, string Call)[] nets =
    [
        ("LocalResponse", "", "LocalResponseNorm(x, 5, alpha: 1)"),
        ("LocalResponseOfSums", "", "LocalResponseNorm(x, 3, alpha: 1, beta: 0.5, sum: true)"),
        ("Layered", "[LayerNorm] private partial Tensor Norm(Tensor x);", "Norm(x)"),
        ("RootMeanSquare", "[RmsNorm(Affine = false)] private partial Tensor Norm(Tensor x);", "Norm(x)"),
        ("Grouped", "[GroupNorm(3)] private partial Tensor Norm(Tensor x);", "Norm(x)"),
        ("Pieces", "[Maxout(6, 3)] private partial Tensor Largest(Tensor x);", "Largest(x)"),
        ("Bounded", "", "Max(Min(x, Slice(Concat(x, x), 0, 1, 6)), -4500)"),
        ("Powers", "", "Pow(Square(x) + 1, -0.75) + Sqrt(Abs(x) + 1) + Pow(x, 3) + Pow(Abs(x) + 0.5, 1.7) + ReciprocalSqrt(Square(x) + 0.1) + Clamp(x, -4000, 1)"),
    ];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(nets.Select(net => $$"""
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class {{net.Name}}
        {
            {{net.Layer}}
            public Tensor Forward([Shape(6)] Tensor x) => {{net.Call}};
        }

        """))));

    public static TheoryData<string> Names => [.. nets.Select(net => net.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void StayFiniteAndComplete(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(1)).Compiled;
        float[][] rows = [[5000, -5000, 4999, 0.5f, -20, 3], [-5000, -5000, -5000, -5000, -4999, 1], [0.1f, 0, 0, 5000, -0.2f, 0], [1, 2, 3, 4, 5, -6], [-4000, 4000, 4000.5f, -5000, 0, 0]];
        foreach (var x in rows)
        {
            foreach (var reference in rows)
            {
                for (var unit = 0; unit < 6; unit++)
                    Check(net, x, reference, Target.Unit(unit).OfOutput());
            }
        }
    }

    private static void Check(INetwork net, float[] x, float[] reference, Target target)
    {
        var scores = new float[6];
        Explain.Predict(net, x, scores, 1);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Explain.Gradient(net, x, 1, target, scores);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var sums = new Completeness[1];
            Explain.DeepLift<float>(net, x, 1, target, rule, References<float>.One(reference), scores, sums);
            Assert.All(scores, score => Assert.True(float.IsFinite(score)));
            // What cancels is rounded where it is large: the gap is measured against all that was added up.
            var size = scores.Sum(score => Math.Abs((double)score)) + Math.Abs(sums[0].Output) + Math.Abs(sums[0].ReferenceOutput);
            Assert.True(Math.Abs(sums[0].Gap!.Value) <= 1e-5 * size, $"{rule} from {string.Join(", ", reference)} to {string.Join(", ", x)}: {sums[0]}");
        }
    }
}
