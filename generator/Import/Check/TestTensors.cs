using Whence.Import.Read;

namespace Whence.Import.Check;

/// <summary>Inputs and outputs of a model as ONNX's test data has them.</summary>
public sealed class TestTensors
{
    private TestTensors(IReadOnlyDictionary<string, Literal> inputs, IReadOnlyList<Literal> outputs) =>
        (Inputs, Outputs) = (inputs, outputs);

    /// <summary>Each input by its name, those that are set included.</summary>
    internal IReadOnlyDictionary<string, Literal> Inputs { get; }

    /// <summary>What the model's outputs should be, in its order.</summary>
    internal IReadOnlyList<Literal> Outputs { get; }

    /// <summary>Reads a folder with input_0.pb, ..., output_0.pb, ...</summary>
    /// <param name="model">The model, whose inputs and outputs are counted.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ImportException">A file is missing, damaged, or of other axes.</exception>
    public static TestTensors Read(ImportedModel model, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Model.Graph;
        var inputs = new Dictionary<string, Literal>(StringComparer.Ordinal);
        foreach (var taken in model.Graph.Taken)
        {
            var isNeeded = model.Inputs.Any(input => input.Name == taken.Name);
            if (taken.Constant is { } set)
                inputs[taken.Name] = set;
            else if (Tensor(folder, "input", graph.Inputs, taken.Name, taken.Axes, isNeeded) is { } given)
                inputs[taken.Name] = given;
        }
        return new(inputs, [.. model.Outputs.Select((output, i) =>
            Tensor(folder, "output", graph.Outputs, output.Name, model.Graph.Outputs[i].Axes, isNeeded: true)!)]);
    }

    private static Literal? Tensor(string folder, string side, List<ModelValue> values, string name, int[]? axes, bool isNeeded)
    {
        var place = values.FindIndex(value => value.Name == name);
        if (place < 0)
            throw new ImportException($"'{name}' is no {side} of the model, so that the data does not have it.");
        var file = Path.Combine(folder, $"{side}_{place}.pb");
        if (!File.Exists(file))
            return isNeeded ? throw new ImportException($"There is no file '{file}', which holds '{name}'.") : null;
        var tensor = new TensorReader(null).Read(ModelReader.ReadTensor(File.ReadAllBytes(file)));
        if (axes is not null && tensor.Count != Literal.CountOf(axes))
        {
            throw new ImportException($"'{file}' holds {tensor.Count} numbers of axes [{string.Join(", ", tensor.Axes)}], and '{name}' has "
                + $"[{string.Join(", ", axes)}]: give sizes that fit, --shape.");
        }
        return tensor;
    }
}
