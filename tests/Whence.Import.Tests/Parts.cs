using System.Text.Json;
using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Parts that a file names are fields whose weights keep these names; parts of variable length are said as such.</summary>
public class Parts
{
    [Fact]
    public void APartKeepsItsNameInTheWeights()
    {
        var model = Import(Encoder(new ModelBuilder().Input("x", 1, 4), "x").Output("y"));
        Assert.Contains("[Name(\"encoder.layer.0\")] private readonly EncoderLayer layer0 = new();", model.Source,
            StringComparison.Ordinal);
        Assert.Contains("[Name(\"encoder.layer.1\")] private readonly EncoderLayer layer1 = new();", model.Source,
            StringComparison.Ordinal);
        Assert.Contains("[Linear(4, Name = \"output.dense\")] private partial Tensor OutputDense(Tensor x);", model.Source,
            StringComparison.Ordinal);
        Assert.Equal(
            [
                "encoder.layer.0.intermediate.bias", "encoder.layer.0.intermediate.weight", "encoder.layer.0.output.dense.bias",
                "encoder.layer.0.output.dense.weight", "encoder.layer.1.intermediate.bias", "encoder.layer.1.intermediate.weight",
                "encoder.layer.1.output.dense.bias", "encoder.layer.1.output.dense.weight",
            ], Agrees(model));
    }

    [Fact]
    public void PartsThatShareAMaskAreOneClass()
    {
        var model = Import(Encoder(
            new ModelBuilder().Input("x", 1, 4).Tensor("one", [1], 1).Node("Sub", "one x", "inverse"), "x", "inverse").Output("y"));
        Assert.Contains("layer1.Forward(", model.Source, StringComparison.Ordinal);
        Assert.Equal(8, Agrees(model).Length);
    }

    [Fact]
    public void ALayerThatIsCalledAsOneOfAPartHasATensorOfItsOwn()
    {
        var model = Import(Encoder(new ModelBuilder().Input("x", 1, 4), "x", last: "h")
            .Tensor("w", [4, 4]).Tensor("encoder.layer.0.output.dense.bias", [4])
            .Node("Gemm", "/encoder/layer.0/output/dense/Gemm", ["h", "w"], "y").Output("y"));
        Assert.Equal(9, Agrees(model).Distinct().Count());
    }

    [Theory]
    [InlineData("encoder\n.layer.0.fc.bias")]
    [InlineData("a\0.b.bias")]
    public void ANameWithALineBreakNamesNothing(string name)
    {
        var model = Import(new ModelBuilder().Input("x", 1, 4).Tensor("w", [4, 4]).Tensor(name, [4])
            .Node("MatMul", "mul", ["x", "w"], "h").Node("Add", "add", ["h", name], "y").Output("y"));
        Assert.Contains("[Linear(4)] private partial Tensor Fc1(Tensor x);", model.Source, StringComparison.Ordinal);
        Agrees(model);
    }

    [Theory]
    [InlineData("Add", 0, true)]
    [InlineData("Sub", 0, true)]
    [InlineData("Mul", 1, true)]
    [InlineData("Div", 1, true)]
    [InlineData("Add", 1, false)]
    [InlineData("Mul", 0.5f, false)]
    public void WhatChangesNothingIsLeftOut(string type, float number, bool isLeftOut)
    {
        var model = Import(new ModelBuilder().Input("x", 1, 2, 3).Tensor("c", [2, 1], number, number).Node("Tanh", "x", "h")
            .Node(type, "h c", "k").Node("Exp", "k", "y").Output("y"));
        Assert.Equal(isLeftOut, model.Source.Contains("Exp(Tanh(x))", StringComparison.Ordinal));
        Agrees(model);
    }

    [Fact]
    public void AConstantThatRepeatsItselfIsSaidOnce()
    {
        var row = Enumerable.Range(1, 12).Select(i => i / 10f).ToArray();
        var model = Import(new ModelBuilder().Input("x", 1, 5, 12)
            .Tensor("table", [5, 12], [.. Enumerable.Repeat(row, 5).SelectMany(one => one)])
            .Node("Add", "x table", "h").Node("Tanh", "h", "y").Output("y"));
        Assert.Contains("[Parameter(1, 12)]", model.Source, StringComparison.Ordinal);
        Agrees(model);
    }

    private static ModelBuilder Text() => new ModelBuilder().Tokens("ids", 1, 6).Tokens("attention_mask", 1, 6)
        .Tensor("words.weight", [20, 4]).Tensor("positions.weight", [6, 4])
        .Node("Gather", "words.weight ids", "embedded").Node("Add", "embedded positions.weight", "x")
        .Node("Cast", "attention_mask", "there", ("to", 1));

    [Fact]
    public void AnInputOfVariableLengthIsDeclaredSo()
    {
        var model = Importer.Import(Text().Node("Tanh", "x", "h")
            .Node("ReduceMean", "h", "y", ("axes", new[] { 1 }), ("keepdims", 0)).Output("y").Build(), "text.onnx",
            new() { Variable = ["ids"] });
        Assert.Equal(
            "public Tensor Forward([Tokens(6, Variable = true)] Tensor ids) =>\n"
                + "        Mean(Tanh(Words(ids) + Slice(Positions(), 0, 0, length: ids.Shape[0])), 0);",
            model.Source[model.Source.IndexOf("public Tensor Forward", StringComparison.Ordinal)..].Split("\n}")[0].TrimEnd());
        Assert.Contains("'attention_mask' is left out", Assert.Single(model.Notes), StringComparison.Ordinal);
        Assert.True(model.Inputs[0].IsVariable);
        using var compiled = CompiledModels.Compile([model]);
        var network = compiled.Load(model);
        Assert.InRange(new Checker(model).OnRandomInputs(compiled).Relative, 0, 1e-5);

        // At a shorter length it is the model of that length.
        var text = (ITokenNetwork)network;
        int[] ids = [3, 17, 5];
        var row = text.Embed(ids);
        var mean = network.Predict(row);
        using var weights = Written(model);
        var (words, positions) = (weights.Values("words.weight", new(20, 4)), weights.Values("positions", new(6, 4)));
        for (var i = 0; i < 4; i++)
            Assert.Equal(ids.Select((id, at) => Math.Tanh(words[4 * id + i] + positions[4 * at + i])).Average(), mean[i], 1e-6);
    }

    [Fact]
    public void ASequenceMayBeOfVariableLength()
    {
        var model = Importer.Import(new ModelBuilder().Input("x", 1, 5, 3).Tensor("table", [5, 3]).Node("Add", "x table", "h")
            .Node("Tanh", "h", "k").Node("ReduceMean", "k", "y", ("axes", new[] { 1 }), ("keepdims", 0)).Output("y").Build(),
            "sequence.onnx", new() { Variable = ["x"] });
        Assert.Contains("[Shape(5, 3, Variable = true)] Tensor x", model.Source, StringComparison.Ordinal);
        Assert.Contains("length: x.Shape[0]", model.Source, StringComparison.Ordinal);
        Agrees(model);
    }

    [Theory]
    [InlineData("idz", "The model has no input 'idz'")]
    [InlineData("attention_mask", "it is held fixed, so that no length follows from it")]
    public void OnlyTokensAndSequencesAreOfVariableLength(string input, string says)
    {
        var refused = Assert.Throws<ImportException>(() => Importer.Import(
            Text().Node("ReduceMean", "x", "a", ("axes", new[] { 1, 2 })).Node("ReduceMean", "there", "b", ("axes", new[] { 1 }))
                .Node("Add", "a b", "y").Output("y").Build(), "text.onnx", new() { Variable = [input] }));
        Assert.Contains(refused.Findings, finding => finding.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void APartDeclaresNoInputs()
    {
        var model = Importer.Import(Encoder(new ModelBuilder().Input("x", 1, 4), "x").Output("y").Build(), "part.onnx",
            new() { IsPart = true });
        Assert.Contains("[Network]\npublic sealed partial class Part\n", model.Source, StringComparison.Ordinal);
        Assert.Contains("public Tensor Forward(Tensor x)", model.Source, StringComparison.Ordinal);
    }

    /// <summary>Two layers with a residual, as torch's exporter calls them.</summary>
    private static ModelBuilder Encoder(ModelBuilder model, string input, string? beside = null, string last = "y")
    {
        for (var layer = 0; layer < 2; layer++)
        {
            var (name, next) = ($"encoder.layer.{layer}", layer == 0 ? "first" : last);
            model = model.Tensor($"{name}.intermediate.weight", [8, 4]).Tensor($"{name}.intermediate.bias", [8])
                .Tensor($"{name}.output.dense.weight", [4, 8], [.. Enumerable.Range(layer, 32).Select(i => i / 40f)])
                .Tensor($"{name}.output.dense.bias", [4])
                .Node("Gemm", $"{input} {name}.intermediate.weight {name}.intermediate.bias", $"a{layer}", ("transB", 1))
                .Node("Tanh", $"a{layer}", $"b{layer}")
                .Node("Gemm", $"b{layer} {name}.output.dense.weight {name}.output.dense.bias", $"c{layer}", ("transB", 1))
                .Node("Add", $"c{layer} {beside ?? input}", next);
            input = next;
        }
        return model;
    }

    private static ImportedModel Import(ModelBuilder model) => Importer.Import(model.Build(), "parts.onnx");

    private static Weights Written(ImportedModel model)
    {
        var file = new MemoryStream();
        model.WriteWeights(file);
        return Weights.Read(file.ToArray());
    }

    private static string[] Agrees(ImportedModel model)
    {
        using var compiled = CompiledModels.Compile([model]);
        Assert.InRange(new Checker(model).OnRandomInputs(compiled).Relative, 0, 1e-5);
        var file = new MemoryStream();
        model.WriteWeights(file);
        var header = JsonDocument.Parse(file.ToArray().AsMemory(8, (int)BitConverter.ToInt64(file.ToArray())));
        return [.. header.RootElement.EnumerateObject().Select(tensor => tensor.Name)];
    }
}
