using System.Collections.Concurrent;
using Whence.Generator;
using Whence.Generator.Emit.Plain;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;
using Whence.Golden;
using Whence.Networks.Tests.Compiled;

namespace Whence.Networks.Tests.Backends;

/// <summary>
/// A backend of the tests' own: an <see cref="PlainTarget"/> that emits plain loops. It runs what it has loops for; of each other network
/// the compiler says what is missing, and the suite skips it with that reason.
/// </summary>
public sealed class PlainBackend : BackendSuite<float>
{
    private static readonly ConcurrentDictionary<string, string> lacks = new();
    private static readonly Lazy<InMemory> compiled = new(() => InMemory.Compile(BackendNetworks.Text, Compile));

    /// <summary>The networks that it does not run.</summary>
    public static IReadOnlyList<string> Lacking { get; } = ["Letters", "Pools", "Row", "Steps", "Words"];

    private protected override double Tolerance => 1e-5;

    private protected override IModel<float> Load(string network) => BackendNetworks.Load(compiled.Value, network).Compiled;

    private protected override string? Lacks(string network) =>
        compiled.Value.Files.Count > 0 && lacks.TryGetValue(network, out var why) ? why : null;

    /// <summary>What it runs is no less than this, and what it does not run is said.</summary>
    [Fact]
    public void ItRunsConvolutionsDenseLayersAndHeldInputs()
    {
        Assert.Equal(Lacking, BackendNetworks.Names.Where(name => Lacks(name) is not null).Order(StringComparer.Ordinal));
        Assert.Equal("The plain backend has no loops over a scan's steps.", Lacks("Steps"));
        Assert.StartsWith("The plain backend has no loop for Pool.Max", Lacks("Pools"), StringComparison.Ordinal);
    }

    /// <summary>The digits network with its trained weights; the golden laws hold the interpreter to its authors' numbers.</summary>
    [Fact]
    public void MnistsNetworkGivesTheInterpretersNumbers()
    {
        const string Source = """
            [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
            public sealed partial class MnistCnn
            {
                [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
                [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
                [Linear(128)] private partial Tensor Fc1(Tensor x);
                [Linear(10)] private partial Tensor Fc2(Tensor x);

                public Tensor Forward([Shape(1, 28, 28)] Tensor image) => Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
            }

            """;
        using var weights = Weights.Open(Npz.PathOf("weights/mnist_cnn.safetensors"));
        var net = InMemory.Compile(Source, network => Compiler.Compile(network, [new PlainTarget()])).Network("MnistCnn").Load(weights);
        var golden = Npz.Golden("mnist_cnn.npz");
        var x = golden["x"].Values[..(2 * 784)];
        var image = Array.ConvertAll(x, value => (float)value);
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var (mine, theirs) = (new float[x.Length], new double[x.Length]);
            var sums = new Completeness[2];
            SpanExplainers.DeepLift<float>(net.Compiled, image, 2, Target.Unit(3), rule, default, new() { Scores = mine, Sums = sums });
            SpanExplainers.DeepLift<double>(net.Interpreted, x, 2, Target.Unit(3), rule, default, theirs);
            Same(theirs, mine);
            Assert.All(sums, sum => Assert.InRange(sum.RelativeGap!.Value, 0, 1e-5));
        }
        var (path, expected) = (new float[x.Length], new double[x.Length]);
        SpanExplainers.IntegratedGradients<float>(net.Compiled, image, 2, Target.Unit(3), default, path, new() { Steps = 8 });
        SpanExplainers.IntegratedGradients<double>(net.Interpreted, x, 2, Target.Unit(3), default, expected, new() { Steps = 8 });
        Same(expected, path);
    }

    private static void Same(double[] expected, float[] actual)
    {
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 5e-6 * scale, $"Element {i} is {actual[i]:r} and not {expected[i]:r}.");
    }

    // What it does not run is compiled for the processor, so that the rest can be compiled with it.
    private static IEnumerable<(string HintName, string Text)> Compile(Network network)
    {
        if (network.Graph is not { } graph)
            return Compiler.Compile(network);
        var graphs = Generator.Derive.DerivedGraphs.Of(graph, [.. network.Points], network.Explain, network.MaxPoolGradient,
            network.SoftmaxElementwise, network.LrpEpsilon);
        if (PlainTarget.Lacks(Plans.Of(graphs, new PlainTarget().Limits)) is not { } why)
            return Compiler.Compile(network, [new PlainTarget()]);
        lacks[network.Name] = why;
        return Compiler.Compile(network);
    }
}
