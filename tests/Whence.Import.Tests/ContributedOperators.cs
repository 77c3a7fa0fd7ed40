using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Operators of com.microsoft, as ONNX Runtime's optimiser leaves them, against ONNX Runtime.</summary>
public sealed class ContributedOperators : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-contributed");

    public void Dispose() => folder.Delete(recursive: true);

    private static ModelBuilder Base() => new ModelBuilder().Input("x", 1, 4, 8).Tensor("w", [8, 24]).Tensor("b", [24]).Tensor("g", [8])
        .Tensor("s", [8]).Tensor("t", [8]);

    [Fact]
    public void AttentionAgrees()
    {
        Agrees(Base().Node("com.microsoft.Attention", "attention", ["x", "w", "b"], "y", ("num_heads", 2)));
        Agrees(Base().Node("com.microsoft.Attention", "attention", ["x", "w", "b"], "y", ("num_heads", 2), ("unidirectional", 1)));
        byte[] mask = [.. new[] { 1, 1, 1, 0 }.SelectMany(BitConverter.GetBytes)];
        Agrees(Base().Raw("m", 6, [1, 4], mask)
            .Node("com.microsoft.Attention", "attention", ["x", "w", "b", "m"], "y", ("num_heads", 4), ("scale", 0.7f)));
    }

    [Fact]
    public void TheOperatorAttentionAgrees()
    {
        ModelBuilder Of(params long[] axes) => new ModelBuilder { Opset = 23, Ir = 10 }.Input("q", axes).Input("k", axes).Input("v", axes);
        Agrees(Of(1, 2, 4, 3).Node("Attention", "attention", ["q", "k", "v"], "y"));
        Agrees(Of(1, 2, 4, 3).Node("Attention", "attention", ["q", "k", "v"], "y", ("is_causal", 1), ("scale", 0.7f)));
        Agrees(Of(1, 4, 6).Tensor("m", [4, 4])
            .Node("Attention", "attention", ["q", "k", "v", "m"], "y", ("q_num_heads", 2), ("kv_num_heads", 2)));
        byte[] seen = [1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1];
        Agrees(new ModelBuilder { Opset = 23, Ir = 10 }.Input("q", 1, 4, 4, 3).Input("k", 1, 2, 4, 3).Input("v", 1, 2, 4, 3)
            .Raw("m", 9, [4, 4], seen).Node("Attention", "attention", ["q", "k", "v", "m"], "y"));
        var file = Of(1, 2, 4, 3).Input("past", 1, 2, 4, 3).Node("Attention", "attention", ["q", "k", "v", "_", "past", "past"], "y")
            .Output("y").Build();
        Assert.Equal("it continues a past.", Assert.Single(Assert.Throws<ImportException>(() => Importer.Import(file, "m")).Findings).Why);
    }

    [Fact]
    public void SkipLayerNormalizationAgrees()
    {
        const string skip = "com.microsoft.SkipLayerNormalization";
        Agrees(Base().Node("Relu", "relu", ["x"], "r").Node(skip, "skip", ["x", "r", "g", "s", "t"], "y", ("epsilon", 1e-5f)));
        Agrees(Base().Node("Relu", "relu", ["x"], "r").Node(skip, "skip", ["x", "r", "g"], "y"));
        Agrees(Base().Node("Relu", "relu", ["x"], "r")
            .Node("com.microsoft.SkipSimplifiedLayerNormalization", "skip", ["x", "r", "g", "t"], "y", ("epsilon", 1e-6f)));
    }

    [Fact]
    public void WhatIsNotWrittenOutIsSaid()
    {
        var file = Base().Tensor("past", [2, 1, 2, 3, 4])
            .Node("com.microsoft.Attention", "attention", ["x", "w", "b", "_", "past"], "y", ("num_heads", 2)).Output("y").Build();
        var finding = Assert.Single(Assert.Throws<ImportException>(() => Importer.Import(file, "m")).Findings);
        Assert.Equal(("attention", "Attention"), (finding.Node, finding.Operator));
        Assert.Equal("it continues a past.", finding.Why);
        Assert.NotEmpty(finding.Remedy);
    }

    private void Agrees(ModelBuilder builder)
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, builder.Output("y").Build());
        var model = Importer.Import(path);
        using var compiled = CompiledModels.Compile([model]);
        var found = new Checker(model) { Runtime = OnnxRuntime.Open(AppContext.BaseDirectory) }.OnRandomInputs(compiled);
        Assert.InRange(found.Relative, 0, 1e-5);
    }
}
