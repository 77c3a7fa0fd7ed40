namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A network that normalises its own pixels is explained in pixels: paths run between pixels (black is zero), and scores are those of the
/// network without the normalisation, between normalised ends (arXiv 1611.02639, section 2; the pixel's factor moves from the gradient to
/// the difference).
/// </summary>
public sealed class PixelInputs
{
    private const int Rows = 3;
    private const int Size = 3 * 6 * 5;

    private static readonly Dictionary<string, (string Code, Func<double, int, double> Of)> normalisations = new()
    {
        ["Shifted"] = ("(pixels - 117) / 255", (pixel, _) => (pixel - 117) / 255),
        ["Channels"] = (
            "(pixels / 255 - Reshape(Constant(0.485, 0.456, 0.406), 3, 1, 1)) / Reshape(Constant(0.229, 0.224, 0.225), 3, 1, 1)",
            (pixel, channel) => (pixel / 255 - new[] { 0.485, 0.456, 0.406 }[channel]) / new[] { 0.229, 0.224, 0.225 }[channel]),
        ["Folded"] = ("(pixels - Reshape(Constant(104, 117, 123), 3, 1, 1)) * 0.017",
            (pixel, channel) => (pixel - new[] { 104, 117, 123 }[channel]) * 0.017),
    };

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(
        Source("Plain", "pixels") + string.Concat(normalisations.Select(pair => Source(pair.Key, pair.Value.Code)))));

    public static TheoryData<string> Normalisations => [.. normalisations.Keys];

    private delegate void Question<T>(IModel<T> net, T[] x, T[] reference, T[] scores, Completeness[] sums)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    [Theory]
    [MemberData(nameof(Normalisations))]
    public void TheForwardPassIsForward(string name) => Compiled.Laws.ForwardIsForward(Load(name));

    [Theory]
    [MemberData(nameof(Normalisations))]
    public void IntegratedGradientsScalePixels(string name) => IsAsBetweenNormalisedEnds(name,
        (net, x, reference, scores, sums) =>
            SpanExplainers.IntegratedGradients<double>(net, x, Rows, Target.Unit(1), reference, new() { Scores = scores, Sums = sums }),
        (net, x, reference, scores, sums) =>
            SpanExplainers.IntegratedGradients<float>(net, x, Rows, Target.Unit(1), reference, new() { Scores = scores, Sums = sums }));

    [Theory]
    [MemberData(nameof(Normalisations))]
    public void RescaleComparesPixels(string name) => IsAsBetweenNormalisedEnds(name,
        (net, x, reference, scores, sums) =>
            SpanExplainers.DeepLift<double>(net, x, Rows, Target.Unit(1), Rule.Rescale, reference, new() { Scores = scores, Sums = sums }),
        (net, x, reference, scores, sums) =>
            SpanExplainers.DeepLift<float>(net, x, Rows, Target.Unit(1), Rule.Rescale, reference, new() { Scores = scores, Sums = sums }));

    [Theory]
    [MemberData(nameof(Normalisations))]
    public void RevealCancelComparesPixels(string name) => IsAsBetweenNormalisedEnds(name,
        (net, x, reference, scores, sums) =>
            SpanExplainers.DeepLift<double>(net, x, Rows, Target.Unit(1), Rule.RevealCancel, reference,
                new() { Scores = scores, Sums = sums }),
        (net, x, reference, scores, sums) =>
            SpanExplainers.DeepLift<float>(net, x, Rows, Target.Unit(1), Rule.RevealCancel, reference,
                new() { Scores = scores, Sums = sums }));

    private static void IsAsBetweenNormalisedEnds(string name, Question<double> inDouble, Question<float> inSingle)
    {
        var (pixels, plain) = (Load(name), Load("Plain"));
        var (x, black) = (Pixels(), new double[Size]);
        var (scores, expected, singles) = (new double[x.Length], new double[x.Length], new float[x.Length]);
        var (sums, sumsOfSingles) = (new Completeness[Rows], new Completeness[Rows]);
        inDouble(pixels.Interpreted, x, black, scores, sums);
        inDouble(plain.Interpreted, Normalised(name, x), Normalised(name, black), expected, new Completeness[Rows]);
        inSingle(pixels.Compiled, Compiled.Laws.Floats(x), new float[Size], singles, sumsOfSingles);
        var scale = expected.Max(Math.Abs);
        Assert.True(scale > 0);
        for (var i = 0; i < x.Length; i++)
            Assert.True(Math.Abs(scores[i] - expected[i]) <= 1e-11 * scale,
                $"{name}: element {i} has the score {scores[i]:r}, between normalised ends {expected[i]:r}.");
        Compiled.Laws.Same(name, singles, scores, Rows, 1e-4);
        Assert.All(sums.Concat(sumsOfSingles),
            one => Assert.True(one.RelativeGap < 1e-2, $"{name}: the gap is {one.Gap:r} of {one.Output:r} - {one.ReferenceOutput:r}."));
    }

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(23));

    private static double[] Pixels()
    {
        var random = new Random(6);
        return [.. Enumerable.Range(0, Rows * Size).Select(_ => (double)random.Next(256))];
    }

    private static double[] Normalised(string name, double[] pixels) =>
        [.. pixels.Select((pixel, i) => normalisations[name].Of(pixel, i % Size / (Size / 3)))];

    private static string Source(string name, string normalised) => $$"""
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class {{name}}
        {
            [Conv2d(4, kernel: 3, Pad = 1)] private partial Tensor Conv(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 6, 5)] Tensor pixels) => Softmax(Head(Flatten(Softplus(Conv({{normalised}})))));
        }

        """;
}
