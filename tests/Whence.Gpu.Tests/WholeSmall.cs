namespace Whence.Gpu.Tests;

using System.Reflection;
using Whence.Networks.Tests.Compiled;

/// <summary>Small networks, which together have every step that a group of threads knows, on every device.</summary>
public class WholeSmall
{
    internal static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients, Layers = ["hidden"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Curved
        {
            [Linear(9)] private partial Tensor First(Tensor x);
            [Linear(6)] private partial Tensor Middle(Tensor x);
            [Linear(3, Bias = false)] private partial Tensor Last(Tensor x);

            public Tensor Forward([Shape(5)] Tensor x)
            {
                var hidden = Relu(Middle(Tanh(First(x)) * 0.5 + Gelu(First(x))));
                return Softmax(Last(hidden));
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Slid
        {
            [Conv2d(4, kernel: 3, Pad = 1, Groups = 2)] private partial Tensor Low(Tensor x);
            [ConvTranspose2d(2, kernel: 2)] private partial Tensor Wide(Tensor x);
            [Conv2d(6, kernel: 3, Stride = 2, Pad = 1)] private partial Tensor High(Tensor x);
            [ConvTranspose2d(3, kernel: 3, Stride = 2)] private partial Tensor Up(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4, 5, 4)] Tensor image, [Mask(6, 5)] Tensor held)
            {
                var wide = Flatten(Relu(Wide(image))) * Flatten(Concat(held, held));
                return Head(Flatten(Relu(Up(Relu(High(Relu(Low(image)))))))) + Slice(wide, 0, 3, 2);
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Layers = ["mixed"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Looked
        {
            [Linear(4)] private partial Tensor Query(Tensor x);
            [Linear(4)] private partial Tensor Key(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public (Tensor Seen, Tensor Mean) Forward([Shape(3, 4)] Tensor words, [Shape(2)] Tensor unused)
            {
                var mixed = MatMul(Softmax(MatMul(Query(words), Transpose(Key(words), 0, 1))), Relu(words));
                return (Head(Mean(mixed, 0)) * LogSumExp(Flatten(words), keep: true), LogSoftmax(Head(mixed)));
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Layers = ["h"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Remembered
        {
            [Linear(6)] private partial Tensor In(Tensor x);
            [Linear(6, Bias = false)] private partial Tensor Back(Tensor h);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5, 4)] Tensor sequence)
            {
                var h = Zeros(6);
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var x in Reverse(sequence))
                {
                    h = Tanh(In(x) + Back(h));
                    states.Add(h);
                }
                return Head(h + Relu(Mean(Stack(states), 0)));
            }
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    private static readonly string[] Names = ["Curved", "Slid", "Looked", "Remembered"];

    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AgreeWithDoublePrecisionFromEveryPoint(string device)
    {
        using var own = Devices.Beside(device);
        foreach (var name in Names)
        {
            var net = Networks.Value.Network(name).Load(Weights.Random(7));
            var on = (GpuNetwork)net.Compiled.GetType().GetMethod("OnGpu")!.Invoke(net.Compiled, [own])!;
            var signature = net.Compiled.Signature;
            for (var point = 0; point < signature.Points.Count; point++)
            {
                if (!on.Paths!.Follows(point, -1))
                    continue;
                var paths = new PathQuestion(signature, pairs: 3, steps: 5, point);
                var before = on.Device.Kernels.Launches;
                var found = paths.OnDevice(on);
                var launches = on.Device.Kernels.Launches - before;
                Assert.True(signature.Points[point].Kind == PointKind.Layer ? launches > 1 : launches == 1, $"{name}: {launches} launches");
                Alike(paths.InDouble(net.Interpreted), found, $"{name} from {signature.Points[point].Name}");
            }
        }
    }

    private static void Alike(double[] expected, float[] found, string what)
    {
        var scale = expected.Max(Math.Abs);
        Assert.NotEqual(0, scale);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 5e-6 * scale, $"{what}, [{i}]: expected {expected[i]}, found {found[i]}");
    }

    [Fact]
    public void HaveEveryStepOfAGroup()
    {
        var all = string.Concat(Networks.Value.Files.Where(file => file.Key.EndsWith("Paths.Gpu.g.cs", StringComparison.Ordinal)
            || file.Key.EndsWith("Rows.Gpu.g.cs", StringComparison.Ordinal)).Select(file => file.Value));
        var classes = typeof(GpuDevice).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.Name.StartsWith("Group", StringComparison.Ordinal) && type.IsAbstract && type.IsSealed);
        var missing = classes.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => $"Gpu.{method.DeclaringType!.Name}.{method.Name}(").Distinct()
            .Where(call => !all.Contains(call, StringComparison.Ordinal));
        Assert.Empty(missing);
    }
}
