namespace Whence.Import.Tests;

/// <summary>Modules that a Sequential counts have names that C# takes.</summary>
public sealed class NumberedModules
{
    [Fact]
    public void AreLayersThatReadThem()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");
        try
        {
            Weights.Save(path, new Dictionary<string, Tensor>
            {
                ["0.weight"] = new(new Shape(8, 4), new double[32]), ["0.bias"] = new(new Shape(8), new double[8]),
                ["3.weight"] = new(new Shape(3, 8), new double[24]), ["head.1.weight"] = new(new Shape(3, 8), new double[24]),
            });
            Assert.Equal(
            [
                "[Linear(8, Name = \"0\")] private partial Tensor Layer0(Tensor x);",
                "[Linear(3, Bias = false, Name = \"3\")] private partial Tensor Layer3(Tensor x);",
                "[Linear(3, Bias = false, Name = \"head.1\")] private partial Tensor Head1(Tensor x);",
            ], StateDict.Read(path).Select(module => module.Declaration));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
