using Whence.Golden;
using Whence.Networks.Tests.Golden;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Questions over forward passes, noise and relevance, asked of compiled networks: the interpreter's numbers.</summary>
public sealed class CounterfactualsCompiled
{
    private static readonly Trio dna = NetworkLaws.Load("genomics_cnn");
    private static readonly Trio digits = NetworkLaws.Load("mnist_cnn");
    private static readonly double[] sequence = Npz.Golden("genomics_cnn.npz")["x"].Row(0).ToArray();
    private static readonly double[] digit = Npz.Golden("mnist_cnn.npz")["x"].Row(0).ToArray();

    [Fact]
    public void MutantsOfDna()
    {
        var expected = new double[sequence.Length];
        SpanExplainers.Mutagenesis<double>(dna.Interpreted, sequence, 1, Target.Unit(1), expected);
        var found = dna.Compiled.Mutagenesis(Laws.Floats(sequence), Target.Unit(1));
        Laws.Same("mutagenesis", found.Scores.ToArray(), expected, 1, 1e-4);
        Assert.Equal(600, found.Scores.ToArray().Count(score => score != 0));
    }

    [Fact]
    public void ShapleyValuesOfQuarters()
    {
        var quarters = new FeatureGroups([.. Enumerable.Range(0, 784).Select(i => i / 28 / 14 * 2 + i % 28 / 14)]);
        var expected = new double[4];
        SpanExplainers.ShapleyValues<double>(digits.Interpreted, quarters, digit, 1, Target.Unit(7), default, expected);
        var found = digits.Compiled.ShapleyValues(Laws.Floats(digit), Target.Unit(7), groups: quarters);
        Laws.Same("Shapley values", found.Scores.ToArray(), expected, 1, 1e-5);
        Assert.InRange(found.RelativeGap!.Value, 0, 1e-6);
        Laws.Same("over orders", digits.Compiled.ShapleySampling(Laws.Floats(digit), Target.Unit(7), groups: quarters,
            options: new SamplingOptions { Samples = 2000 }).Scores.ToArray(), expected, 1, 0.05);
    }

    [Fact]
    public void Relevance()
    {
        var net = Assert.IsAssignableFrom<ILrpNetwork>(digits.Compiled);
        var (expected, sums) = (new double[digit.Length], new Completeness[1]);
        SpanExplainers.LrpEpsilon<double>(digits.Interpreted, digit, 1, Target.Unit(7), new() { Scores = expected, Sums = sums });
        var found = net.LrpEpsilon(Laws.Floats(digit), Target.Unit(7));
        Laws.Same("LRP", found.Scores.ToArray(), expected, 1, 1e-5);
        Assert.Equal(0, found.ReferenceOutput);
        Assert.Equal(sums[0].Gap!.Value, found.Gap!.Value, 3);
    }

    [Fact]
    public void NoiseIsTheSameInBothPrecisions()
    {
        var expected = new double[digit.Length];
        SpanExplainers.SmoothGrad<double>(digits.Interpreted, digit, 1, Target.Unit(7), expected, new NoiseOptions { Samples = 5 });
        Laws.Same("SmoothGrad",
            digits.Compiled.SmoothGrad(Laws.Floats(digit), Target.Unit(7), new NoiseOptions { Samples = 5 }).Scores.ToArray(), expected, 1,
            1e-4);
    }

    [Fact]
    public void ADigitSaturatesAlongItsPath()
    {
        double[] alphas = [.. Enumerable.Range(0, 11).Select(i => i / 10.0)];
        var distances = digits.Compiled.LayerAlong("relu3", Laws.Floats(digit), alphas);
        Assert.Equal(distances.Euclidean.Values.OrderDescending(), distances.Euclidean.Values);
        Assert.Equal(0, distances.Cosine.Values[10]);
        var score = digits.Compiled.ScoreAlong(Laws.Floats(digit), Target.Unit(7), alphas);
        Compare.Row("score", [score.Values[10]], [Ask.Predict(digits.Interpreted, digit)[7]], 1e-5);
    }
}
