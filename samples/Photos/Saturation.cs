using Whence;
using Whence.Pictures;

namespace Photos;

/// <summary>What happens along the path from black to the image: the paper's section 2.1, and its appendix for the layers.</summary>
internal sealed class Saturation(IIntegratedGradientsNetwork net, IReadOnlyList<Photo> photos)
{
    private static readonly string[] Layers = ["corners", "mixed3a", "mixed3b", "mixed4a"];

    private static double[] Alphas { get; } = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];

    /// <summary>Draws the curves and prints what they say.</summary>
    public void Run(string folder)
    {
        var score = photos.Select(photo => net.ScoreAlong(photo.Pixels, Explanations.ScoreOf(photo.Label), Alphas)).ToList();
        var logit = photos.Select(photo => net.ScoreAlong(photo.Pixels, Target.Unit(photo.Label), Alphas)).ToList();
        var size = photos.Select(photo => net.GradientAlong(photo.Pixels, Explanations.ScoreOf(photo.Label), Alphas).Normalised()).ToList();
        var logitSize = photos.Select(photo => net.GradientAlong(photo.Pixels, Target.Unit(photo.Label), Alphas).Normalised()).ToList();
        new Panels
        {
            Columns = 2,
            Drawings = [Plot("softmax score", score, 0, 1), Plot("logit", logit),
                Plot("mean |interior gradient| / its maximum", size, 0, 1), Plot("the same of the logit", logitSize, 0, 1)],
        }.Save(Path.Combine(folder, "saturation.svg"));

        Console.WriteLine($"Saturation, {photos.Count} images (paper: the score is flat over most of the path; the gradient is large at "
            + "small alpha only)");
        Console.WriteLine(
            $"  alpha at which the score first reaches 0.9 of its last value, median      {Median(score.Select(ReachesMost)):f2}");
        Console.WriteLine(
            $"  the same for the logit                                                    {Median(logit.Select(ReachesMost)):f2}");
        Console.WriteLine("  alpha with the largest mean |gradient| of the score, median               "
            + $"{Median(size.Select(curve => curve.Alphas[curve.Values.ToList().IndexOf(curve.Values.Max())])):f2}");
        Console.WriteLine("  mean |gradient| at the image / largest on the path, median                "
            + $"{Median(size.Select(curve => curve.Values[^1])):f3}");
        Distances(folder);
    }

    private void Distances(string folder)
    {
        var drawings = new List<Drawing>();
        foreach (var layer in Layers)
        {
            var found = photos.Select(photo => net.LayerAlong(layer, photo.Pixels, Alphas)).ToList();
            drawings.Add(Plot($"{layer}: cosine distance", found.ConvertAll(distances => distances.Cosine), 0, 1));
            drawings.Add(Plot($"{layer}: L2 distance", found.ConvertAll(distances => distances.Euclidean)));
            var medians = new[] { 10, 30, 40 }.Select(i => $"{Median(found.Select(distances => distances.Cosine.Values[i])):f3}");
            Console.WriteLine(
                $"  {layer}: cosine distance from the image at alpha 0.2, 0.6, 0.8, median        {string.Join(", ", medians)}");
        }
        new Panels { Columns = 2, Drawings = drawings }.Save(Path.Combine(folder, "layers.svg"));
        Console.WriteLine("  (paper: all curves flatten; mixed5b of GoogLeNet is below 0.01 from alpha 0.6 on)");
    }

    private static double ReachesMost(PathCurve curve) => Alphas[curve.Values.TakeWhile(value => value < 0.9 * curve.Values[^1]).Count()];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static LinePlot Plot(string label, List<PathCurve> curves, double? least = null, double? most = null) => new()
    {
        Width = 420,
        Height = 280,
        X = new Axis("alpha"),
        Y = new Axis(label) { Minimum = least, Maximum = most },
        Lines = [.. curves.Select(curve => new PlotLine("", curve.Alphas, curve.Values) { Thickness = 1 })],
    };
}
