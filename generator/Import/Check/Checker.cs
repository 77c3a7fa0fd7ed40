using Whence.Import.Read;

namespace Whence.Import.Check;

/// <summary>Runs a compiled import and says how far it is from what it should give, and at which node it first differs.</summary>
/// <param name="model">The model, with its own weights.</param>
public sealed class Checker(ImportedModel model)
{
    private const int Examples = 5;

    /// <summary>Above this part of a value's largest element a difference is more than rounding.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The model with the weights that are checked; null if these are its own.</summary>
    public ImportedModel? Checked { get; init; }

    /// <summary>What says what the nodes' values should be; null if that is Forward, in double precision.</summary>
    public OnnxRuntime? Runtime { get; init; }

    private ImportedModel Network => Checked ?? model;

    /// <summary>Compares the compiled network on random inputs: with ONNX Runtime if there is one, else with Forward of the model's own
    /// weights, which runs in double precision.</summary>
    /// <param name="compiled">The model's class.</param>
    /// <exception cref="ImportException">ONNX Runtime does not run the model.</exception>
    public Comparison OnRandomInputs(CompiledModels compiled)
    {
        ArgumentNullException.ThrowIfNull(compiled);
        var network = compiled.Load(Network);
        var expected = Expected(compiled);
        return Drawn(network).Select(inputs => Comparing.Each(Network, network, inputs, expected(inputs)))
            .SelectMany(outputs => outputs).Aggregate((all, one) => all.With(one));
    }

    /// <summary>Compares the compiled network with inputs and outputs as ONNX's test data has them.</summary>
    /// <param name="compiled">The model's class.</param>
    /// <param name="data">The data.</param>
    public Comparison OnData(CompiledModels compiled, TestTensors data)
    {
        ArgumentNullException.ThrowIfNull(compiled);
        ArgumentNullException.ThrowIfNull(data);
        return Comparing.Compare(Network, compiled.Load(Network), data.Inputs, data.Outputs);
    }

    /// <summary>
    /// The first node, in the file's order, whose value the compiled network has not as it should: each value that a node computes is made
    /// an output and compared. Values that a declaration does not have by themselves, such as those within a LayerNorm, are passed over.
    /// </summary>
    /// <param name="data">The inputs; random ones if null.</param>
    /// <returns>Null if no node's value differs by more than <see cref="Tolerance"/>.</returns>
    /// <exception cref="ImportException">ONNX Runtime does not run the model.</exception>
    public DifferingNode? FirstThatDiffers(TestTensors? data = null)
    {
        var (everywhere, points) = Importer.AtEveryNode(model);
        using var compiled = CompiledModels.Compile([everywhere]);
        var all = new Checker(everywhere) { Checked = everywhere.WithThoseOf(Network), Runtime = Runtime };
        var network = compiled.Load(all.Network);
        var expected = all.Expected(compiled);
        DifferingNode? first = null;
        var place = points.Count;
        foreach (var inputs in data is null ? Drawn(network) : [data.Inputs])
        {
            var found = Comparing.Each(all.Network, network, inputs, expected(inputs));
            var at = Array.FindIndex(found, one => one.Relative > Tolerance);
            if (at >= 0 && at < place)
                (place, first) = (at, new(points[at].Node, points[at].Operator, found[at]));
        }
        return first;
    }

    /// <summary>What gives the outputs that are expected, for inputs.</summary>
    private Func<IReadOnlyDictionary<string, Literal>, IReadOnlyList<Literal>> Expected(CompiledModels compiled)
    {
        if (Runtime is not null)
            return inputs => Runtime.Run(model, inputs);
        var network = compiled.Load(model);
        return inputs => Forward(network, inputs);
    }

    private Literal[] Forward(INetwork network, IReadOnlyDictionary<string, Literal> inputs)
    {
        var examples = Enumerable.Range(0, model.Batch).Select(example => Comparing.EagerEach(model, network, inputs, example)).ToArray();
        return [.. model.Outputs.Select((output, i) => Joined(output, model.OutputBatches[i], [.. examples.Select(one => one[i])]))];
    }

    /// <summary>The examples' values along the batch's axis.</summary>
    private static Literal Joined(ImportedValue output, int batch, double[][] examples)
    {
        if (examples.Length == 1)
            return new(ElementType.Double, [.. output.Axes], examples[0]);
        int[] axes = [.. output.Axes.Take(Math.Max(batch, 0)), examples.Length, .. output.Axes.Skip(Math.Max(batch, 0))];
        var inner = Literal.CountOf(axes[(Math.Max(batch, 0) + 1)..]);
        return new(ElementType.Double, axes, () => Literal.From(ElementType.Double, Literal.CountOf(axes),
            i => examples[i / inner % examples.Length][i / (inner * examples.Length) * inner + i % inner]));
    }

    /// <summary>Random inputs as the model takes them, the batch's axis included.</summary>
    private IEnumerable<IReadOnlyDictionary<string, Literal>> Drawn(INetwork network)
    {
        var random = new Random(7);
        for (var i = 0; i < Examples; i++)
        {
            yield return model.Graph.Taken.ToDictionary(input => input.Name,
                input => input.Constant ?? Drawn(input.Name, input.Type, input.Axes!, network, random), StringComparer.Ordinal);
        }
    }

    private Literal Drawn(string name, ElementType type, int[] axes, INetwork network, Random random)
    {
        var count = Literal.CountOf(axes);
        var kind = model.Inputs.FirstOrDefault(input => input.Name == name)?.Kind ?? "Mask";
        if (kind == "Tokens")
        {
            var place = model.Inputs.Where(other => other.Kind == "Tokens").Select(other => other.Name).ToList().IndexOf(name);
            var vocabulary = ((ITokenNetwork)network).TokenInputs[place].Vocabulary;
            return new(type, axes, Enumerable.Range(0, count).Select(_ => (long)random.Next(vocabulary)).ToArray());
        }
        // In single precision, which the compiled network takes.
        double Next() => kind == "Mask" ? 1 : (float)(random.NextDouble() * 2 - 1);
        return new(type, axes, Literal.From(type, count, _ => Next()));
    }
}
