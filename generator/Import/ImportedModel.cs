using Whence.Import.Fold;
using Whence.Import.Follow;
using Whence.Import.Read;
using Whence.Import.Write;

namespace Whence.Import;

/// <summary>An input or output of an imported network.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Kind">"Shape", "Tokens" or "Mask" of an input, "Output" of an output.</param>
/// <param name="Axes">Its axes, of one example.</param>
public sealed record ImportedValue(string Name, string Kind, IReadOnlyList<int> Axes)
{
    /// <summary>Whether it is an input of variable length, of which axis 0 is the longest that it may be.</summary>
    public bool IsVariable { get; init; }
}

/// <summary>A model as a Whence network: its class, and its weights.</summary>
public sealed class ImportedModel
{
    private IReadOnlyList<LayerTensor> tensors;

    internal ImportedModel(string type, Model model, FoldedGraph graph, Followed followed, ImportOptions options)
    {
        var declaration = followed.Network;
        (Name, Notes, Namespace) = (type, graph.Notes, options.Namespace);
        (Model, Graph, Followed, Batch, OutputBatches) = (model, graph, followed, followed.Batch, followed.OutputBatches);
        Inputs = [.. declaration.Inputs.Select(input => new ImportedValue(input.Word, input.Input.ToString()!, input.Axes)
        {
            IsVariable = input.Along is not null,
        })];
        Outputs = [.. declaration.Outputs.Zip(graph.OutputNames, (step, name) => new ImportedValue(name, "Output", step.Axes))];
        tensors = WeightsFile.Tensors(declaration);
        WeightsFileName = tensors.Count > 0 ? $"{type}.safetensors" : null;
        var opset = model.Opsets.GetValueOrDefault("", 0);
        var producer = Words.Plain(model.Producer);
        static string Axes(IReadOnlyList<int> of) => $"[{string.Join(", ", of)}]";
        var summary = $"Imported from an ONNX model ({(producer.Length > 0 ? producer + ", " : "")}opset {opset}): "
            + $"{string.Join(" and ", Inputs.Select(input => Axes(input.Axes)))} to "
            + $"{string.Join(" and ", Outputs.Select(output => Axes(output.Axes)))}.";
        Source = CSharpWriter.Write(declaration, type, options.Namespace, options.IsPart ? null : options.Explain, options.Layers, summary);
    }

    /// <summary>The class's name.</summary>
    public string Name { get; }

    /// <summary>The class's namespace, or null.</summary>
    public string? Namespace { get; }

    /// <summary>The class, and those of its blocks, as a C# file.</summary>
    public string Source { get; }

    /// <summary>What Forward takes, in order.</summary>
    public IReadOnlyList<ImportedValue> Inputs { get; }

    /// <summary>What Forward gives, in order.</summary>
    public IReadOnlyList<ImportedValue> Outputs { get; }

    /// <summary>How many examples the model was exported for: axis 0 of its inputs.</summary>
    public int Batch { get; private set; }

    /// <summary>What was left out or taken to be, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What several operators together were recognised as, and how often.</summary>
    public IReadOnlyDictionary<string, int> Idioms { get; init; } = new Dictionary<string, int>();

    /// <summary>The name of the weights file, beside the C# file; null if the network has no weights.</summary>
    public string? WeightsFileName { get; }

    /// <summary>How many numbers the weights file holds.</summary>
    public long WeightCount => tensors.Sum(tensor => (long)tensor.Values.Count);

    /// <summary>Which axis of each output, in the model, is the batch's; -1 if none is.</summary>
    internal IReadOnlyList<int> OutputBatches { get; }

    /// <summary>The same, as of a model that was exported for one example.</summary>
    internal ImportedModel OfOne()
    {
        var one = (ImportedModel)MemberwiseClone();
        one.Batch = 1;
        return one;
    }

    internal Model Model { get; }

    /// <summary>The model's file.</summary>
    internal ReadOnlyMemory<byte> File { get; init; }

    /// <summary>The file's folder; null if it is not from a file.</summary>
    internal string? Folder { get; init; }

    /// <summary>The model's file, with inner values made outputs too.</summary>
    internal byte[] WithOutputs(IEnumerable<string> names) =>
        ModelReader.WithOutputs(File.Span, names.Except(Model.Graph.Outputs.Select(output => output.Name)));

    internal FoldedGraph Graph { get; }

    internal Followed Followed { get; }

    /// <summary>The same network with other weights.</summary>
    /// <param name="file">Tensors of the names and axes of the model's own.</param>
    /// <exception cref="WeightsException">A tensor is missing, too many, or has other axes.</exception>
    public ImportedModel With(Weights file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var changed = With(tensor => new(ElementType.Double, tensor.Values.Axes, file.Values(tensor.Name, new(tensor.Values.Axes))));
        file.RequireAllUsed();
        return changed;
    }

    /// <summary>The same network with the weights of another that was made of the same graph, whatever its classes are.</summary>
    internal ImportedModel WithThoseOf(ImportedModel other)
    {
        var values = other.tensors.ToDictionary(tensor => (tensor.Layer, tensor.Role), tensor => tensor.Values);
        return With(tensor => values.GetValueOrDefault((tensor.Layer, tensor.Role), tensor.Values));
    }

    private ImportedModel With(Func<LayerTensor, Literal> values)
    {
        var changed = (ImportedModel)MemberwiseClone();
        changed.tensors = [.. tensors.Select(tensor => tensor with { Values = values(tensor) })];
        return changed;
    }

    /// <summary>Writes the weights as safetensors.</summary>
    /// <exception cref="ImportException">A weight is not finite.</exception>
    public void WriteWeights(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WeightsFile.Write(stream, tensors);
    }

    /// <summary>
    /// Writes the C# file and the weights into a folder, both or neither: each is written under another name there and then renamed.
    /// </summary>
    /// <param name="folder">The folder, which is made if it is not there.</param>
    /// <param name="force">Whether files that are there may be replaced.</param>
    /// <returns>The paths of what was written.</returns>
    /// <exception cref="ImportException">A file is there and may not be replaced, or a weight is not finite; nothing is written
    /// then.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public IReadOnlyList<string> Save(string folder, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var source = Path.Combine(folder, Name + ".cs");
        string[] paths = WeightsFileName is null ? [source] : [Path.Combine(folder, WeightsFileName), source];
        if (!force && paths.FirstOrDefault(System.IO.File.Exists) is { } there)
            throw new ImportException($"'{there}' is there already; --force replaces it.");
        Directory.CreateDirectory(folder);
        var unfinished = paths.Select(path => $"{path}.{Guid.NewGuid():n}.unfinished").ToArray();
        try
        {
            if (paths.Length > 1)
            {
                using var stream = new FileStream(unfinished[0], FileMode.CreateNew, FileAccess.Write, FileShare.None);
                WriteWeights(stream);
            }
            System.IO.File.WriteAllText(unfinished[^1], Source);
            for (var i = 0; i < paths.Length; i++)
                System.IO.File.Move(unfinished[i], paths[i], overwrite: force);
        }
        finally
        {
            foreach (var path in unfinished)
                System.IO.File.Delete(path);
        }
        return paths;
    }
}
