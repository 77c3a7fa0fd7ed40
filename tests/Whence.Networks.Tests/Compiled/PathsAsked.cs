using System.Numerics;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Path methods asked of a network that knows its paths, and of the same network walked point by point.</summary>
public sealed class PathsAsked
{
    private const int Count = 5;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients, Layers = ["Conv1", "edges", "Fc1", "hidden"])]
        public sealed partial class Strips
        {
            [Conv1d(6, kernel: 3)] private partial Tensor Conv1(Tensor x);
            [Conv1d(8, kernel: 3, Stride = 2)] private partial Tensor Conv2(Tensor x);
            [Linear(12)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(2, 20)] Tensor signal, [Mask(2, 20)] Tensor present, [Shape(3)] Tensor more)
            {
                var edges = Relu(Conv1(signal * present));
                var hidden = Fc1(Concat(Flatten(Softplus(Conv2(edges))), more));
                return Softmax(Fc2(Tanh(hidden)) + Sum(more * more, axis: 0, keep: true));
            }
        }

        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Steps
        {
            [Lstm(6)] private partial Tensor Lower(Tensor sequence);
            [Linear(3)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(9, 4)] Tensor text) => Head(Last(Lower(text)));
        }

        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Steep
        {
            [Linear(6)] private partial Tensor Fc1(Tensor x);
            [Linear(3)] private partial Tensor Fc2(Tensor x);
            public Tensor Forward([Shape(5)] Tensor row) => Fc2(Sqrt(Relu(Fc1(row))));
        }
        """));

    private delegate void Asking<T>(IModel<T> net, ReadOnlySpan<T> x, Targets targets, References<T> references, Span<T> scores,
        PathOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A network without its paths.</summary>
    private sealed class PointByPoint<T>(IHostPasses<T> net) : IHostPasses<T> where T : unmanaged
    {
        public Signature Signature => net.Signature;

        public void Forward(ReadOnlySpan<T> x, int point, Span<T> value, int rows) => net.Forward(x, point, value, rows);

        public int KeptSize(Pass pass) => net.KeptSize(pass);

        public void Keep(Pass pass, ReadOnlySpan<T> reference, Span<T> kept, int rows) => net.Keep(pass, reference, kept, rows);

        public void Backward(Pass pass, ref BackwardArguments<T> arguments) => net.Backward(pass, ref arguments);

        public string? FirstNonFinite(ReadOnlySpan<T> x) => net.FirstNonFinite(x);

        public Fault? FirstFault(ReadOnlySpan<T> x, bool steep) => net.FirstFault(x, steep);
    }

    public static TheoryData<string, Quadrature, int> Questions
    {
        get
        {
            var all = new TheoryData<string, Quadrature, int>();
            foreach (var name in new[] { "Strips", "Steps", "Steep" })
            {
                foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
                {
                    for (var references = 0; references < 3; references++)
                        all.Add(name, quadrature, references);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void IntegratedGradientsAreTheSame(string name, Quadrature quadrature, int references) =>
        AreTheSame(name, quadrature, references, -1,
            (net, x, targets, references, scores, options) =>
                SpanExplainers.IntegratedGradients(net, x, Count, targets, references, scores, options),
            (net, x, targets, references, scores, options) =>
                SpanExplainers.IntegratedGradients(net, x, Count, targets, references, scores, options));

    [Theory]
    [InlineData("Conv1")]
    [InlineData("edges")]
    [InlineData("Fc1")]
    [InlineData("hidden")]
    public void MethodsOfALayerAreTheSame(string layer)
    {
        var to = Load("Strips").Signature.Points.ToList().FindIndex(point => point.Name == layer);
        foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
        {
            foreach (var sum in Enum.GetValues<ConductanceSum>())
            {
                AreTheSame("Strips", quadrature, 2, to,
                    (net, x, targets, references, scores, options) =>
                        SpanExplainers.Conductance(net, layer, x, Count, targets, references,
                            scores, options with { ConductanceSum = sum }),
                    (net, x, targets, references, scores, options) =>
                        SpanExplainers.Conductance(net, layer, x, Count, targets, references,
                            scores, options with { ConductanceSum = sum }));
            }
            AreTheSame("Strips", quadrature, 1, to,
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.InternalInfluence(net, layer, x, Count, targets, references, scores, options),
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.InternalInfluence(net, layer, x, Count, targets, references, scores, options));
            AreTheSame("Strips", quadrature, 2, to,
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.LayerIntegratedGradients(net, layer, x, Count, targets, references, scores,
                        options),
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.LayerIntegratedGradients(net, layer, x, Count, targets, references, scores,
                        options));
            AreTheSame("Strips", quadrature, 2, -1,
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.NeuronConductance(net, layer, 3, x, Count, targets, references, scores,
                        options),
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.NeuronConductance(net, layer, 3, x, Count, targets, references, scores,
                        options));
        }
    }

    [Fact]
    public void PointsOfOnesOwnAreTheSame()
    {
        var points = new PathPoints([0.9, 0.3, 0.1, 0.6], [0.25, 0.25, 0.25, 0.25]);
        foreach (var name in new[] { "Strips", "Steps", "Steep" })
        {
            AreTheSame(name, Quadrature.Midpoint, 2, -1,
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.IntegratedGradients(net, x, Count, targets, references, scores, options with { Points = points }),
                (net, x, targets, references, scores, options) =>
                    SpanExplainers.IntegratedGradients(net, x, Count, targets, references, scores, options with { Points = points }));
        }
    }

    [Fact]
    public void StepsAreDoubledAlike()
    {
        var options = new PathOptions { Steps = 4, Tolerance = 1e-3, MaxSteps = 256 };
        var net = Load("Strips");
        var (x, references) = Ask(net, 1);
        var (own, naive) = (new Completeness[Count], new Completeness[Count]);
        var scores = new double[x.Length];
        SpanExplainers.IntegratedGradients<double>(net.Interpreted, x, Count, Target.Unit(1), References.PerInput(references),
            new() { Scores = scores, Sums = own },
            options);
        SpanExplainers.IntegratedGradients<double>(new PointByPoint<double>(net.Interpreted), x, Count, Target.Unit(1),
            References.PerInput(references), new() { Scores = scores, Sums = naive }, options);
        Assert.Equal(naive.Select(sums => (sums.Steps, sums.Converged)), own.Select(sums => (sums.Steps, sums.Converged)));
    }

    [Fact]
    public void ScoresAreCompleteAndNoBitDependsOnTheBatchOrTheThreads()
    {
        foreach (var name in new[] { "Strips", "Steps", "Steep" })
        {
            var net = Load(name);
            var (x, references) = Ask(net, 2);
            var size = net.Signature.InputSize;
            var (together, alone, sums) = (new float[x.Length], new float[x.Length], new Completeness[Count]);
            var (floats, given) = (Laws.Floats(x), Laws.Floats(references));
            var options = new PathOptions { Steps = 70, Threads = 3 };
            SpanExplainers.IntegratedGradients(net.Compiled, floats, Count, Target.Unit(1), References.SeveralPerInput(given, 2),
                new() { Scores = together, Sums = sums }, options);
            // A root's slope is infinite where a path begins: that takes more steps.
            Assert.All(sums, sum => Assert.InRange(sum.RelativeGap!.Value, 0, name == "Steep" ? 0.3 : 1e-2));
            for (var i = 0; i < Count; i++)
            {
                var own = References.SeveralPerInput(given.AsSpan(2 * i * size, 2 * size), 2);
                SpanExplainers.IntegratedGradients(net.Compiled, floats.AsSpan(i * size, size), 1, Target.Unit(1), own,
                    alone.AsSpan(i * size, size), options);
            }
            Assert.Equal(alone, together);
        }
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var net = Load("Strips");
        var (x, references) = Ask(net, 1);
        var (floats, given, scores) = (Laws.Floats(x), Laws.Floats(references), new float[x.Length]);
        void Twice()
        {
            for (var i = 0; i < 2; i++)
                SpanExplainers.IntegratedGradients(net.Compiled, floats, Count, Target.Unit(1), References.PerInput(given), scores);
        }
        Assert.Equal(0, Allocated.By(Twice));
    }

    private static void AreTheSame(string name, Quadrature quadrature, int each, int to, Asking<double> inDouble, Asking<float> inSingle)
    {
        var net = Load(name);
        var (x, references) = Ask(net, Math.Max(each, 1));
        var size = (to < 0 ? net.Signature.InputSize : net.Signature.Points[to].Shape.Size) * Count;
        var options = new PathOptions { Quadrature = quadrature, Steps = 6 };
        // One target for all inputs, and one for each.
        Target[] units = [.. Enumerable.Range(0, Count).Select(i => Target.Unit(i % 3))];
        foreach (var isOne in new[] { true, false })
        {
            Targets targets = isOne ? Target.Difference(1, 2) : Targets.PerInput(units);
            var (own, naive) = (new double[size], new double[size]);
            var given = each == 0 ? default : References.SeveralPerInput(references, each);
            inDouble(net.Interpreted, x, targets, given, own, options);
            inDouble(new PointByPoint<double>(net.Interpreted), x, targets, given, naive, options);
            Near($"{name}, {quadrature} in double", own, naive, 1e-12);
            var (ownInSingle, naiveInSingle) = (new float[size], new float[size]);
            var floats = Laws.Floats(references);
            var givenInSingle = each == 0 ? default : References.SeveralPerInput(floats, each);
            inSingle(net.Compiled, Laws.Floats(x), targets, givenInSingle, ownInSingle, options);
            inSingle(new PointByPoint<float>(net.Passes), Laws.Floats(x), targets, givenInSingle, naiveInSingle, options);
            // Near 0 a root's slope makes much of a rounding error below it.
            Near($"{name}, {quadrature} in single", ownInSingle, naiveInSingle, name == "Steep" ? 2e-4 : 5e-6);
        }
    }

    private static void Near<T>(string what, T[] actual, T[] expected, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = Enumerable.Range(0, Count)
            .Select(row => Math.Max(1e-30, expected[(row * expected.Length / Count)..((row + 1) * expected.Length / Count)]
                .Max(value => Math.Abs(double.CreateTruncating(value)))))
            .ToList();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(double.CreateTruncating(actual[i] - expected[i])) <= tolerance * rows[i * Count / expected.Length],
                $"{what}: {i} is {actual[i]}, not {expected[i]}.");
    }

    private static (double[] X, double[] References) Ask(Trio net, int each)
    {
        var x = Laws.Draw(1, Count * net.Signature.InputSize);
        return (x, Laws.Draw(2, each * x.Length));
    }

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(13));
}
