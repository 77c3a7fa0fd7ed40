namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Compiled;

/// <summary>A neuron of all calls of a layer, also where a slope is infinite at an end of the path.</summary>
[Trait("Long", "gpu")]
public class NeuronsOfCalls
{
    private const int Count = 3;

    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients, Layers = ["Fc.*"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Pair
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3)] Tensor a, [Shape(3)] Tensor b) => Head(Tanh(Fc(Sqrt(a))) * Fc(Sqrt(b)));
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreSummedAsOnTheHost(string device)
    {
        var host = Networks.Value.Network("Pair").Load(Weights.Random(5)).Compiled;
        var on = (INetwork)host.GetType().GetMethod("OnGpu")!.Invoke(host, [Devices.Get(device)])!;
        float[] x = [.. Executors.Numbers(Count * 6, 1).Select(Math.Abs)];
        // A root has no slope at zero.
        float[] x0 = [.. Executors.Numbers(2 * Count * 6, 2).Select(value => Math.Max(value, 0))];
        foreach (var quadrature in new[] { Quadrature.Midpoint, Quadrature.Trapezoid })
        {
            var (expected, found) = (Ask(host), Ask(on));
            var scale = expected.Max(Math.Abs);
            Assert.NotEqual(0, scale);
            Assert.All(expected, (score, i) => Assert.Equal(score, found[i], 2e-5 * scale));

            float[] Ask(INetwork net)
            {
                var scores = new float[2 * Count * 6];
                SpanExplainers.NeuronConductance(net, "Fc.*", 3, x, Count, Targets.Each([Target.Unit(2), Target.Difference(0, 1)]),
                    References.SeveralPerInput(x0, 2), scores, new() { Steps = 5, Quadrature = quadrature });
                return scores;
            }
        }
    }
}
