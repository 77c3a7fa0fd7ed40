using System.Text.Json;
using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Layers that a file calls alike have tensors of their own.</summary>
public class LayerNames
{
    [Fact]
    public void TwoLayersOfOneModuleAreTold()
    {
        var model = Import(new ModelBuilder().Input("x", 1, 3).Tensor("onnx::MatMul_1", [3, 3])
            .Tensor("onnx::MatMul_2", [3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9)
            .Node("MatMul", "/fc/MatMul", ["x", "onnx::MatMul_1"], "a").Node("Tanh", "a", "b")
            .Node("MatMul", "/fc/MatMul_1", ["b", "onnx::MatMul_2"], "y").Output("y"));
        Assert.Equal(["fc.1.weight", "fc.weight"], Agrees(model));
    }

    [Fact]
    public void ANumberedLayerIsNotOneThatIsCalledSo()
    {
        var model = Import(new ModelBuilder().Input("x", 1, 3).Tensor("w", [3, 3]).Tensor("fc1.weight", [3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9)
            .Node("MatMul", "x w", "a").Node("Tanh", "a", "b").Node("MatMul", "b fc1.weight", "y").Output("y"));
        Assert.Equal(["fc1.1.weight", "fc1.weight"], Agrees(model));
    }

    [Fact]
    public void RecurrencesInAStackAreTold()
    {
        var model = Import(new ModelBuilder().Input("x", 5, 1, 3)
            .Tensor("onnx::GRU_1", [1, 12, 3]).Tensor("onnx::GRU_2", [1, 12, 4]).Tensor("onnx::GRU_3", [1, 12, 4])
            .Tensor("onnx::GRU_4", [1, 12, 4], [.. Enumerable.Range(0, 48).Select(i => i / 50f)]).Wholes("one", 1)
            .Node("GRU", "/gru/GRU", ["x", "onnx::GRU_1", "onnx::GRU_2"], "a", ("hidden_size", 4), ("linear_before_reset", 1))
            .Node("Squeeze", "a one", "b")
            .Node("GRU", "/gru/GRU_1", ["b", "onnx::GRU_3", "onnx::GRU_4"], "y", ("hidden_size", 4), ("linear_before_reset", 1))
            .Output("y"));
        Assert.Equal(["gru.1.weight_hh_l0", "gru.1.weight_ih_l0", "gru.weight_hh_l0", "gru.weight_ih_l0"], Agrees(model));
    }

    private static ImportedModel Import(ModelBuilder model) => Importer.Import(model.Build(), "stack.onnx");

    private static IEnumerable<string> Agrees(ImportedModel model)
    {
        using var compiled = CompiledModels.Compile([model]);
        Assert.InRange(new Checker(model).OnRandomInputs(compiled).Relative, 0, 1e-5);
        var file = new MemoryStream();
        model.WriteWeights(file);
        var header = JsonDocument.Parse(file.ToArray().AsMemory(8, (int)BitConverter.ToInt64(file.ToArray())));
        return header.RootElement.EnumerateObject().Select(tensor => tensor.Name);
    }
}
