using System.CommandLine;
using Samples;
using Whence;
using Whence.Pictures;

namespace Photos;

/// <summary>
/// Which pixels make two photographs alike. ResNet18 gives 512 features of each; they are alike as far as their features change in the
/// same directions when the mean image is exchanged for them.
/// </summary>
internal sealed class Alike
{
    private const int Side = 224;

    /// <summary>Pixels of a cell's side: scores of single pixels are too many to be seen.</summary>
    private const int Cell = 8;

    private static readonly Shape shape = new(3, Side, Side);
    private static readonly Argument<string[]> files = new("files")
    {
        Description = "two or more JPEG, PNG or WebP files; their middle squares are taken", Arity = new ArgumentArity(2, 16),
    };

    private readonly ResNet18 net;
    private readonly ResNetPreprocess centre;
    private readonly float[] ofMean;

    private Alike(string folder)
    {
        net = ResNet18.Load(Path.Combine(folder, "ResNet18.safetensors"));
        centre = ResNetPreprocess.Load(Path.Combine(folder, "ResNetPreprocess.safetensors"));
        ofMean = net.Predict(new float[shape.Size]);
    }

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var to = new Option<string>("--out")
        {
            Description = "the folder for the picture", HelpName = "FOLDER", DefaultValueFactory = _ => ".",
        };
        var command = new Command("alike", "Says how alike photographs of your own are to ResNet18, and draws which pixels make them so.")
        {
            files, to,
        };
        files.RefuseOptions();
        command.SetAction(words =>
        {
            CommandLine.RequireFolder(words.GetRequiredValue(to));
            new Alike(AppContext.BaseDirectory).Show([.. words.GetRequiredValue(files).Select(Read)], int.MaxValue,
                words.GetRequiredValue(to));
            return 0;
        });
        return command;
    }

    /// <summary>The sample's own photographs: how alike each two are, and the reasons for the most alike.</summary>
    public static void Run(string folder, bool isShort)
    {
        var photos = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "alike"), "*.jpg").Order(StringComparer.Ordinal)
            .Take(isShort ? 2 : int.MaxValue).Select(Read).ToArray();
        new Alike(AppContext.BaseDirectory).Show(photos, 2, folder);
    }

    private void Show(Seen[] photos, int pairs, string folder)
    {
        var features = photos.Select(Features).ToArray();
        var all = (from a in Enumerable.Range(0, photos.Length) from b in Enumerable.Range(0, a) select (A: b, B: a))
            .OrderByDescending(pair => Cosine(features[pair.A], features[pair.B])).ToArray();
        foreach (var (a, b) in all)
            Console.WriteLine($"{photos[a].Name} and {photos[b].Name} are alike by {Cosine(features[a], features[b]):f3}");
        var sheet = new Sheet(Side, "photograph", "makes them alike (red) or unlike (blue)", "DeepLIFT, by cells", "integrated gradients");
        foreach (var (a, b) in all.Take(pairs))
        {
            Explain(sheet, photos[a], photos[b], features[a], features[b]);
            Explain(sheet, photos[b], photos[a], features[b], features[a]);
        }
        sheet.Save(Path.Combine(folder, "alike.svg"));
    }

    /// <summary>
    /// A row about one photograph: the features' change is a linear function of them, whose weights the other photograph gives, so that its
    /// pixels' scores add up to how alike both are.
    /// </summary>
    private void Explain(Sheet sheet, Seen photo, Seen other, double[] own, double[] theirs)
    {
        var norms = Norm(own) * Norm(theirs);
        var target = Target.Weights([.. theirs.Select(feature => feature / norms)]);
        var x = centre.Predict(photo.Pixels);
        var deep = net.DeepLift(x, target, options: new() { RequireGap = 1e-4 });
        var integrated = net.IntegratedGradients(x, target, options: new PathOptions { Steps = 20, Quadrature = Quadrature.GaussLegendre });
        Console.WriteLine($"{photo.Name} beside {other.Name}: DeepLIFT's scores sum to {Sum(deep.Scores):f3}, relative gap "
            + $"{deep.RelativeGap:0.0e+0}; those of integrated gradients in 20 steps to {Sum(integrated.Scores):f3}");
        var cells = Cells(deep.Scores);
        sheet.Add([photo.Name, $"beside {other.Name}:", $"{Cosine(own, theirs):f3}"], photo.Picture,
            Overlay.Draw(photo.Picture, Spread(cells), new(Side, Side), positive: new Colour(255, 0, 0), negative: new Colour(0, 0, 255)),
            HeatMap.Draw(cells, new(Side / Cell, Side / Cell)),
            HeatMap.Draw(Cells(integrated.Scores), new(Side / Cell, Side / Cell)));
    }

    /// <summary>The features less those of the mean image.</summary>
    private double[] Features(Seen photo) =>
        [.. net.Predict(centre.Predict(photo.Pixels)).Select((feature, i) => (double)feature - ofMean[i])];

    private static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / (Norm(a) * Norm(b));

    private static double Norm(double[] of) => Math.Sqrt(of.Sum(x => x * x));

    private static double Sum(ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var score in scores)
            sum += score;
        return sum;
    }

    /// <summary>The scores of a cell's pixels, of all channels, in one sum.</summary>
    private static float[] Cells(ReadOnlySpan<float> scores)
    {
        var cells = new float[Side / Cell * (Side / Cell)];
        for (var i = 0; i < scores.Length; i++)
            cells[i % (Side * Side) / Side / Cell * (Side / Cell) + i % Side / Cell] += scores[i];
        return cells;
    }

    private static float[] Spread(float[] cells) =>
        [.. Enumerable.Range(0, Side * Side).Select(i => cells[i / Side / Cell * (Side / Cell) + i % Side / Cell])];

    /// <summary>The middle square of a photograph.</summary>
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    private static Seen Read(string path) => new(Path.GetFileNameWithoutExtension(path), OwnPicture.Read(path, Side));

    /// <summary>A photograph, [3, 224, 224], each 0 to 255.</summary>
    private sealed record Seen(string Name, float[] Pixels)
    {
        public Picture Picture => Picture.FromTensor(Pixels, shape, 0, 255);
    }
}
