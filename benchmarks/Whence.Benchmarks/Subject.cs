namespace Whence.Benchmarks;

/// <summary>A network under measurement, by its name, with its <c>Forward</c> as written.</summary>
public sealed record Subject(string Name, INetwork Net, Func<Tensor, Tensor> Eager)
{
    public const string Mnist = "mnist_cnn";
    public const string Genomics = "genomics_cnn";
    public const string Tabular = "tabular_mlp";
    public const string LanguageModel = "lstm_lm";
    public const string Inception = "googlenet";
    public const string Residual = "resnet18";
    public const string Transformer = "bert_block";

    /// <summary>Those small enough for fresh processes, and DeepLIFT's peer by hand.</summary>
    public static IReadOnlyList<string> Small { get; } = [Mnist, Genomics, Tabular];

    public static IReadOnlyList<string> Names { get; } = [.. Small, LanguageModel, Inception, Residual, Transformer];

    /// <summary>Whether its weights are by chance: trained ones would be tens of megabytes, and how long a pass takes hardly depends on
    /// them.</summary>
    public static bool IsLarge(string name) => name is Inception or Residual or Transformer;

    /// <summary>How many examples at a time are asked about.</summary>
    public static IReadOnlyList<int> Batches(string name) => IsLarge(name) ? [1, 8] : [1, 32, 256];

    /// <summary>The weights of the network of this name.</summary>
    public static Weights Weights(string name) => IsLarge(name)
        ? Whence.Weights.Random(1)
        : Whence.Weights.Open(Path.Combine(AppContext.BaseDirectory, name + ".safetensors"));

    /// <summary>Loads the network of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Subject Load(string name)
    {
        using var weights = Weights(name);
        switch (name)
        {
            case Mnist:
                var mnist = MnistCnn.Load(weights);
                return new(name, mnist, mnist.Forward);
            case Genomics:
                var genomics = GenomicsCnn.Load(weights);
                return new(name, genomics, genomics.Forward);
            case Tabular:
                var tabular = TabularMlp.Load(weights);
                return new(name, tabular, tabular.Forward);
            case LanguageModel:
                var model = LstmLm.Load(weights);
                return new(name, model, model.Forward);
            case Inception:
                var inception = GoogLeNet.Load(weights);
                return new(name, inception, inception.Forward);
            case Residual:
                var residual = ResNet18.Load(weights);
                return new(name, residual, residual.Forward);
            case Transformer:
                var transformer = BertBlock.Load(weights);
                return new(name, transformer, transformer.Forward);
            default:
                throw new ArgumentException($"There is no network {name}, only {string.Join(", ", Names)}.", nameof(name));
        }
    }

    /// <summary>Inputs that the peers get too: numbers from 0 to 1, for DNA one-hot letters; the same in every run.</summary>
    public float[] Inputs(int count)
    {
        var random = new Random(1);
        var inputs = new float[count * Net.Signature.InputSize];
        if (Name == Genomics)
        {
            const int Length = 200;
            for (var i = 0; i < count * Length; i++)
                inputs[i / Length * 4 * Length + random.Next(4) * Length + i % Length] = 1;
        }
        else
        {
            for (var i = 0; i < inputs.Length; i++)
                inputs[i] = random.NextSingle();
        }
        return inputs;
    }
}
