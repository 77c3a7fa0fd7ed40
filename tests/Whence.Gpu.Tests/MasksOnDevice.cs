namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Compiled;

/// <summary>What a mask of minus infinity hides contributes nothing through gated functions on a device either.</summary>
[Trait("Long", "gpu")]
public class MasksOnDevice
{
    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients | Methods.Rescale | Methods.RevealCancel, Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Gates
        {
            [Linear(4)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5)] Tensor x, [Mask(4)] Tensor m)
            {
                var (a, b) = (Fc1(x), Fc2(x));
                return Head(Gelu(a + m) * b + GeluTanh(b + 2 * m) + Silu(a + m + b) + HardSwish(m + b));
            }
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void HideWhatTheyHide(string device)
    {
        var host = Networks.Value.Network("Gates").Load(Weights.Random(7)).Compiled;
        var on = (INetwork)host.GetType().GetMethod("OnGpu")!.Invoke(host, [Devices.Get(device)])!;
        float[] x = [0.3f, -0.8f, 1.1f, 0.4f, -0.2f, 0, float.NegativeInfinity, 0.1f, float.NegativeInfinity];
        float[] x0 = [-0.5f, 0.2f, 0, 1, 0.7f, .. x[5..]];
        Same((net, scores) => SpanExplainers.Predict(net, x, scores, 1), 2);
        Same((net, scores) => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores), 9);
        Same((net, scores) => SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), References.One(x0), scores), 9);
        Same((net, scores) => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, References.One(x0), scores), 9);
        Same((net, scores) => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, References.One(x0), scores), 9);

        void Same(Action<INetwork, float[]> ask, int size)
        {
            var (expected, found) = (new float[size], new float[size]);
            ask(host, expected);
            ask(on, found);
            Assert.Contains(expected, score => score != 0);
            var scale = expected.Max(Math.Abs);
            for (var i = 0; i < size; i++)
                Assert.Equal(expected[i], found[i], 1e-5f * scale);
        }
    }
}
