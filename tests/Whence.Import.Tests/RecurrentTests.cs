using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Recurrent layers against ONNX Runtime.</summary>
public sealed class RecurrentTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-recurrent");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("forward", 0)]
    [InlineData("forward", 1)]
    [InlineData("reverse", 0)]
    [InlineData("bidirectional", 0)]
    [InlineData("bidirectional", 1)]
    public void AGruResetsBeforeOrBehindItsProduct(string direction, int behind)
    {
        var directions = direction == "bidirectional" ? 2 : 1;
        var file = new ModelBuilder().Input("x", 5, 1, 3).Tensor("w", [directions, 12, 3]).Tensor("r", [directions, 12, 4])
            .Tensor("b", [directions, 24])
            .Node("GRU", "gru", ["x", "w", "r", "b"], "y", ("hidden_size", 4), ("direction", direction), ("linear_before_reset", behind))
            .Output("y").Build();
        var path = Path.Combine(folder.FullName, "gru.onnx");
        File.WriteAllBytes(path, file);
        var model = Importer.Import(path);
        Assert.Equal(behind == 0, model.Source.Contains("ResetAfter = false", StringComparison.Ordinal));
        using var compiled = CompiledModels.Compile([model]);
        var found = new Checker(model) { Runtime = OnnxRuntime.Open(AppContext.BaseDirectory) }.OnRandomInputs(compiled);
        Assert.InRange(found.Relative, 0, 1e-6);
        Assert.InRange(found.Gap!.Value, 0, 1e-5);
    }
}
