using Whence.Import.Read;

namespace Whence.Import.Check;

/// <summary>Runs a compiled import and says how far it is from what it should give.</summary>
public static class Checker
{
    private const int Examples = 5;

    /// <summary>Compares the compiled network with its own Forward, which runs in double precision, on random inputs.</summary>
    public static Comparison AgainstForward(ImportedModel model, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(network);
        var all = new Comparison(0, 0, null);
        var random = new Random(7);
        for (var i = 0; i < Examples; i++)
        {
            var inputs = model.Inputs.ToDictionary(input => input.Name, input => Drawn(input, network, model, random));
            var one = model.Batch == 1 ? model : model.OfOne();
            var expected = Comparing.Eager(one, network, inputs, 0);
            var found = Comparing.Compiled(network, Comparing.Row(one, network, inputs, 0));
            var pairs = expected.Zip(found).Where(pair => !pair.First.Equals(pair.Second)).ToArray();
            all = all with
            {
                Difference = pairs.Select(pair => Math.Abs(pair.First - pair.Second)).Append(all.Difference).Max(),
                Scale = expected.Where(double.IsFinite).Select(Math.Abs).Append(all.Scale).Max(),
                Gap = Comparing.GapOf(network, Comparing.Row(one, network, inputs, 0), model.Outputs[0]) is { } gap
                    ? Math.Max(gap, all.Gap ?? 0)
                    : all.Gap,
            };
        }
        return all;
    }

    /// <summary>Compares the compiled network with inputs and outputs as ONNX's test data has them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">It, loaded.</param>
    /// <param name="path">The ONNX file, whose inputs and outputs are counted.</param>
    /// <param name="data">A folder with input_0.pb, ..., output_0.pb, ...</param>
    /// <exception cref="ImportException">A file of the data is missing, or damaged.</exception>
    public static Comparison AgainstData(ImportedModel model, INetwork network, string path, string data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(network);
        var graph = ModelReader.Read(File.ReadAllBytes(path)).Graph;
        return Comparing.Compare(model, network, Tensors(data, "input", graph.Inputs, [.. model.Inputs.Select(input => input.Name)]),
            Tensors(data, "output", graph.Outputs, [.. model.Outputs.Select(output => output.Name)]));
    }

    private static Dictionary<string, Literal> Tensors(string data, string side, List<ModelValue> values, HashSet<string> needed)
    {
        var tensors = new Dictionary<string, Literal>();
        for (var i = 0; i < values.Count; i++)
        {
            if (!needed.Contains(values[i].Name))
                continue;
            var file = Path.Combine(data, $"{side}_{i}.pb");
            if (!File.Exists(file))
                throw new ImportException($"There is no file '{file}', which holds '{values[i].Name}'.");
            tensors[values[i].Name] = new TensorReader(null).Read(ModelReader.ReadTensor(File.ReadAllBytes(file)));
        }
        return needed.FirstOrDefault(name => !tensors.ContainsKey(name)) is { } missing
            ? throw new ImportException($"'{missing}' is no {side} of the model, so that the data does not have it.") : tensors;
    }

    private static Literal Drawn(ImportedValue input, INetwork network, ImportedModel model, Random random)
    {
        int[] axes = [.. input.Axes];
        var count = Literal.CountOf(axes);
        if (input.Kind != "Tokens")
        {
            var numbers = Enumerable.Range(0, count).Select(_ => (float)(input.Kind == "Mask" ? 1 : random.NextDouble() * 2 - 1)).ToArray();
            return new(ElementType.Float, axes, numbers);
        }
        var place = model.Inputs.Where(other => other.Kind == "Tokens").ToList().IndexOf(input);
        var vocabulary = ((ITokenNetwork)network).TokenInputs[place].Vocabulary;
        return new(ElementType.Int64, axes, Enumerable.Range(0, count).Select(_ => (long)random.Next(vocabulary)).ToArray());
    }
}
