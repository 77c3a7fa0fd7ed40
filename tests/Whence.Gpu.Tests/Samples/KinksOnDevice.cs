namespace Whence.Gpu.Tests.Samples;

using Whence.CompilerServices;
using Whence.Networks.Tests.Compiled;
using Xunit.Abstractions;

/// <summary>
/// Why scores of a network with kinks are further from the CPU's on a device than rounding: at a point where rounding turns a ReLU or gives
/// a pool's window to another place, the gradient is that of a neighbouring piece; where it does neither, the two agree but for rounding.
/// The photos' network along a path, every value that decides something looked at in the very pass that goes back.
/// </summary>
[Trait("Long", "gpu")]
public class KinksOnDevice(ITestOutputHelper output)
{
    private static readonly int Steps = Sampled.IsSample ? 8 : 24;

    // What rounding alone may make of a gradient, relative to its largest element.
    private const double OfRounding = 2e-5;

    private static readonly string[] Convolutions =
    [
        "Conv1", "Reduce2", "Conv2", .. new[] { "block3a", "block3b", "block4a" }.SelectMany(block => new[]
        {
            $"{block}.One", $"{block}.Reduce3", $"{block}.Three", $"{block}.Reduce5", $"{block}.Five", $"{block}.Project",
        }),
    ];

    // What pools look at, and how.
    private static readonly (string Of, int Stride, int Pad)[] Pools =
    [
        ("edges", 2, 0), ("normed", 2, 0), ("corners", 1, 1), ("mixed3a", 1, 1), ("mixed3b", 2, 0), ("halved", 1, 1),
    ];

    private static readonly Lazy<InMemory> Networks = new(() =>
    {
        var text = Declared.Text("samples/Photos/PhotoNet.cs", "samples/Photos/Inception.cs");
        string[] layers = [.. Convolutions, .. Pools.Select(pool => pool.Of)];
        foreach (var (old, now) in new[]
        {
            ("""["corners", "mixed3a", "mixed3b", "mixed4a"]""", $"[{string.Join(", ", layers.Select(layer => $"\"{layer}\""))}]"),
            ("Methods.IntegratedGradients | Methods.DeepLift", "Methods.Gradient"),
            ("var edges = LocalResponseNorm(Halve(Relu(Conv1((image - 117) / 64))), 5, alpha: 0.1);",
                "var edges = Relu(Conv1((image - 117) / 64)); var passed = LocalResponseNorm(Halve(edges), 5, alpha: 0.1);"),
            ("var corners = Halve(LocalResponseNorm(Relu(Conv2(Relu(Reduce2(edges)))), 5, alpha: 0.1));",
                "var normed = LocalResponseNorm(Relu(Conv2(Relu(Reduce2(passed)))), 5, alpha: 0.1); var corners = Halve(normed);"),
            ("var mixed4a = block4a.Forward(Halve(mixed3b));", "var halved = Halve(mixed3b); var mixed4a = block4a.Forward(halved);"),
        })
        {
            Assert.Contains(old, text);
            text = text.Replace(old, now);
        }
        return InMemory.Compile(text, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly);
    });

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreAllThatSetsAGradientApart(string device)
    {
        using var weights = Weights.Open(Declared.PathOf("samples/Photos/photos.safetensors"));
        var net = Networks.Value.Network("PhotoNet").Load(weights).Compiled;
        var host = (IHostPasses<float>)net;
        var on = new DevicePasses((GpuNetwork)net.GetType().GetMethod("OnGpu")!.Invoke(net, [Devices.Get(device)])!, host);
        var (alike, apart, turned) = (0, 0, 0L);
        var photos = Sampled.OneOf([0, 7]).ToList();
        foreach (var photo in photos)
        {
            var path = Path(net.Signature, photo);
            var (expected, found) = (Passed.Of(host, path), Passed.Of(on, path));
            for (var step = 0; step < Steps; step++)
            {
                var difference = Apart(expected.Gradient, found.Gradient, step);
                var turns = Turns(net.Signature, expected, found, step);
                output.WriteLine($"photo {photo}, step {step}: {difference:0.0e+0} apart, {turns} decided otherwise");
                Assert.True(turns > 0 || difference <= OfRounding, $"photo {photo}, step {step}: {difference:0.0e+0} apart");
                (alike, apart, turned) = (alike + (turns == 0 ? 1 : 0), apart + (difference > OfRounding ? 1 : 0), turned + turns);
            }
        }
        output.WriteLine($"{alike} of {photos.Count * Steps} points are decided alike; {apart} are apart, with {turned} decided otherwise");
        Assert.True(alike > 0, "no point is decided alike");
    }

    // From black to a photo.
    private static float[] Path(Signature signature, int photo)
    {
        var images = global::Digits.IdxFile.Open(Declared.PathOf("samples/Photos/photos-images-idx4-ubyte.gz"));
        var size = images[0].Length / 3;
        var image = images[photo].ToArray();
        return [.. Enumerable.Range(0, Steps * signature.InputSize).Select(i =>
            (i / signature.InputSize + 0.5f) / Steps * image[i % signature.InputSize % size * 3 + i % signature.InputSize / size])];
    }

    private static double Apart(float[] expected, float[] found, int step)
    {
        var size = expected.Length / Steps;
        var (a, b) = (expected[(step * size)..((step + 1) * size)], found[(step * size)..((step + 1) * size)]);
        var (scale, most) = (0.0, 0.0);
        for (var i = 0; i < size; i++)
            (scale, most) = (Math.Max(scale, Math.Abs(a[i])), Math.Max(most, Math.Abs((double)a[i] - b[i])));
        Assert.NotEqual(0, scale);
        return most / scale;
    }

    // How many ReLUs, and how many windows of pools, are decided otherwise.
    private static long Turns(Signature signature, Passed expected, Passed found, int step)
    {
        var turns = 0L;
        foreach (var layer in Convolutions)
        {
            var (a, b) = (expected.At(layer, step), found.At(layer, step));
            for (var i = 0; i < a.Length; i++)
                turns += a[i] > 0 == b[i] > 0 ? 0 : 1;
        }
        foreach (var (of, stride, pad) in Pools)
        {
            var shape = signature.Points.Single(point => point.Name == of).Shape;
            var (a, b) = (Winners(expected.At(of, step), shape, stride, pad), Winners(found.At(of, step), shape, stride, pad));
            turns += a.Zip(b).Count(pair => pair.First != pair.Second);
        }
        return turns;
    }

    // Of windows of three by three, the first of the largest; of one that is nothing but zeros none, since no ReLU passes anything on.
    private static List<int> Winners(float[] values, Shape shape, int stride, int pad)
    {
        var (channels, height, width) = (shape[0], shape[1], shape[2]);
        var winners = new List<int>();
        for (var channel = 0; channel < channels; channel++)
        for (var top = -pad; top < height - 1; top += stride)
        for (var left = -pad; left < width - 1; left += stride)
        {
            var (winner, largest) = (-1, 0f);
            for (var y = Math.Max(0, top); y < Math.Min(height, top + 3); y++)
            for (var x = Math.Max(0, left); x < Math.Min(width, left + 3); x++)
            {
                var at = (channel * height + y) * width + x;
                (winner, largest) = values[at] > largest ? (at, values[at]) : (winner, largest);
            }
            winners.Add(winner);
        }
        return winners;
    }

    /// <summary>A gradient at each point, [Steps, InputSize], and the values of layers there as the pass that went back had them.</summary>
    private sealed record Passed(float[] Gradient, Dictionary<string, float[]> Values)
    {
        public static Passed Of(IHostPasses<float> net, float[] path)
        {
            var signature = net.Signature;
            var values = new Dictionary<string, float[]>();
            for (var point = 0; point < signature.Points.Count; point++)
            {
                if (signature.Points[point].Kind == PointKind.Layer)
                    values[signature.Points[point].Name] = Back(net, path, point).Values;
            }
            return new(Back(net, path, -1).Multipliers, values);
        }

        public float[] At(string layer, int step)
        {
            var size = Values[layer].Length / Steps;
            return Values[layer][(step * size)..((step + 1) * size)];
        }

        private static (float[] Multipliers, float[] Values) Back(IHostPasses<float> net, float[] path, int to)
        {
            var signature = net.Signature;
            var size = to < 0 ? signature.InputSize : signature.Points[to].Shape.Size;
            var (multipliers, values) = (new float[Steps * size], new float[to < 0 ? 0 : Steps * size]);
            // The logit of the third class.
            var seed = new float[signature.Points[1].Shape.Size];
            seed[2] = 1;
            var arguments = new BackwardArguments<float>
            {
                X = path, Rows = Steps, ReferenceRows = 1, From = 1, Seed = seed, SeedRows = 1, Answers = 1, To = to, InjectAt = -1,
                Multipliers = multipliers, ToValue = values,
            };
            net.Backward(Pass.Gradient, ref arguments);
            return (multipliers, values);
        }
    }
}
