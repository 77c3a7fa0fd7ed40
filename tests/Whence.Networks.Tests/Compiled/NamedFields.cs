using Whence.Generator.Check;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Sub-networks whose weights are named by [Name], by the eager run and compiled code alike.</summary>
public sealed class NamedFields : LawfulNetworks
{
    private const string Text = """
        [Network]
        public sealed partial class Layer(int units)
        {
            [Linear(nameof(units))] private partial Tensor Dense(Tensor x);
            [LayerNorm(Name = "LayerNorm")] private partial Tensor Norm(Tensor x);
            [Parameter(nameof(units), Name = "gamma")] private partial Tensor Scale();
            public Tensor Forward(Tensor x) => Norm(Tanh(Dense(x)) * Scale());
        }

        [Network]
        public sealed partial class Encoder
        {
            [Name("layer.0")] private readonly Layer first = new(4);
            [Name("layer.1")] private readonly Layer second = new(3);
            [Name("")] private readonly Layer third;
            [Linear(2)] private partial Tensor Pool(Tensor x);
            public Encoder() => third = new(5);
            public Tensor Forward(Tensor x) => Pool(third.Forward(second.Forward(first.Forward(x))));
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift, Layers = ["body.first.Dense"])]
        public sealed partial class Net
        {
            [Name("bert.encoder")] private readonly Encoder body = new();
            [Name("")] private readonly Encoder upper = new();
            private readonly Layer lastLayer = new(2);
            public Tensor Forward([Shape(3)] Tensor x) => lastLayer.Forward(upper.Forward(body.Forward(x)));
        }
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string> Names => ["Net"];

    private protected override double WalkTolerance(string name) => 1e-4;

    private protected override Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(5));

    [Fact]
    public void AFilesNamesAreThoseThatAreWritten()
    {
        string[] encoder =
        [
            .. OfLayer("layer.0."), .. OfLayer("layer.1."), .. OfLayer(""), "pool.weight", "pool.bias",
        ];
        var expected = encoder.Select(name => "bert.encoder." + name).Concat(encoder).Concat(OfLayer("last_layer."))
            .Order(StringComparer.Ordinal);
        var graph = networks.Value.Network("Net").Network.Graph!;
        var shapes = graph.Nodes.SelectMany(node => node.Parameters(graph)
            .Select(parameter => (Name: $"{node.Layer!.TensorNames[0]}.{parameter.Role}".TrimEnd('.'), parameter.Shape))).ToList();
        Assert.Equal(expected, shapes.Select(one => one.Name).Order(StringComparer.Ordinal));

        // The same network from a file with these names alone: compiled and eager, it finds each.
        var random = new Random(1);
        var file = new MemoryStream();
        Weights.Save(file, shapes.ToDictionary(one => one.Name, one =>
        {
            var shape = new Shape(one.Shape.ToArray());
            return Tensor.From(shape, [.. Enumerable.Range(0, shape.Size).Select(_ => random.NextDouble() - 0.5)]);
        }));
        using var weights = Weights.Read(file.ToArray());
        var net = networks.Value.Network("Net").Load(weights);
        weights.RequireAllUsed();
        Compiled.Laws.ForwardIsForward(net, Compiled.Laws.Tolerance);
    }

    private static IEnumerable<string> OfLayer(string prefix) =>
        from name in new[] { "dense.weight", "dense.bias", "LayerNorm.weight", "LayerNorm.bias", "gamma" } select prefix + name;

    [Fact]
    public void ALayerIsAskedAboutByItsField()
    {
        var net = Load("Net").Compiled;
        Assert.Contains("body.first.Dense", net.Signature.Layers.Select(layer => layer.Name));
    }
}
