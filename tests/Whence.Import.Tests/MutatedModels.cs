using System.Globalization;
using Whence.Import.Check;
using Whence.Import.Read;

namespace Whence.Import.Tests;

/// <summary>
/// Models that are right but for a few nodes, tensors or inputs: each is imported, and then compiles, or is refused; WHENCE_IMPORT_MUTANTS
/// says how many.
/// </summary>
public sealed class MutatedModels
{
    private static readonly Func<byte[]>[] seeds =
    [
        () => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "genomics_cnn.onnx")),
        () => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "tabular_mlp.onnx")),
        () => new ModelBuilder().Input("x", 1, 2, 8, 8).Tensor("c.weight", [4, 2, 3, 3]).Wholes("s", 0, -1).Tensor("k", [4, 1, 1])
            .Node("Conv", "x c.weight", "a", ("pads", new[] { 1, 1, 1, 1 })).Node("Relu", "a", "b").Node("Mul", "b k", "m")
            .Node("MaxPool", "m", "c", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))
            .Node("Transpose", "c", "t", ("perm", new[] { 0, 2, 3, 1 })).Node("ReduceMean", "t", "r", ("axes", new[] { 1 }))
            .Node("Reshape", "r s", "y").Output("y").Build(),
        () => new ModelBuilder().Tokens("ids", 1, 5).Tensor("t", [10, 4]).Tensor("q", [4, 4]).Tensor("k", [4, 4])
            .Node("Gather", "t ids", "e").Node("MatMul", "e q", "a").Node("MatMul", "e k", "b")
            .Node("Transpose", "b", "bt", ("perm", new[] { 0, 2, 1 }))
            .Node("MatMul", "a bt", "s").Node("Softmax", "s", "p", ("axis", -1)).Node("MatMul", "p e", "v")
            .Node("Concat", "v e", "j", ("axis", 2)).Node("Slice", "j from to", "y").Wholes("from", 0, 0, 1).Wholes("to", 1, 4, 6)
            .Output("y").Build(),
        () => new ModelBuilder().Input("x", 5, 1, 3).Input("h", 1, 1, 4).Tensor("w", [1, 16, 3]).Tensor("r", [1, 16, 4])
            .Tensor("g", [4]).Tensor("b", [4]).Node("LSTM", "lstm", ["x", "w", "r", "_", "_", "h"], ["y", "yh", "yc"], ("hidden_size", 4))
            .Node("LayerNormalization", "y g b", "n", ("axis", -1)).Node("Squeeze", "n", "z").Output("z").Output("yc").Build(),
    ];

    [Fact]
    public void AreImportedOrRefused() => Mutate(200, seed: 1, compiled: 10);

    [Fact]
    [Trait("Long", "import")]
    public void ManyAreImportedOrRefused()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("WHENCE_IMPORT_MUTANTS") ?? "500", CultureInfo.InvariantCulture);
        Mutate(count, seed: 2, compiled: 4 * count / 5);
    }

    private static void Mutate(int count, int seed, int compiled)
    {
        var random = new Random(seed);
        var bytes = seeds.Select(one => one()).ToArray();
        var imported = new Dictionary<string, ImportedModel>();
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var model = ModelReader.Read(bytes[i % bytes.Length]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                Change(model.Graph, random);
            try
            {
                var one = Importer.Import(model, $"m{i}", new());
                one.WriteWeights(Stream.Null);
                imported.TryAdd(one.Source.Replace(one.Name, "", StringComparison.Ordinal), one);
            }
            catch (ImportException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, count / 10, count);
        Assert.InRange(imported.Count, count / 25, count);
        var wrong = imported.Values.Take(compiled).Chunk(40).Select(Errors).Where(errors => errors.Length > 0).ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static string Errors(ImportedModel[] models)
    {
        try
        {
            CompiledModels.Compile(models).Dispose();
            return "";
        }
        catch (ImportException e)
        {
            return e.Message;
        }
    }

    private static void Change(ModelGraph graph, Random random)
    {
        T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        var node = Any(graph.Nodes);
        string[] names = [.. graph.Nodes.SelectMany(one => one.Outputs), .. graph.Inputs.Select(input => input.Name),
            .. graph.Initialisers.Select(tensor => tensor.Name)];
        switch (random.Next(9))
        {
            case 0 when node.Inputs.Count > 1:
                (node.Inputs[0], node.Inputs[1]) = (node.Inputs[1], node.Inputs[0]);
                break;
            case 1 when node.Inputs.Count > 0:
                node.Inputs[random.Next(node.Inputs.Count)] = Any(names);
                break;
            case 2 when node.Attributes.Count > 0:
                Change(Any([.. node.Attributes.Values]), random);
                break;
            case 3 when node.Attributes.Count > 0:
                node.Attributes.Remove(Any([.. node.Attributes.Keys]));
                break;
            case 4 when graph.Initialisers.Count > 0:
                Change(Any(graph.Initialisers), random);
                break;
            case 5:
                node.Operator = Any(["Add", "Mul", "MatMul", "Relu", "Softmax", "Gemm", "Concat", "Flatten", "Transpose", "ReduceSum",
                    "GRU", "RNN", "Pow", "Expand", "Where", "Clip", "AveragePool", "GlobalMaxPool", "Einsum", "Attention", "Split", "Pad"]);
                break;
            case 6:
                graph.Nodes.Remove(node);
                break;
            case 7 when node.Inputs.Count > 0:
                node.Inputs.RemoveAt(random.Next(node.Inputs.Count));
                break;
            default:
                var at = random.Next(graph.Inputs.Count);
                var (name, type, axes) = graph.Inputs[at];
                graph.Inputs[at] = new(name, random.Next(4) == 0 ? (ElementType)random.Next(17) : type,
                    [.. axes!.Select(axis => random.Next(3) == 0 ? ((long?)random.Next(-1, 9), "") : axis)]);
                break;
        }
        if (graph.Nodes.Count == 0)
            graph.Nodes.Add(node);
    }

    private static void Change(ModelAttribute attribute, Random random)
    {
        if (attribute.Wholes.Count > 0)
            attribute.Wholes[random.Next(attribute.Wholes.Count)] = random.Next(-3, 5);
        else if (attribute.Whole is not null)
            attribute.Whole = random.Next(10) == 0 ? long.MaxValue : random.Next(-3, 5);
        else if (attribute.Single is not null)
            attribute.Single = (float)(random.NextDouble() * 4 - 2);
        else
            attribute.Text = attribute.Text is null ? null : attribute.Text + "x";
    }

    private static void Change(ModelTensor tensor, Random random)
    {
        if (random.Next(3) == 0)
            tensor.Type = (ElementType)random.Next(17);
        else if (tensor.Axes.Count > 1 && random.Next(2) == 0)
            tensor.Axes.Reverse();
        else if (tensor.Axes.Count > 0)
            tensor.Axes[random.Next(tensor.Axes.Count)] = random.Next(-1, 9);
    }
}
