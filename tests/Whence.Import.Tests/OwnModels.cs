using VerifyTests;
using VerifyXunit;
using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>The benchmarks' networks as PyTorch's exporter wrote them, and their weights as its state_dict names them.</summary>
public class OwnModels
{
    [Theory]
    [InlineData("mnist_cnn", 1)]
    [InlineData("genomics_cnn", 1)]
    [InlineData("tabular_mlp", 1)]
    public void HaveTheNamesAndWeightsOfTheirStateDict(string name, int batch)
    {
        var model = Model(name);
        Assert.Equal(batch, model.Batch);
        var file = new MemoryStream();
        model.WriteWeights(file);
        using var written = Weights.Read(file.ToArray());
        using var expected = Weights.Open(Beside(name + ".safetensors"));
        foreach (var module in StateDict.Read(Beside(name + ".safetensors")))
        {
            foreach (var (role, axes) in module.Tensors.Where(tensor => tensor.Value.Length > 0))
            {
                var tensor = $"{module.Name}.{role}";
                Assert.Equal(expected.Values(tensor, new(axes)), written.Values(tensor, new(axes)));
            }
        }
        written.RequireAllUsed();
    }

    [Theory]
    [InlineData("mnist_cnn")]
    [InlineData("genomics_cnn")]
    [InlineData("tabular_mlp")]
    public Task ReadAsAPersonWouldDeclareThem(string name)
    {
        var settings = new VerifySettings();
        settings.UseMethodName(Model(name).Name);
        return Verifier.Verify(Model(name).Source, "cs", settings);
    }

    [Fact]
    public void AreWhatTheirForwardSays()
    {
        ImportedModel[] models = [Model("mnist_cnn"), Model("genomics_cnn"), Model("tabular_mlp")];
        using var compiled = CompiledModels.Compile(models);
        foreach (var model in models)
        {
            var found = new Checker(model).OnRandomInputs(compiled);
            Assert.InRange(found.Relative, 0, 1e-5);
            Assert.InRange(found.Gap!.Value, 0, 1e-5);
        }
    }

    private static ImportedModel Model(string name) => Importer.Import(Beside(name + ".onnx"));

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, "models", file);
}
