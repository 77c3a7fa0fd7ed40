using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Laws;

/// <summary>Exact integrals are the sums over exactly located kinks, and complete.</summary>
public sealed class ExactIntegralsObey
{
    private static readonly PathOptions exact = new() { Quadrature = Quadrature.Exact };

    private static readonly Lazy<IReadOnlyDictionary<string, Subject>> subjects = new(() => Subject.All.Values
        .Where(subject => !subject.Trained && subject.Network.Interpret().IsPiecewiseLinear(0)).Concat(Kinked.All)
        .ToDictionary(subject => subject.Network.Name));

    public static TheoryData<string> Names => new(subjects.Value.Keys);

    public static TheoryData<int> OfSome => new(Enumerable.Range(0, 16).Except([6, 10]));

    [Theory]
    [MemberData(nameof(OfSome))]
    public void TheyAreTheSumsOverKinks(int seed) => Check(new Subject(Kinked.Random(seed)), 1);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Long", "laws")]
    public void OfEveryOperatorTheyAreTheSumsOverKinks(string name)
    {
        Check(subjects.Value[name], 1);
        Check(subjects.Value[name], 2);
    }

    private static void Check(Subject subject, int seed)
    {
        var (name, net) = (subject.Network.Name, subject.Network.Interpret());
        var (x, reference) = (subject.Inputs(seed), seed == 1 ? new double[subject.Inputs(seed).Length] : subject.Inputs(seed + 50));
        double[] weights = [.. Enumerable.Range(0, net.Signature.Points[0].Shape.Size).Select(i => 1.0 + i % 3)];
        var expected = new KinkByKink(net, x, reference, 0, weights).Scores();
        var (scores, sums) = Ask(net, x, reference, Target.Weights(weights).OfOutput());
        Assert.True(sums.IsExact, name);
        Same(name, scores, expected, 1e-12);
        Assert.True(Math.Abs(sums.Gap!.Value) <= 1e-12 * Scale(sums), $"{name}: gap {sums.Gap}");
    }

    [Theory]
    [InlineData("tabular_mlp")]
    [InlineData("mnist_cnn")]
    [InlineData("genomics_cnn")]
    public void TheyAreCompleteOfTrainedNetworks(string name)
    {
        var network = Subject.All.Values.Single(subject => subject.Trained && subject.Network.Name == name);
        var net = network.Network.Interpret();
        var x = network.Inputs(7);
        var (_, sums) = Ask(net, x, new double[x.Length], Target.Unit(0));
        Assert.True(sums.IsExact);
        Assert.True(Math.Abs(sums.Gap!.Value) <= 1e-12 * Scale(sums), $"{name}: gap {sums.Gap}");
    }

    private static double Scale(Completeness sums) => sums.Magnitude + Math.Abs(sums.Output) + Math.Abs(sums.ReferenceOutput);

    private static (double[] Scores, Completeness Sums) Ask(InterpretedNetwork net, double[] x, double[] reference, Target target)
    {
        var (scores, sums) = (new double[x.Length], new Completeness[1]);
        SpanExplainers.IntegratedGradients<double>(net, x, 1, target, References.One<double>(reference),
            new() { Scores = scores, Sums = sums }, exact);
        return (scores, sums[0]);
    }

    private static void Same(string name, double[] actual, double[] expected, double tolerance)
    {
        var largest = Math.Max(1e-3, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * largest, $"{name}[{i}]: {actual[i]}, but by kinks {expected[i]}");
    }
}
