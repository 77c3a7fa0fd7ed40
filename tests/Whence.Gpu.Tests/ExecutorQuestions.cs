namespace Whence.Gpu.Tests;

using Whence.Authoring;
using Whence.Networks.Tests.Compiled;

/// <summary>Questions that few ask: several targets at once, through a neuron, slopes that are infinite, methods of one's own.</summary>
[Trait("Long", "gpu")]
public class ExecutorQuestions
{
    private const int Count = 3;

    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Hidden"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Roots
        {
            [Linear(4)] private partial Tensor First(Tensor x);
            [Linear(5)] private partial Tensor Hidden(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 3)] Tensor x) => Head(Tanh(Hidden(First(Flatten(Sqrt(x))))));
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    private static readonly Target[] Units = [Target.Unit(2), Target.Difference(0, 1)];

    private static Targets Both => Targets.Each(Units);

    private delegate void Question(INetwork net, Span<float> scores);

    private static readonly float[] X = [.. Executors.Numbers(Count * 6, 1).Select(value => Math.Abs(value) + 0.1f)];

    // Two an input; a root has no slope at zero.
    private static readonly float[] X0 = [.. Executors.Numbers(2 * Count * 6, 2).Select(value => Math.Max(value, 0))];

    private static readonly PathOptions Trapezoid = new() { Steps = 5, Quadrature = Quadrature.Trapezoid };

    private static readonly Dictionary<string, (int Size, Question Ask)> Questions = new()
    {
        ["paths"] = (6, (net, scores) =>
            SpanExplainers.IntegratedGradients(net, X, Count, Both, References.SeveralPerInput(X0, 2), scores, new() { Steps = 5 })),
        ["steep ends"] = (6, (net, scores) =>
            SpanExplainers.IntegratedGradients(net, X, Count, Both, References.SeveralPerInput(X0, 2), scores, Trapezoid)),
        ["steep ends of shared references"] = (6, (net, scores) =>
            SpanExplainers.IntegratedGradients(net, X, Count, Both, References.Several(X0, 2 * Count), scores, Trapezoid)),
        ["a layer"] = (5, (net, scores) =>
            SpanExplainers.LayerIntegratedGradients(net, "Hidden", X, Count, Both, References.Several(X0, 2 * Count), scores, Trapezoid)),
        ["conductance"] = (5, (net, scores) =>
            SpanExplainers.Conductance(net, "Hidden", X, Count, Both, References.SeveralPerInput(X0, 2), scores, new() { Steps = 5 })),
        ["a neuron"] = (6, (net, scores) =>
            SpanExplainers.NeuronConductance(net, "Hidden", 3, X, Count, Both, References.SeveralPerInput(X0, 2), scores,
                new() { Steps = 5 })),
        ["a neuron from steep ends"] = (6, (net, scores) =>
            SpanExplainers.NeuronConductance(net, "Hidden", 3, X, Count, Both, References.SeveralPerInput(X0, 2), scores, Trapezoid)),
        ["RevealCancel"] = (6, (net, scores) =>
            SpanExplainers.DeepLift(net, X, Count, Both, Rule.RevealCancel, References.Several(X0, 2 * Count), scores)),
        ["occlusion"] = (6, (net, scores) =>
            SpanExplainers.Occlusion(net, new SlidingWindow([1, 2], [1, 1]), X, Count, Both, References.SeveralPerInput(X0, 2), scores)),
        ["a target for each input"] = (6, (net, scores) =>
            SpanExplainers.IntegratedGradients(net, X, Count, Targets.PerInput([Target.Unit(0), Target.Unit(2), Target.Difference(1, 2)]),
                References.SeveralPerInput(X0, 2), scores[..(Count * 6)], new() { Steps = 5 })),
    };

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreAnsweredAsOnTheHost(string device)
    {
        var (host, on) = Load(device);
        foreach (var (name, (size, ask)) in Questions)
        {
            var (expected, found) = (new float[2 * Count * size], new float[2 * Count * size]);
            ask(host, expected);
            ask(on, found);
            Alike(name, expected, found);
        }
    }

    /// <summary>Beyond the path's ends, between references of the input's that the method chooses itself.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void MethodsOfOnesOwn(string device)
    {
        var (host, on) = Load(device);
        foreach (var reference in new[] { 0, 1 })
        {
            var (expected, found) = (Ask(host), Ask(on));
            Alike($"its own, {reference}", expected, found);
            float[] Ask(INetwork net) => [.. Enumerable.Range(0, Count).SelectMany(input => net.Explain(new Beyond(reference),
                X.AsSpan(input * 6, 6), Target.Unit(1), References.Several(X0.AsSpan(0, 12), 2)).Scores.ToArray())];
        }
    }

    private readonly struct Beyond(int reference) : IMethod
    {
        public Recipe Recipe(Signature net) => new()
        {
            Name = "Beyond", Rows = 3, PerInput = true, Fold = Fold.WeightedSum, Finish = Finish.None, Compares = true,
        };

        public void Place(int row, ref RowSpec spec) =>
            (spec.Reference, spec.Alpha, spec.Weight) = (row == 1 ? 1 - reference : reference, 0.9 + 0.1 * row, 0.5 - row);
    }

    private static (INetwork Host, INetwork On) Load(string device)
    {
        var net = Networks.Value.Network("Roots").Load(Weights.Random(5)).Compiled;
        return (net, (INetwork)net.GetType().GetMethod("OnGpu")!.Invoke(net, [Devices.Get(device)])!);
    }

    private static void Alike(string what, float[] expected, float[] found)
    {
        var scale = expected.Max(Math.Abs);
        Assert.NotEqual(0, scale);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-5 * scale, $"{what}, [{i}]: {expected[i]}, {found[i]}");
    }
}
