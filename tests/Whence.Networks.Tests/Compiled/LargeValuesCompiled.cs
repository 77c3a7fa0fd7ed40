namespace Whence.Networks.Tests.Compiled;

/// <summary>Values of thousands through the normalisations, bounds and powers, in single precision.</summary>
public sealed class LargeValuesCompiled
{
    // What is allowed to be missing from the sum, of its size. The two ways through a normalisation, by the value and by its divisor,
    // cancel, and each carries thousands where their sum is of 1; without a variance one carries a million, and single precision has no
    // digits left.
    private static readonly (string Name, double? Allowed, string Layer, string Call)[] nets =
    [
        ("LocalResponse", 1e-3, "", "LocalResponseNorm(x, 5, alpha: 1)"),
        ("LocalResponseOfSums", 1e-3, "", "LocalResponseNorm(x, 3, alpha: 1, beta: 0.5, sum: true)"),
        ("Layered", 1e-3, "[LayerNorm] private partial Tensor Norm(Tensor x);", "Norm(x)"),
        ("RootMeanSquare", 1e-3, "[RmsNorm(Affine = false)] private partial Tensor Norm(Tensor x);", "Norm(x)"),
        ("Grouped", null, "[GroupNorm(3)] private partial Tensor Norm(Tensor x);", "Norm(x)"),
        ("Pieces", 1e-5, "[Maxout(6, 3)] private partial Tensor Largest(Tensor x);", "Largest(x)"),
        ("Bounded", 1e-5, "", "Max(Min(x, Slice(Concat(x, x), 0, 1, 6)), -4500)"),
        ("Powers", 1e-5, "", "Pow(Square(x) + 1, -0.75) + Sqrt(Abs(x) + 1) + Pow(x, 3) + Pow(Abs(x) + 0.5, 1.7) + ReciprocalSqrt(Square(x) "
            + "+ 0.1) + Clamp(x, -4000, 1)"),
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
        var allowed = nets.Single(one => one.Name == name).Allowed ?? double.PositiveInfinity;
        float[][] rows = [[5000, -5000, 4999, 0.5f, -20, 3], [-5000, -5000, -5000, -5000, -4999, 1], [0.1f, 0, 0, 5000, -0.2f, 0],
            [1, 2, 3, 4, 5, -6], [-4000, 4000, 4000.5f, -5000, 0, 0]];
        foreach (var x in rows)
        {
            foreach (var reference in rows)
            {
                for (var unit = 0; unit < 6; unit++)
                    Check(net, x, reference, Target.Unit(unit).OfOutput(), allowed);
            }
        }
    }

    private static void Check(INetwork net, float[] x, float[] reference, Target target, double allowed)
    {
        var scores = new float[6];
        SpanExplainers.Predict(net, x, scores, 1);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        SpanExplainers.Gradient(net, x, 1, target, scores);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var sums = new Completeness[1];
            SpanExplainers.DeepLift<float>(net, x, 1, target, rule, References.One(reference),
                new() { Scores = scores, Sums = sums });
            Assert.All(scores, score => Assert.True(float.IsFinite(score)));
            // What cancels is rounded where it is large: the gap is measured against all that was added up.
            var size = scores.Sum(score => Math.Abs((double)score)) + Math.Abs(sums[0].Output) + Math.Abs(sums[0].ReferenceOutput);
            Assert.True(Math.Abs(sums[0].Gap!.Value) <= allowed * size,
                $"{rule} from {string.Join(", ", reference)} to {string.Join(", ", x)}: {sums[0]}");
        }
    }
}
