using FsCheck.Fluent;
using Whence.Generator.Graphs;
using Whence.Generator.Support;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Compiled;

/// <summary>The laws over networks by chance. A network's name ends in the seed that makes it again.</summary>
[Trait("Long", "laws")]
public sealed class RandomNetworksCompiled
{
    private const int Count = 30;

    private static readonly Lazy<(InMemory Compiled, List<ZooNetwork> Drawn)> networks = new(() => Draw(RandomNetworks.Of));

    [Fact]
    public void ValuesAreTheInterpreters() => Each(net => Laws.ValuesAreTheInterpreters(net));

    [Fact]
    public void GradientsAreTheInterpreters() => Each(net =>
    {
        foreach (var route in Laws.Routes(net.Signature)
            .Where(route => route.Flow is Pass.Gradient or Pass.GuidedBackprop or Pass.DeconvNet && route.From == 0))
            Laws.WalkIsTheInterpreters(net, route, 1e-4);
    });

    [Fact]
    public void DeepLiftIsComplete() => Each(net =>
    {
        // Secants of ever smaller differences lose digits layer by layer.
        Laws.ContributionsAreComplete(net, Pass.Rescale, 1e-4);
        Laws.ContributionsAreComplete(net, Pass.RevealCancel, 1e-4);
    });

    [Fact]
    public void RowsAreIndependent() => Each(Laws.RowsAreIndependent);

    [Fact]
    public void CounterfactualsHaveTheBitsOfWholePasses()
    {
        var followed = 0;
        Each(Draw(RandomNetworks.Wide), net =>
        {
            if (net.Passes.Local is not { } local)
                return;
            followed++;
            var shape = net.Signature.Inputs[local.LocalSizes.Input].Shape;
            foreach (var size in new[] { 1, 2, 3 })
            {
                int[] sizes = [.. shape.ToArray().Select(extent => Math.Min(size, extent))];
                LocalChange.WindowsAgree(net, new SlidingWindow(sizes, sizes, net.Signature.Inputs[local.LocalSizes.Input].Name), 2, 1);
            }
        });
        Assert.InRange(followed, 5, Count);
    }

    private static (InMemory Compiled, List<ZooNetwork> Drawn) Draw(Func<int, ZooNetwork> of)
    {
        var drawn = Gen.Choose(0, 1_000_000).Sample(Count, new FsCheck.Rnd(2016), Count).Distinct().Select(of).ToList();
        return (InMemory.Compile(drawn.Select(Declared)), drawn);
    }

    private static void Each(Action<Trio> law) => Each(networks.Value, law);

    private static void Each((InMemory Compiled, List<ZooNetwork> Drawn) networks, Action<Trio> law)
    {
        foreach (var network in networks.Drawn)
            law(networks.Compiled.Network(Declared(network)).Load(Weights.Random(network.Graph.Nodes.Count)));
    }

    private static Network Declared(ZooNetwork network) => new()
    {
        Namespace = "",
        Containers = EquatableArray.Of<string>(),
        Name = network.Name,
        MetadataName = network.Name,
        ConstructorParameters = EquatableArray.Of<string>(),
        Layers = EquatableArray.Of<LayerDeclaration>(),
        Fields = EquatableArray.Of<FieldDeclaration>(),
        Graph = network.Graph,
        Explain = AskedOf.These(Methods.All & ~Methods.Genomics),
        Points = network.Layers.ToEquatable(),
    };
}
