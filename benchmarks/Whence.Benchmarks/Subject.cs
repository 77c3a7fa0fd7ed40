namespace Whence.Benchmarks;

/// <summary>A network under measurement, by the name of its weights file, with its <c>Forward</c> as written.</summary>
public sealed record Subject(string Name, INetwork Net, Func<Tensor, Tensor> Eager)
{
    public const string Mnist = "mnist_cnn";
    public const string Genomics = "genomics_cnn";
    public const string Tabular = "tabular_mlp";

    public static IReadOnlyList<string> Names { get; } = [Mnist, Genomics, Tabular];

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
