using Whence;
using Whence.Pictures;

namespace Photos;

/// <summary>
/// The paper's pictures: photographs seen through their attributions, alike for interior gradients and misclassified images.
/// </summary>
internal sealed class Windows(IIntegratedGradientsNetwork net, string folder)
{
    private static readonly double[] Ten = [0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Integrated gradients beside the gradients at the image.</summary>
    public void Attributions(IEnumerable<Photo> photos)
    {
        var sheet = new Sheet(144, "image", "integrated gradients", "gradients at image");
        foreach (var photo in photos)
        {
            var why = Explanations.Integrated(net, photo, photo.Label);
            sheet.Add([$"Top label: {photo.Label}", $"Score: {why.Output:f6}"], photo.Picture, Explanations.Window(photo, why.Scores),
                Explanations.Window(photo, Explanations.AtImage(net, photo, photo.Label).Scores));
        }
        sheet.Save(Path.Combine(folder, "attributions.svg"));
    }

    /// <summary>The interior gradients at the paper's ten alphas, each times the pixels of the image.</summary>
    public void Interior(IEnumerable<Photo> photos)
    {
        var sheet = new Sheet(96, ["image", .. Ten.Select(alpha => $"{alpha}")]);
        foreach (var photo in photos)
        {
            var path = net.InteriorGradients(photo.Pixels, Explanations.ScoreOf(photo.Label), Ten);
            sheet.Add([$"Top label: {photo.Label}", $"Score: {path[^1].Output:f6}"],
                [photo.Picture, .. path.Select(point => Explanations.Window(photo, Explanations.TimesPixels(photo, point.Scores)))]);
        }
        sheet.Save(Path.Combine(folder, "interior.svg"));
    }

    /// <summary>51 frames from alpha 0 to 1: the image scaled by alpha, and the image seen through the interior gradient there.</summary>
    public void Frames(Photo photo)
    {
        var alphas = Enumerable.Range(0, 51).Select(i => i / 50.0).ToArray();
        var path = net.InteriorGradients(photo.Pixels, Explanations.ScoreOf(photo.Label), alphas);
        var frames = path.Select((point, i) => Beside(
            Picture.FromTensor(Array.ConvertAll(photo.Pixels, pixel => (float)(alphas[i] * pixel)), Photo.Shape, 0, 255),
            Explanations.Window(photo, Explanations.TimesPixels(photo, point.Scores))).Enlarge(3));
        Animation.Save(Path.Combine(folder, "interior.png"), [.. frames]);
    }

    /// <summary>Misclassified images with the attributions of the label that the network gave and of the true one.</summary>
    public void Mistakes(IEnumerable<Photo> photos)
    {
        var sheet = new Sheet(144, "image", "for the label given", "for the true label");
        foreach (var photo in photos)
        {
            var scores = net.Predict(photo.Pixels);
            var answer = Explanations.Answer(scores);
            sheet.Add([$"Given: {answer}", $"Score: {scores[answer]:f6}", $"True: {photo.Label}", $"Score: {scores[photo.Label]:f6}"],
                photo.Picture,
                Explanations.Window(photo, Explanations.Integrated(net, photo, answer).Scores),
                Explanations.Window(photo, Explanations.Integrated(net, photo, photo.Label).Scores));
        }
        sheet.Save(Path.Combine(folder, "mistakes.svg"));
    }

    private static Picture Beside(Picture left, Picture right)
    {
        var row = left.Width * 3;
        var pixels = new byte[2 * left.Pixels.Length];
        for (var y = 0; y < left.Height; y++)
        {
            left.Pixels.Slice(y * row, row).CopyTo(pixels.AsSpan(2 * y * row));
            right.Pixels.Slice(y * row, row).CopyTo(pixels.AsSpan((2 * y + 1) * row));
        }
        return new Picture(2 * left.Width, left.Height, 3, pixels);
    }
}
