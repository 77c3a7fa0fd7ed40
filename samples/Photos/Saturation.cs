using Whence;
using Whence.Pictures;

namespace Photos;

/// <summary>What happens along the path from black to the image: the paper's section 2.1, and its appendix for the layers.</summary>
internal sealed class Saturation(PhotoNet net, IReadOnlyList<Photo> photos)
{
    private static readonly string[] Layers = ["corners", "mixed3a", "mixed3b", "mixed4a"];

    private static double[] Alphas { get; } = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];

    /// <summary>Draws the curves and prints what they say.</summary>
    public void Run(string folder)
    {
        var scores = photos.Select(photo => net.InteriorGradients(photo.Pixels, Explanations.ScoreOf(photo.Label), Alphas)).ToList();
        var logits = photos.Select(photo => net.InteriorGradients(photo.Pixels, Target.Unit(photo.Label), Alphas)).ToList();
        var score = scores.ConvertAll(path => path.Select(point => point.Output).ToArray());
        var logit = logits.ConvertAll(path => path.Select(point => point.Output).ToArray());
        var size = scores.ConvertAll(Sizes);
        new Panels
        {
            Columns = 2,
            Drawings = [Plot("softmax score", score, 0, 1), Plot("logit", logit), Plot("mean |interior gradient| / its maximum", size, 0, 1), Plot("the same of the logit", logits.ConvertAll(Sizes), 0, 1)],
        }.Save(Path.Combine(folder, "saturation.svg"));

        Console.WriteLine($"Saturation, {photos.Count} images (paper: the score is flat over most of the path; the gradient is large at small alpha only)");
        Console.WriteLine($"  alpha at which the score first reaches 0.9 of its last value, median      {Median(score.Select(ReachesMost)):f2}");
        Console.WriteLine($"  the same for the logit                                                    {Median(logit.Select(ReachesMost)):f2}");
        Console.WriteLine($"  alpha with the largest mean |gradient| of the score, median               {Median(size.Select(values => Alphas[Array.IndexOf(values, values.Max())])):f2}");
        Console.WriteLine($"  mean |gradient| at the image / largest on the path, median                {Median(size.Select(values => values[^1])):f3}");
        Distances(folder);
    }

    private void Distances(string folder)
    {
        var drawings = new List<Drawing>();
        foreach (var layer in Layers)
        {
            var found = photos.Select(photo => Along(photo, layer)).ToList();
            var cosine = found.ConvertAll(path => path.Select(point => point.Cosine).ToArray());
            drawings.Add(Plot($"{layer}: cosine distance", cosine, 0, 1));
            drawings.Add(Plot($"{layer}: L2 distance", found.ConvertAll(path => path.Select(point => point.L2).ToArray())));
            Console.WriteLine($"  {layer}: cosine distance from the image at alpha 0.2, 0.6, 0.8, median        {string.Join(", ", new[] { 10, 30, 40 }.Select(i => $"{Median(cosine.Select(values => values[i])):f3}"))}");
        }
        new Panels { Columns = 2, Drawings = drawings }.Save(Path.Combine(folder, "layers.svg"));
        Console.WriteLine("  (paper: all curves flatten; mixed5b of GoogLeNet is below 0.01 from alpha 0.6 on)");
    }

    /// <summary>The distances of a layer's values at each alpha from those at the image. A layer that is all zero is at cosine distance 1.</summary>
    private (double L2, double Cosine)[] Along(Photo photo, string layer)
    {
        var last = net.LayerActivation(layer, photo.Pixels);
        return [.. Alphas.Select(alpha =>
        {
            var values = net.LayerActivation(layer, Array.ConvertAll(photo.Pixels, pixel => (float)(alpha * pixel)));
            var (product, square, lastSquare, distance) = (0.0, 0.0, 0.0, 0.0);
            for (var i = 0; i < values.Length; i++)
            {
                product += (double)values[i] * last[i];
                square += (double)values[i] * values[i];
                lastSquare += (double)last[i] * last[i];
                distance += (values[i] - (double)last[i]) * (values[i] - (double)last[i]);
            }
            return (Math.Sqrt(distance), square * lastSquare == 0 ? 1 : Math.Max(0, 1 - product / Math.Sqrt(square * lastSquare)));
        })];
    }

    private static double[] Sizes(Attributions path)
    {
        var sizes = path.Select(point => point.Completeness.Magnitude).ToArray();
        var largest = sizes.Max();
        return Array.ConvertAll(sizes, size => size / largest);
    }

    private static double ReachesMost(double[] values) => Alphas[Array.FindIndex(values, value => value >= 0.9 * values[^1])];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static LinePlot Plot(string label, List<double[]> curves, double? least = null, double? most = null) => new()
    {
        Width = 420,
        Height = 280,
        X = new Axis("alpha"),
        Y = new Axis(label) { Minimum = least, Maximum = most },
        Lines = [.. curves.Select(curve => new PlotLine("", Alphas, curve) { Thickness = 1 })],
    };
}
