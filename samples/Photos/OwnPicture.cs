using System.CommandLine;
using Samples;
using SkiaSharp;
using Whence;
using Whence.Pictures;

namespace Photos;

/// <summary>A picture of the user's own, in any format that SkiaSharp reads.</summary>
internal static class OwnPicture
{
    private const int Enlarged = 6;

    private static readonly Argument<string> file = new("file") { Description = "a JPEG, PNG or WebP file; its middle square is taken" };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("picture", "Says which digit the network sees in a picture of your own, and draws why.") { file };
        command.SetAction(words => Explain(words.GetRequiredValue(file)));
        return command;
    }

    private static int Explain(string path)
    {
        var pixels = Read(path, Photo.Size);
        var drawn = Path.ChangeExtension(path, ".why.png");
        CommandLine.RequireFile(drawn);
        var net = PhotoNet.Load(Path.Combine(AppContext.BaseDirectory, "photos.safetensors"));
        var scores = net.Predict(pixels);
        var answer = Explanations.Answer(scores);
        for (var label = 0; label < scores.Length; label++)
            Console.WriteLine($"{label}: {scores[label]:p2}");
        var why = net.IntegratedGradients(pixels, Explanations.ScoreOf(answer), options: new PathOptions { Tolerance = 0.01 });
        Console.WriteLine($"It sees a {answer}: {why.Output:f4}, {why.ReferenceOutput:f4} for black; {why.Steps} steps, relative gap "
            + $"{why.RelativeGap:0.0e+0}");
        Png.Save(Windowing.Draw(Picture.FromTensor(pixels, Photo.Shape, 0, 255), why.Scores, Photo.Shape).Enlarge(Enlarged), drawn);
        Console.WriteLine($"The picture seen through its attributions is {Path.GetFullPath(drawn)}.");
        return 0;
    }

    /// <summary>The middle square of a picture as networks take it, [3, size, size], each 0 to 255.</summary>
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    public static float[] Read(string path, int size)
    {
        using var bytes = File.OpenRead(path);
        using var bitmap = SKBitmap.Decode(bytes) ?? throw new InvalidDataException($"{path} is no picture that can be read.");
        var side = Math.Min(bitmap.Width, bitmap.Height);
        using var square = new SKBitmap(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(square))
            canvas.DrawBitmap(bitmap, (side - bitmap.Width) / 2, (side - bitmap.Height) / 2, SKSamplingOptions.Default);
        using var small = square.Resize(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque),
            new SKSamplingOptions(SKCubicResampler.Mitchell));
        var values = new float[3 * size * size];
        for (var i = 0; i < size * size; i++)
        {
            var colour = small.GetPixel(i % size, i / size);
            (values[i], values[i + size * size], values[i + 2 * size * size]) =
                (colour.Red, colour.Green, colour.Blue);
        }
        return values;
    }
}
