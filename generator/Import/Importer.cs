using Whence.Import.Fold;
using Whence.Import.Follow;
using Whence.Import.Read;
using Whence.Import.Write;

namespace Whence.Import;

/// <summary>Turns ONNX models into declarations of Whence networks.</summary>
public static class Importer
{
    /// <summary>Reads a model and says it in C#; writes nothing.</summary>
    /// <param name="path">The ONNX file; tensors that it keeps in other files must lie in its folder.</param>
    /// <param name="options">What the file leaves open; none if null.</param>
    /// <exception cref="ImportException">The file is no model, or not one that Whence can say: all reasons at once.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImportedModel Import(string path, ImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireFile(path);
        var file = new FileInfo(path);
        if (file.Length > Array.MaxLength)
            throw new ImportException($"'{path}' has {file.Length} bytes: a model of more than 2 GB must keep its tensors in other files.");
        return Import(File.ReadAllBytes(path), Path.GetFileName(path), Path.GetDirectoryName(Path.GetFullPath(path)), options);
    }

    /// <summary>Refuses a path at which there is no file.</summary>
    internal static void RequireFile(string path)
    {
        if (Directory.Exists(path))
            throw new ImportException($"'{path}' is a folder, and no file.");
        if (!File.Exists(path))
            throw new ImportException($"There is no file '{path}'.");
    }

    /// <summary>Reads a model from memory and says it in C#.</summary>
    /// <param name="file">The ONNX file's bytes.</param>
    /// <param name="name">What it is called, from which the class's name is made.</param>
    /// <param name="options">What the file leaves open; none if null.</param>
    /// <exception cref="ImportException">The file is no model, or not one that Whence can say: all reasons at once.</exception>
    public static ImportedModel Import(ReadOnlyMemory<byte> file, string name, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Import(file, name, null, options);
    }

    private static ImportedModel Import(ReadOnlyMemory<byte> file, string name, string? folder, ImportOptions? options) =>
        Import(ModelReader.Read(file), name, options ?? new(), file, folder);

    /// <summary>Says a model that was read in C#.</summary>
    internal static ImportedModel Import(Model model, string name, ImportOptions options, ReadOnlyMemory<byte> file = default,
        string? folder = null)
    {
        var type = options.Name ?? Names.Class(name);
        RequireName(type, "--name");
        foreach (var part in options.Namespace?.Split('.') ?? [])
            RequireName(part, "--namespace");
        var graph = Folder.Fold(model, folder, options);
        if (graph.Faults.Count > 0)
            throw new ImportException([.. graph.Faults, .. Follower.Findings(graph)]);
        var idioms = Recognise.Idioms.Apply(graph);
        var followed = Follower.Follow(graph);
        if (followed.Network.Steps.Count > Limits.Values)
        {
            throw new ImportException($"The network computes {followed.Network.Steps.Count} values, and {Limits.Values} are the most that "
                + "are compiled (WH112). Stop before the end: --output NAME.");
        }
        Blocks.BlockFinder.Find(followed.Network);
        // Parts first: what their tensors are called is known where they are used.
        foreach (var block in CSharpWriter.Blocks(followed.Network).Reverse())
            Names.Give(block.Name, block.Declaration);
        Names.Give(type, followed.Network);
        return new(type, model, graph, followed, options) { Idioms = idioms, File = file, Folder = folder };
    }

    /// <summary>
    /// The network as one class that gives every value that can be compared with the model's, in the file's order, in place of the outputs;
    /// and which values these are.
    /// </summary>
    internal static (ImportedModel Network, IReadOnlyList<Computed> Points) AtEveryNode(ImportedModel model)
    {
        Computed[] points = [.. model.Followed.Points(model.Graph)];
        var graph = model.Graph with
        {
            Outputs = [.. points.Select(point => point.Value)], OutputNames = [.. points.Select(point => point.Name)],
        };
        var followed = Follower.Follow(graph);
        var name = model.Name + "AtEveryNode";
        Names.Give(name, followed.Network);
        var network = new ImportedModel(name, model.Model, graph, followed, new() { Explain = "Methods.None" })
        {
            File = model.File, Folder = model.Folder,
        };
        return (network, points);
    }

    /// <summary>What is in a model, and all that stands in the way of its import, at once.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">What the file leaves open; none if null.</param>
    /// <exception cref="ImportException">The file is no model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelSurvey Survey(string path, ImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireFile(path);
        var model = ModelReader.Read(File.ReadAllBytes(path));
        var counts = new Dictionary<string, int>();
        Count(model.Graph, counts);
        IReadOnlyList<Finding> findings = [];
        try
        {
            Import(path, options);
        }
        catch (ImportException refused)
        {
            findings = refused.Findings;
        }
        var constants = model.Graph.Initialisers.Select(initialiser => initialiser.Name).ToHashSet();
        return new(model.Producer, model.Opsets.GetValueOrDefault("", 0),
            [.. model.Graph.Inputs.Where(input => !constants.Contains(input.Name)).Select(Surveyed)],
            [.. model.Graph.Outputs.Select(Surveyed)], counts, findings);
    }

    private static void Count(ModelGraph graph, Dictionary<string, int> counts)
    {
        foreach (var node in graph.Nodes)
        {
            var name = node.Domain.Length == 0 ? node.Operator : $"{node.Domain}.{node.Operator}";
            counts[name] = counts.GetValueOrDefault(name) + 1;
            foreach (var inner in node.Attributes.Values.Select(attribute => attribute.Graph).OfType<ModelGraph>())
                Count(inner, counts);
        }
    }

    private static SurveyedValue Surveyed(ModelValue value) => new(value.Name, value.Type.ToString(), value.Axes?.Select(axis =>
        axis.Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (axis.Symbol.Length > 0 ? axis.Symbol : "?")).ToArray());

    private static void RequireName(string name, string option)
    {
        if (!Names.IsIdentifier(name))
            throw new ImportException($"'{Printable.Line(name)}' is no name of a C# class or namespace: {option}.");
    }
}
