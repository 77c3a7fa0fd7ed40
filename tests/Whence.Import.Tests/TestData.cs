using Whence.Import.Read;

namespace Whence.Import.Tests;

/// <summary>The models of ONNX's own test data, as Debian's libonnx-testdata has them.</summary>
internal static class TestData
{
    public const string Root = "/usr/share/libonnx-testdata/data";

    public static bool IsThere => Directory.Exists(Root);

    /// <summary>Folders of models, each with test_data_set_0.</summary>
    public static IEnumerable<string> Folders(string group) =>
        Directory.GetDirectories(Path.Combine(Root, group))
            .Where(folder => File.Exists(Path.Combine(folder, "model.onnx")))
            .Order(StringComparer.Ordinal);

    public static string NameOf(string folder) => Path.GetFileName(folder);

    /// <summary>The names of a model's inputs, in order, initialisers left out.</summary>
    public static IReadOnlyList<string> InputsOf(string folder)
    {
        var graph = ModelReader.Read(File.ReadAllBytes(Path.Combine(folder, "model.onnx"))).Graph;
        return [.. graph.Inputs.Select(input => input.Name).Except(graph.Initialisers.Select(initialiser => initialiser.Name))];
    }

    /// <summary>A file beside the tests' source.</summary>
    public static string Beside(string file, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, file);

    /// <summary>The tensors of a test's inputs or outputs, by their names in the model.</summary>
    public static Dictionary<string, Literal> Tensors(string folder, string side)
    {
        var model = ModelReader.Read(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        var values = side == "input" ? model.Graph.Inputs : model.Graph.Outputs;
        var tensors = new Dictionary<string, Literal>();
        for (var i = 0; i < values.Count; i++)
        {
            var path = Path.Combine(folder, "test_data_set_0", $"{side}_{i}.pb");
            // What is no tensor lies in the data too.
            if (values[i].Type is not (ElementType.Undefined or ElementType.Text) && File.Exists(path))
                tensors[values[i].Name] = new TensorReader(null).Read(ModelReader.ReadTensor(File.ReadAllBytes(path)));
        }
        return tensors;
    }
}
