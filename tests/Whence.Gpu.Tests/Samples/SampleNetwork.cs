namespace Whence.Gpu.Tests.Samples;

/// <summary>A network of the samples or the benchmarks, its weights, and rows to ask it about.</summary>
internal sealed class SampleNetwork
{
    private const string Golden = "tests/golden/weights/";

    // Of two million values under ReLUs and pools rounding moves some over a kink.
    private const double OfKinks = 3e-2;

    private static readonly Dictionary<string, SampleNetwork> All = new SampleNetwork[]
    {
        new("DigitNet", 4, Digits, "samples/Digits/digits.safetensors", "samples/Digits/DigitNet.cs"),
        new("RescaleOnConv1", 2, Digits, "samples/Digits/digits.safetensors", "samples/Digits/Mixtures.cs"),
        new("RescaleOnConv2", 2, Digits, "samples/Digits/digits.safetensors", "samples/Digits/Mixtures.cs"),
        new("RescaleOnFc1", 2, Digits, "samples/Digits/digits.safetensors", "samples/Digits/Mixtures.cs"),
        new("TumourNet", 64, Measured, "samples/Credit/tumour.safetensors", "samples/Credit/TumourNet.cs"),
        new("CellNet", 8, Standardised, "samples/Embedded/tabular.safetensors", "samples/Embedded/CellNet.cs"),
        new("MotifNet", 2, OneHot, "samples/Motifs/motifs.safetensors", "samples/Motifs/MotifNet.cs"),
        new("WordNet", 2, Embedded, "samples/Language/language.safetensors", "samples/Language/WordNet.cs"),
        new("PhotoNet", 1, Photos, "samples/Photos/photos.safetensors", "samples/Photos/PhotoNet.cs", "samples/Photos/Inception.cs")
        {
            // At some points of a path rounding turns a ReLU or a pool's winner: KinksOnDevice.
            Tolerance = 1e-3,
        },
        new("W1N2", 1, Molecule, "samples/Molecules/w1n2.safetensors", "samples/Molecules/WeaveNets.cs", "samples/Molecules/Weave.cs"),
        new("W2N2", 1, Molecule, "samples/Molecules/w2n2.safetensors", "samples/Molecules/WeaveNets.cs", "samples/Molecules/Weave.cs"),
        new("LargerW2N2", 1, Molecule, "samples/Molecules/w2n2.safetensors", "samples/Molecules/WeaveNets.cs",
            "samples/Molecules/Weave.cs"),
        // The samples' GoogLeNets have weights where somebody has put them; how a pass goes hardly depends on them.
        new("GoogLeNet", 1, Pixels, null, "samples/Photos/GoogLeNet.cs", "samples/Photos/Inception.cs") { Steps = 2, Tolerance = OfKinks },
        new("TorchvisionGoogLeNet", 1, Pixels, null, "samples/Photos/GoogLeNet.cs", "samples/Photos/Inception.cs")
        {
            Steps = 2, Tolerance = OfKinks,
        },
        new("GenomicsCnn", 2, OneHot, Golden + "genomics_cnn.safetensors", "benchmarks/Whence.Benchmarks/Networks.cs"),
        new("LstmLm", 2, Embedded, Golden + "lstm_lm.safetensors", "benchmarks/Whence.Benchmarks/LanguageModel.cs")
        {
            // Fifty letters at random drive it far: the CPU's integrated gradients are 3e-3 from those in double precision.
            Tolerance = 2e-2,
        },
    }.ToDictionary(network => network.Name);

    private readonly Func<SampleNetwork, INetwork, float[]> rows;
    private readonly string? weights;
    private readonly string[] files;

    private SampleNetwork(string name, int count, Func<SampleNetwork, INetwork, float[]> rows, string? weights, params string[] files) =>
        (Name, Count, this.rows, this.weights, this.files) = (name, count, rows, weights, files);

    // Networks whose programs are of the same steps, of which a sample has one.
    private static readonly string[][] alike =
    [
        ["DigitNet"], ["RescaleOnConv1", "RescaleOnConv2", "RescaleOnFc1"], ["TumourNet", "CellNet"], ["MotifNet"], ["GenomicsCnn"],
        ["WordNet"], ["LstmLm"], ["GoogLeNet", "PhotoNet", "TorchvisionGoogLeNet"], ["W1N2", "W2N2", "LargerW2N2"],
    ];

    public static IEnumerable<string> Names => alike.SelectMany(Sampled.OneOf);

    /// <summary>Those of which no sample would choose one.</summary>
    public static IEnumerable<string> Forgotten => All.Keys.Except(alike.SelectMany(names => names));

    public string Name { get; }

    /// <summary>How many rows it is asked about.</summary>
    public int Count { get; }

    /// <summary>Of integrated gradients.</summary>
    public int Steps { get; private init; } = 50;

    /// <summary>The largest difference of a score, relative to the largest score.</summary>
    public double Tolerance { get; private init; } = 2e-5;

    public static SampleNetwork Of(string name) => All[name];

    /// <summary>The network on the CPU, and on a device.</summary>
    public (INetwork Host, INetwork On) Load(GpuDevice device)
    {
        using var opened = weights is null ? Weights.Random(1) : Weights.Open(Declared.PathOf(weights));
        var net = Declared.Network(Name, files).Load(opened).Compiled;
        return (net, (INetwork)net.GetType().GetMethod("OnGpu")!.Invoke(net, [device])!);
    }

    /// <summary>[Count, InputSize].</summary>
    public float[] Rows(INetwork net) => rows(this, net);

    private static float[] Digits(SampleNetwork network, INetwork net)
    {
        var images = global::Digits.IdxFile.Open(Declared.PathOf("samples/Digits/digits-images-idx3-ubyte.gz"));
        return [.. Enumerable.Range(0, network.Count).SelectMany(i => Array.ConvertAll(images[i * 18].ToArray(), pixel => pixel / 255f))];
    }

    private static float[] Standardised(SampleNetwork network, INetwork net)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, network.Count * net.Signature.InputSize).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }

    private static float[] Measured(SampleNetwork network, INetwork net) =>
        [.. File.ReadLines(Declared.PathOf("samples/Credit/population.csv")).Skip(1).Take(network.Count)
            .SelectMany(line => line.Split(',').Select(cell => float.Parse(cell, System.Globalization.CultureInfo.InvariantCulture)))];

    private static float[] OneHot(SampleNetwork network, INetwork net)
    {
        const int letters = 4;
        var random = new Random(4);
        var length = net.Signature.InputSize / letters;
        var rows = new float[network.Count * letters * length];
        for (var i = 0; i < network.Count * length; i++)
            rows[(i / length * letters + random.Next(letters)) * length + i % length] = 1;
        return rows;
    }

    private static float[] Embedded(SampleNetwork network, INetwork net)
    {
        var random = new Random(5);
        var tokens = (ITokenNetwork)net;
        var (length, words) = (tokens.TokenInputs[0].Length, tokens.TokenInputs[0].Vocabulary);
        return [.. Enumerable.Range(0, network.Count)
            .SelectMany(_ => tokens.Embed([.. Enumerable.Range(0, length).Select(_ => random.Next(words))]))];
    }

    private static float[] Photos(SampleNetwork network, INetwork net)
    {
        var images = global::Digits.IdxFile.Open(Declared.PathOf("samples/Photos/photos-images-idx4-ubyte.gz"));
        var size = images[0].Length / 3;
        return [.. Enumerable.Range(0, network.Count).SelectMany(i => Enumerable.Range(0, 3 * size), (i, at) =>
            (float)images[i][at % size * 3 + at / size])];
    }

    private static float[] Pixels(SampleNetwork network, INetwork net)
    {
        var random = new Random(6);
        return [.. Enumerable.Range(0, network.Count * net.Signature.InputSize).Select(_ => (float)random.Next(256))];
    }

    private static float[] Molecule(SampleNetwork network, INetwork net)
    {
        var molecules = global::Molecules.Molecule.Read(Declared.PathOf("samples/Molecules/molecules.json"));
        return [.. molecules.Take(network.Count).SelectMany(molecule => molecule.Row(net.Signature.Inputs[0].Shape[0]))];
    }
}
