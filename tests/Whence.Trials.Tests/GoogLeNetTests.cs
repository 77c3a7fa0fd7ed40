using System.Text.Json;
using System.Text.Json.Serialization;
using Photos;

namespace Whence.Trials.Tests;

/// <summary>
/// The networks of samples/Photos at 224 x 224 pixels against PyTorch in double precision; the numbers are tests/fixtures/googlenet's.
/// </summary>
[Trait("Long", "laws")]
public class GoogLeNetTests
{
    private const double Tolerance = 5e-3;

    private static readonly Fixture expected =
        JsonSerializer.Deserialize<Fixture>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "googlenet.json")))!;

    [Fact]
    public void GoogLeNetAgreesWithPyTorch()
    {
        using var weights = Weights.Random(expected.Seed);
        Agree(GoogLeNet.Load(weights), expected.GoogLeNet);
    }

    [Fact]
    public void TorchvisionsGoogLeNetAgreesWithPyTorch()
    {
        using var weights = Weights.Random(expected.Seed);
        Agree(TorchvisionGoogLeNet.Load(weights), expected.Torchvision);
    }

    private static void Agree(IIntegratedGradientsNetwork net, Answers answers)
    {
        var picture = Picture();
        answers.Logits.Meets(Logits(net, picture), "logits");
        var target = Target.Unit(expected.Unit);
        var options = new PathOptions { Steps = expected.Steps };
        answers.Gradient.Meets(net.Gradient(picture, target).Scores.ToArray(), "gradient");
        var why = net.IntegratedGradients(picture, target, options: options);
        answers.Integrated.Meets(why.Scores.ToArray(), "integrated gradients");
        Assert.Equal(answers.Black, why.ReferenceOutput!.Value, 1e-4 * Math.Abs(answers.Black));
    }

    private static float[] Logits(INetwork net, float[] picture)
    {
        var points = net.Signature.Points;
        var at = Enumerable.Range(0, points.Count).Single(i => points[i].Kind == PointKind.Logits);
        var logits = new float[points[at].Shape.Size];
        net.Forward(picture, at, logits, 1);
        return logits;
    }

    /// <summary>The script's picture.</summary>
    private static float[] Picture()
    {
        const int size = 224;
        var pixels = new float[3 * size * size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (c, y, x) = (i / (size * size), i / size % size, i % size);
            pixels[i] = (float)Math.Floor(127.5 + 127.5 * Math.Sin((x * (c + 1) + y * 2) / 17.0) * Math.Cos((y - x * c) / 23.0));
        }
        return pixels;
    }

    internal sealed record Fixture(
        [property: JsonPropertyName("seed")] int Seed,
        [property: JsonPropertyName("unit")] int Unit,
        [property: JsonPropertyName("steps")] int Steps,
        [property: JsonPropertyName("googlenet")] Answers GoogLeNet,
        [property: JsonPropertyName("torchvision_googlenet")] Answers Torchvision);

    internal sealed record Answers(
        [property: JsonPropertyName("logits")] Numbers Logits,
        [property: JsonPropertyName("gradient")] Numbers Gradient,
        [property: JsonPropertyName("integrated")] Numbers Integrated,
        [property: JsonPropertyName("black")] double Black);

    internal sealed record Numbers(
        [property: JsonPropertyName("sum")] double Sum,
        [property: JsonPropertyName("size")] double Size,
        [property: JsonPropertyName("places")] int[] Places,
        [property: JsonPropertyName("values")] double[] Values)
    {
        /// <summary>
        /// Single numbers agree to a part of the largest one, which stands first; sums to a part of the sum of sizes. In single precision
        /// some of the units near zero fall to the other side, which moves gradients by more than rounding.
        /// </summary>
        public void Meets(float[] found, string what)
        {
            for (var i = 0; i < Places.Length; i++)
                Near(Values[i], found[Places[i]], Math.Abs(Values[0]), $"{what}, element {Places[i]}");
            Near(Sum, found.Sum(value => (double)value), Size, $"sum of {what}");
            Near(Size, found.Sum(value => Math.Abs((double)value)), Size, $"size of {what}");
        }

        private static void Near(double wanted, double got, double scale, string what) =>
            Assert.True(Math.Abs(got - wanted) <= Tolerance * scale,
                FormattableString.Invariant($"{what}: {got} in place of {wanted}, off by {Math.Abs(got - wanted) / scale:e1} of {scale}"));
    }
}
