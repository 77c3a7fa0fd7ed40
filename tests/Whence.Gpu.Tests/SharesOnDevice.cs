namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Compiled;

/// <summary>A softmax's shares are as exact on a device, however large the logits are.</summary>
[Trait("Long", "gpu")]
public class SharesOnDevice
{
    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients | Methods.Rescale, Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Classes
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreExactAtAnyHeight(string device)
    {
        var net = Networks.Value.Network("Classes").Load(Weights.Random(5));
        var on = (INetwork)net.Compiled.GetType().GetMethod("OnGpu")!.Invoke(net.Compiled, [Devices.Get(device)])!;
        foreach (var height in new[] { 0f, -1e5f, 1e7f })
        {
            float[] x = [height + 1, height + 3, height, height + 2, height - 4], x0 = [height, height - 1, height + 1, height, height + 2];
            var target = Target.Unit(1).OfOutput();
            var (shares, scores) = (new float[5], new float[5]);
            SpanExplainers.Predict(on, x, shares, 1);
            Alike(Shares(x), shares, $"shares at {height}");
            Assert.Equal(1, shares.Sum(share => (double)share), 3e-7);
            SpanExplainers.Gradient(on, x, 1, target, scores);
            Alike([.. Shares(x).Select((share, i) => Shares(x)[1] * ((i == 1 ? 1 : 0) - share))], scores, $"gradient at {height}");
            SpanExplainers.DeepLift(on, x, 1, target, Rule.Rescale, x0, scores);
            Alike(OfDoubles(net, x, x0, (n, a, b, s) => SpanExplainers.DeepLift(n, a, 1, target, Rule.Rescale, b, s)), scores,
                $"Rescale at {height}");
            // Higher up the points of a path are rounded to whole numbers.
            if (Math.Abs(height) > 1e5)
                continue;
            var path = new PathOptions { Steps = 8 };
            SpanExplainers.IntegratedGradients(on, x, 1, target, x0, scores, path);
            Alike(OfDoubles(net, x, x0, (n, a, b, s) => SpanExplainers.IntegratedGradients(n, a, 1, target, b, s, path)), scores,
                $"integrated at {height}");
        }
    }

    private static double[] OfDoubles(Trio net, float[] x, float[] x0, Action<IModel<double>, double[], double[], double[]> ask)
    {
        var scores = new double[x.Length];
        ask(net.Interpreted, [.. x.Select(value => (double)value)], [.. x0.Select(value => (double)value)], scores);
        return scores;
    }

    private static double[] Shares(float[] x) => [.. x.Select(value => 1 / x.Sum(other => Math.Exp((double)other - value)))];

    private static void Alike(double[] expected, float[] found, string what)
    {
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-6 * scale, $"{what}, [{i}]: {found[i]:r} for {expected[i]:r}");
    }
}
