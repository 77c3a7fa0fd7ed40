using System.Reflection;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A network is loaded from a file that someone else changes: all of its weights, or an exception, and never the end of the process.
/// </summary>
public sealed class FilesThatChange
{
    // Sixteen megabytes, read in pieces and by all cores.
    private const string Text = """
        [Network(Explain = Methods.Gradient)]
        public sealed partial class Wide
        {
            [Linear(2048)] private partial Tensor First(Tensor x);
            [Linear(2048, Bias = false)] private partial Tensor Second(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x) => Head(Relu(Second(Relu(First(x)))));
        }
        """;

    private const int Short = 400;
    private const int Rounds = 12;

    private static readonly Lazy<CompiledNetwork> network = new(() => InMemory.Compile(Text).Network("Wide"));

    private static readonly float[] x = [0.5f, -1, 2, 0.25f];

    [Fact]
    public void AFileThatIsShortenedBetweenOpeningAndLoadingIsAnException()
    {
        using var folder = new Folder();
        using var weights = Weights.Open(folder.File);
        Shorten(folder.File);
        Assert.Contains("was changed since it was opened", Assert.Throws<WeightsException>(() => Load(weights)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsShortenedDuringLoadGivesAllWeightsOrAnException()
    {
        using var folder = new Folder();
        var right = Load(folder.File).Predict(x);
        var whole = File.ReadAllBytes(folder.File);
        var (loaded, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            File.WriteAllBytes(folder.File, whole);
            var delay = round * 40_000;
            var shortening = Task.Run(() =>
            {
                Thread.SpinWait(delay);
                Shorten(folder.File);
            });
            try
            {
                Assert.Equal(right, Load(folder.File).Predict(x));
                loaded++;
            }
            catch (WeightsException)
            {
                refused++;
            }
            await shortening;
        }
        Assert.Equal(Rounds, loaded + refused);
        Assert.True(refused > 0);
    }

    [Fact]
    public void ALoadedNetworkHasItsWeightsWhateverBecomesOfTheFile()
    {
        using var folder = new Folder();
        var net = Load(folder.File);
        var (predicted, eager) = (net.Predict(x), Eager(net));
        Shorten(folder.File);
        Assert.Equal(predicted, net.Predict(x));
        File.Delete(folder.File);
        Assert.Equal(eager, Eager(net));
        Assert.Equal(predicted, net.Predict(x));
    }

    private static void Shorten(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(Short);
    }

    /// <summary>The emitted Load, of a path or of weights.</summary>
    private static INetwork Load<T>(T from)
    {
        try
        {
            return (INetwork)network.Value.Type.GetMethod("Load", [typeof(T)])!.Invoke(null, [from])!;
        }
        catch (TargetInvocationException e) when (e.InnerException is WeightsException)
        {
            throw e.InnerException;
        }
    }

    private static double[] Eager(INetwork net) =>
        ((Tensor)network.Value.Type.GetMethod("Forward")!.Invoke(net,
            [Tensor.From(new Shape(4), Array.ConvertAll(x, value => (double)value))])!).Values.ToArray();

    /// <summary>The network's weights in a folder that is gone after the test.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence");

        public Folder()
        {
            using var chance = Weights.Random(5);
            (string Name, Shape Shape)[] tensors =
            [
                ("first.weight", new(2048, 4)), ("first.bias", new(2048)), ("second.weight", new(2048, 2048)),
                ("head.weight", new(3, 2048)), ("head.bias", new(3)),
            ];
            Weights.Save(File, tensors.Select(tensor => KeyValuePair.Create(tensor.Name, chance.Tensor(tensor.Name, tensor.Shape))));
        }

        public string File => Path.Combine(folder.FullName, "wide.safetensors");

        public void Dispose() => folder.Delete(recursive: true);
    }
}
