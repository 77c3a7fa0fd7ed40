namespace Whence.Benchmarks;

/// <summary>A network under measurement, by its name, with its <c>Forward</c> as written.</summary>
public sealed record Subject(string Name, INetwork Net, Func<Tensor, Tensor> Eager)
{
    public const string Mnist = "mnist_cnn";
    public const string Genomics = "genomics_cnn";
    public const string Tabular = "tabular_mlp";
    public const string LanguageModel = "lstm_lm";
    public const string Inception = "googlenet";

    /// <summary>Those small enough for batches of 256 and for fresh processes, which the peers' scripts know too.</summary>
    public static IReadOnlyList<string> Small { get; } = [Mnist, Genomics, Tabular];

    public static IReadOnlyList<string> Names { get; } = [.. Small, LanguageModel, Inception];

    /// <summary>The largest batch whose fifty steps of integrated gradients take seconds, not minutes.</summary>
    public static int LargestBatch(string name) => name switch
    {
        Inception => 1,
        LanguageModel => 32,
        _ => int.MaxValue,
    };

    /// <summary>Loads the network of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Subject Load(string name)
    {
        var weights = Path.Combine(AppContext.BaseDirectory, name + ".safetensors");
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
                // Trained weights would be 28 MB; how long a pass takes hardly depends on them.
                using (var random = Weights.Random(1))
                {
                    var inception = GoogLeNet.Load(random);
                    return new(name, inception, inception.Forward);
                }
            default:
                throw new ArgumentException($"There is no network {name}, only {string.Join(", ", Names)}.", nameof(name));
        }
    }

    /// <summary>Inputs as the peers' scripts make them: numbers from 0 to 1, for DNA one-hot letters; the same in every run.</summary>
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
