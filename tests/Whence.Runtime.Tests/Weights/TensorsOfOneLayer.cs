using Whence.CompilerServices;

namespace Whence.Runtime.Tests.WeightFiles;

public class TensorsOfOneLayer
{
    private static Weights File => Weights.Read(new SafetensorsWriter()
        .Add("lower.weight_ih_l0", [2, 1], 3, 4)
        .Add("lower.bias_ih_l0", [2], 1, 2)
        .Add("lower.bias_hh_l0", [2], 10, 20)
        .ToBytes());

    [Fact]
    public void ABiasIsTheSumOfTheTensorsNamed()
    {
        using var weights = File;
        var tensors = LayerTensors.Read(weights, ["lower"], new Shape(2, 1), "weight_ih_l0", ["bias_ih_l0", "bias_hh_l0"]);
        Assert.Equal([3, 4], tensors.Weight.ToArray());
        Assert.Equal([11, 22], tensors.Bias);
    }

    [Fact]
    public void NoTensorNamedIsNoBias()
    {
        using var weights = File;
        Assert.Empty(LayerTensors.Read(weights, ["lower"], new Shape(2, 1), "weight_ih_l0", []).Bias);
    }

    [Fact]
    public void AMissingTensorIsCalledByItsOwnName()
    {
        using var weights = File;
        var thrown = Assert.Throws<WeightsException>(() => LayerTensors.Read(weights, ["lower"], new Shape(2, 1), "weight_ih_l1", []));
        Assert.Contains("lower.weight_ih_l1", thrown.Message);
    }
}
