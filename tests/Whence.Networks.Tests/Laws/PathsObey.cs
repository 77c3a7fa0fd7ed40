namespace Whence.Networks.Tests.Laws;

/// <summary>The path as a question of its own gives what backward passes by the gradient give, each at a point of the path.</summary>
public sealed class PathsObey
{
    private const int Paths = 2;

    private static readonly PathPoints midpoints = PathPoints.Of(Quadrature.Midpoint, 5);

    public static TheoryData<string> Names => Subject.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void SumsOverStepsAreTheNaiveOnes(string name)
    {
        var subject = Subject.All[name];
        var net = subject.Network.Interpret();
        for (var from = 0; from < net.Signature.Points.Count; from++)
        {
            if (!net.Follows(from, -1))
                continue;
            var (x, references) = (subject.Inputs(3, Paths), subject.Inputs(4, Paths));
            var (expected, actual) = (AlongPaths.Naively(net, x, references, from, -1, midpoints),
                AlongPaths.Sums<double>(net, x, references, from, midpoints, 2, 1));
            AlongPaths.Same(name, actual, expected, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Long", "laws")]
    public void StepsToALayerAreTheNaiveOnes(string name)
    {
        var subject = Subject.All[name];
        var net = subject.Network.Interpret();
        for (var to = 0; to < net.Signature.Points.Count; to++)
        {
            if (net.Signature.Points[to].Kind != PointKind.Layer || !net.Follows(0, to))
                continue;
            var (x, references) = (subject.Inputs(3), subject.Inputs(4));
            var expected = AlongPaths.Naively(net, x, references, 0, to, midpoints);
            AlongPaths.Same(name, AlongPaths.ToALayer<double>(net, x, references, 0, to, midpoints), expected, 1e-12);
        }
    }

    [Fact]
    public void MostNetworksHaveOne() =>
        Assert.InRange(Subject.All.Values.Count(subject => subject.Network.Interpret().PathSizes.Sums > 0), Subject.All.Count * 2 / 3,
            Subject.All.Count);
}
