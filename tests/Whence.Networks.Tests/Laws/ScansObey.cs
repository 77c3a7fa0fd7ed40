using Whence.Networks.Tests.Compiled;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>The laws over networks with a foreach over a tensor, read from C#, in double precision.</summary>
public sealed class ScansObey
{
    public static TheoryData<string> Names => [.. NetworkSources.Scans];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheLawOfTheGradient(string name) => GradientEqualsDifferences.Require(Of(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void TheLawOfCompletenessByRescale(string name) => ContributionsSumToDifference.Require(Of(name), Pass.Rescale);

    [Theory]
    [MemberData(nameof(Names))]
    public void TheLawOfCompletenessByRevealCancel(string name) => ContributionsSumToDifference.Require(Of(name), Pass.RevealCancel);

    private static Subject Of(string name)
    {
        var network = NetworkLaws.Bound(name);
        return new Subject(new ZooNetwork(name, network.Graph!, TensorsFrom.Weights(Weights.Random(11)), [.. network.Points]));
    }
}
