using Whence;
using Whence.Evaluate;
using Whence.Pictures;

namespace Photos;

/// <summary>Integrated gradients against gradients at the image, by the paper's two measures.</summary>
internal sealed class Comparison(IIntegratedGradientsNetwork net, string folder)
{
    private const int Steps = 50;
    private const int PixelsAStep = 5;

    // A pixel's channels are changed as one.
    private readonly RemovalOptions options = new()
    {
        Each = PixelsAStep,
        Steps = Steps,
        Groups = new FeatureGroups([.. Enumerable.Range(0, Photo.Shape.Size).Select(i => i % (Photo.Size * Photo.Size))]),
        ByMagnitude = true,
    };

    /// <summary>
    /// The area over the perturbation curve (Samek et al., arXiv 1509.06321): the most important pixels are made black, five at a time, and
    /// the score's drop is averaged over the steps so far and over the images.
    /// </summary>
    public void Ablation(IReadOnlyList<Photo> photos)
    {
        var integrated = photos.Select(photo => Drops(photo, Explanations.Integrated(net, photo, photo.Label).Scores.ToArray())).ToList();
        var atImage = photos.Select(photo => Drops(photo, Explanations.AtImage(net, photo, photo.Label).Scores.ToArray())).ToList();
        var byChance = photos.Select(photo => Drops(photo, Chance(photo))).ToList();
        var steps = Enumerable.Range(0, Steps + 1).Select(step => (double)step * PixelsAStep).ToArray();
        new LinePlot
        {
            Title = $"AOPC, {photos.Count} images",
            Width = 640,
            Height = 360,
            X = new Axis("pixels made black"),
            Y = new Axis("mean drop of the score up to here") { Minimum = 0 },
            Lines = [new("integrated gradients", steps, Means(integrated)), new("gradients at image", steps, Means(atImage)),
                new("by chance", steps, Means(byChance))],
        }.Save(Path.Combine(folder, "ablation.svg"));
        Console.WriteLine($"Ablation of {Steps * PixelsAStep} pixels, {Steps * PixelsAStep / (double)(Photo.Size * Photo.Size):p1}, "
            + $"{photos.Count} images: AOPC {Means(integrated)[^1]:f3} by integrated gradients, {Means(atImage)[^1]:f3} by gradients at "
            + $"the image, {Means(byChance)[^1]:f3} by chance (paper: integrated gradients above gradients)");
        var difference = Bootstrap.Mean([.. integrated.Zip(atImage, (a, b) => a[^1] - b[^1])]);
        Console.WriteLine($"  difference {difference.Estimate:f3}, 95 % interval {difference.Low:f3} to {difference.High:f3}");
    }

    /// <summary>
    /// How much of the attribution lies in the digit's box, over images whose box covers less than two thirds and whose score falls by half
    /// at least when the box is made black.
    /// </summary>
    public void Boxes(IEnumerable<Photo> photos, int most)
    {
        var chosen = photos.Where(photo => Area(photo) < Photo.Size * Photo.Size * 2 / 3 && FallsWithoutBox(photo)).Take(most).ToList();
        var integrated = chosen.ConvertAll(
            photo => BoxMass.Of(Explanations.Integrated(net, photo, photo.Label).Scores, Photo.Shape, photo.Box));
        var atImage = chosen.ConvertAll(photo => BoxMass.Of(Explanations.AtImage(net, photo, photo.Label).Scores, Photo.Shape, photo.Box));
        var difference = Bootstrap.Mean([.. integrated.Zip(atImage, (a, b) => a - b)]);
        Console.WriteLine($"Attribution inside the box, {chosen.Count} images, boxes "
            + $"{chosen.Average(photo => Area(photo)) / (Photo.Size * Photo.Size):p1} of the image on average: {integrated.Average():p1} "
            + $"of integrated gradients', {atImage.Average():p1} of gradients'");
        Console.WriteLine($"  integrated gradients have more on {integrated.Zip(atImage).Count(pair => pair.First > pair.Second)} of "
            + $"{chosen.Count}, {100 * difference.Estimate:f1} percentage points more on average, 95 % interval {100 * difference.Low:f1} "
            + $"to {100 * difference.High:f1} (paper: 82 of 100, 8.4 points)");
    }

    private double[] Drops(Photo photo, float[] scores) =>
        Removal.Delete(net, photo.Pixels, 1, scores, Explanations.ScoreOf(photo.Label), default, options).Aopc(0);

    private bool FallsWithoutBox(Photo photo)
    {
        var image = photo.Pixels.Select((pixel, i) => photo.Box.Holds(i % Photo.Size, i / Photo.Size % Photo.Size) ? 0 : pixel).ToArray();
        return net.Predict(image)[photo.Label] <= 0.5 * net.Predict(photo.Pixels)[photo.Label];
    }

    private static int Area(Photo photo) => photo.Box.Width * photo.Box.Height;

    private static float[] Chance(Photo photo)
    {
        var random = new Random(photo.Index);
        return [.. photo.Pixels.Select(_ => random.NextSingle())];
    }

    private static double[] Means(List<double[]> curves) =>
        [.. Enumerable.Range(0, Steps + 1).Select(step => curves.Average(curve => curve[step]))];
}
