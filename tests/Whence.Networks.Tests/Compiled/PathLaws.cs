using Whence.CompilerServices;

using AlongPaths = Whence.Networks.Tests.Laws.AlongPaths;
using HeldFixed = Whence.Networks.Tests.Laws.HeldFixed;

namespace Whence.Networks.Tests.Compiled;

/// <summary>What must be true of the emitted passes along a path.</summary>
public sealed class PathLaws
{
    private const int Paths = 3;

    private static readonly Lazy<InMemory> operators = OperatorNetworks.All;
    private static readonly PathPoints points = PathPoints.Of(Quadrature.Midpoint, 7);

    // The interpreter takes its time over the trained ones.
    public static TheoryData<string> Small => [.. OperatorSources.All.Keys, .. NetworkSources.Drawn];

    public static TheoryData<string> Names => [.. OperatorSources.All.Keys, .. NetworkSources.Drawn, .. NetworkSources.Trained];

    [Theory]
    [MemberData(nameof(Small))]
    public void SumsOverStepsAreTheInterpreters(string name)
    {
        var (net, signature, x, references) = Asked(name);
        if (net.Compiled is not IPathPasses<float> compiled)
            return;
        for (var from = 0; from < signature.Points.Count; from++)
        {
            Assert.Equal(net.Interpreted.Follows(from, -1), compiled.Follows(from, -1));
            if (!compiled.Follows(from, -1))
                continue;
            Laws.Spoil();
            var actual = AlongPaths.Sums(compiled, Laws.Floats(x), Laws.Floats(references), from, points, 3, 2);
            Laws.Same($"{name} from {from}", actual, AlongPaths.Naively(net.Interpreted, x, references, from, -1, points), Paths,
                ToleranceOf(name));
        }
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void StepsToALayerAreTheInterpreters(string name)
    {
        var (net, signature, x, references) = Asked(name);
        if (net.Compiled is not IPathPasses<float> compiled)
            return;
        var (one, begin) = (x[..signature.InputSize], references[..signature.InputSize]);
        for (var to = 0; to < signature.Points.Count; to++)
        {
            if (signature.Points[to].Kind != PointKind.Layer || !compiled.Follows(0, to))
                continue;
            Laws.Spoil();
            var actual = AlongPaths.ToALayer(compiled, Laws.Floats(one), Laws.Floats(begin), 0, to, points);
            Laws.Same($"{name} to {to}", [.. actual.Select(m => (float)m)], AlongPaths.Naively(net.Interpreted, one, begin, 0, to, points),
                1, ToleranceOf(name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoBitDependsOnHowManyGoTogether(string name)
    {
        var (net, _, x, references) = Asked(name);
        if (net.Compiled is not IPathPasses<float> compiled || !compiled.Follows(0, -1))
            return;
        float[] Sums(int chunk, int together) =>
            AlongPaths.Sums(compiled, Laws.Floats(x), Laws.Floats(references), 0, points, chunk, together);
        var alone = Sums(1, 1);
        Laws.Spoil();
        Assert.Equal(alone, Sums(7, 3));
        Assert.Equal(alone, Sums(4, 2));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SumsAreThoseOfWalksByTheGradient(string name)
    {
        var (net, _, x, references) = Asked(name);
        if (net.Compiled is not IPathPasses<float> compiled || !compiled.Follows(0, -1))
            return;
        var naive = AlongPaths.Naively(net.Passes, Laws.Floats(x), Laws.Floats(references), 0, -1, points);
        Laws.Same(name, AlongPaths.Sums(compiled, Laws.Floats(x), Laws.Floats(references), 0, points, 3, 2), naive, Paths,
            Math.Max(5e-6, ToleranceOf(name) is var own && own > Laws.Tolerance ? own : 0));
    }

    [Fact]
    public void MostNetworksHaveOne() =>
        Assert.InRange(OperatorSources.All.Keys.Count(name => Load(name).Compiled is IPathPasses<float>), OperatorSources.All.Count * 2 / 3,
            OperatorSources.All.Count);

    private static (Trio Net, Signature Signature, double[] X, double[] References) Asked(string name)
    {
        var net = Load(name);
        var x = Laws.Draw(1, Paths * net.Signature.InputSize);
        return (net, net.Signature, x, HeldFixed.With(net.Signature, x, Laws.Draw(2, x.Length)));
    }

    // Rounding goes from step to step of a recurrence, and two that are nearly the largest may be one for all that single precision knows.
    private static double ToleranceOf(string name) =>
        name == "lstm_lm" ? 2e-4 : NetworkSources.Scans.Contains(name)
            || name.Contains("Max", StringComparison.Ordinal)
            || name.StartsWith("Min", StringComparison.Ordinal)
            ? 1e-4
            : Laws.Tolerance;

    private static Trio Load(string name) =>
        OperatorSources.All.ContainsKey(name) ? operators.Value.Network(name).Load(Weights.Random(11)) : NetworkLaws.Load(name);
}
