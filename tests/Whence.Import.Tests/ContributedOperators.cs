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
        byte[] mask = [.. new[] { 1, 1, 1, 0 }.SelectMany(BitConverter.GetBytes)];
        Agrees(Base().Raw("m", 6, [1, 4], mask)
            .Node("com.microsoft.Attention", "attention", ["x", "w", "b", "m"], "y", ("num_heads", 4), ("scale", 0.7f)));
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
        var file = Base().Node("com.microsoft.Attention", "attention", ["x", "w", "b"], "y", ("num_heads", 2), ("unidirectional", 1))
            .Output("y").Build();
        var finding = Assert.Single(Assert.Throws<ImportException>(() => Importer.Import(file, "m")).Findings);
        Assert.Equal(("attention", "Attention"), (finding.Node, finding.Operator));
        Assert.Contains("unidirectional", finding.Why, StringComparison.Ordinal);
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
