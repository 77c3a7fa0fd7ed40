using Whence;
using Whence.Pictures;

namespace Photos;

/// <summary>The questions that the experiments ask of the network, as the paper's code asks them.</summary>
internal static class Explanations
{
    /// <summary>The softmax score of a class.</summary>
    public static Target ScoreOf(int label) => Target.Unit(label).OfOutput();

    /// <summary>Integrated gradients from black by the right sum over 50 points.</summary>
    public static Attribution Integrated(IIntegratedGradientsNetwork net, Photo photo, int label) =>
        net.IntegratedGradients(photo.Pixels, ScoreOf(label), options: new PathOptions { Quadrature = Quadrature.Right, Steps = 50 });

    /// <summary>The gradient at the image times the pixels.</summary>
    public static Attribution AtImage(IGradientNetwork net, Photo photo, int label) => net.GradientTimesInput(photo.Pixels, ScoreOf(label));

    /// <summary>The photograph seen through attributions.</summary>
    public static Picture Window(Photo photo, ReadOnlySpan<float> scores) => Windowing.Draw(photo.Picture, scores, Photo.Shape);

    /// <summary>A gradient times the pixels.</summary>
    public static float[] TimesPixels(Photo photo, ReadOnlySpan<float> gradient)
    {
        var scores = gradient.ToArray();
        for (var i = 0; i < scores.Length; i++)
            scores[i] *= photo.Pixels[i];
        return scores;
    }

    public static int Answer(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            best = scores[i] > scores[best] ? i : best;
        return best;
    }
}
