using Whence.CompilerServices;

namespace Whence.Runtime.Tests.WeightFiles;

/// <summary>Weights that PyTorch has saved in parts: weight norm, spectral norm, pruning; and files of other libraries.</summary>
public class PartsOfWeights
{
    [Theory]
    [InlineData("fc.parametrizations.weight.original0", "fc.parametrizations.weight.original1")]
    [InlineData("fc.weight_g", "fc.weight_v")]
    public void WeightNormIsGTimesVOverItsNorm(string g, string v)
    {
        using var weights = Weights.Read(
            new SafetensorsWriter().Add(g, [2, 1], 10, 1).Add(v, [2, 2], 3, 4, 0, 2).Add("fc.bias", [2], 5, 6).ToBytes());
        Assert.Equal([6.0, 8, 0, 1], weights.Values("fc.weight", new Shape(2, 2)));
        Assert.Equal(["fc.bias"], weights.Unused());
        weights.Values(["other.bias", "fc.bias"], new Shape(2));
        weights.RequireAllUsed();
    }

    [Fact]
    public void TheNormIsOverAllAxesButTheOneOfG()
    {
        // [2, 2, 2], v along axis 1 has the norms of (1, 1, 1, 1) and (2, 4, 4, 8).
        var file = new SafetensorsWriter().Add("up.weight_g", [1, 2, 1], 4, 5).Add("up.weight_v", [2, 2, 2], 1, 1, 2, 4, 1, 1, 4, 8)
            .ToBytes();
        Assert.Equal([2.0, 2, 1, 2, 2, 2, 2, 4], Weights.Read(file).Values("up.weight", new Shape(2, 2, 2)));
        foreach (var axes in new long[][] { [], [1, 1] })
        {
            file = new SafetensorsWriter().Add("fc.weight_g", axes, 10).Add("fc.weight_v", [2, 2], 1, 1, 1, 1).ToBytes();
            Assert.Equal([5.0, 5, 5, 5], Weights.Read(file).Values("fc.weight", new Shape(2, 2)));
        }
    }

    [Fact]
    public void ARecurrentLayersTensorsAreFoundToo()
    {
        var file = new SafetensorsWriter()
            .Add("rnn.parametrizations.weight_hh_l0_reverse.original0", [2, 1], 1, 2)
            .Add("rnn.parametrizations.weight_hh_l0_reverse.original1", [2, 1], -7, 7)
            .Add("attn.out_proj.weight_g", [1, 1], 3).Add("attn.out_proj.weight_v", [1, 1], 9).ToBytes();
        using var weights = Weights.Read(file);
        Assert.Equal([-1.0, 2], LayerTensors.Read(weights, ["rnn"], "weight_hh_l0_reverse", new Shape(2, 1)));
        Assert.Equal([3.0], LayerTensors.Read(weights, ["attn"], "out_proj.weight", new Shape(1, 1)));
        weights.RequireAllUsed();
    }

    [Theory]
    [InlineData("fc.parametrizations.weight.original", "fc.parametrizations.weight.0._u", "fc.parametrizations.weight.0._v")]
    [InlineData("fc.weight_orig", "fc.weight_u", "fc.weight_v")]
    public void SpectralNormIsTheWeightOverItsLargestSingularValue(string weight, string u, string v)
    {
        using var weights = Weights.Read(
            new SafetensorsWriter().Add(weight, [2, 3], 4, 0, 0, 0, 2, 1).Add(u, [2], 1, 0).Add(v, [3], 1, 0, 0).ToBytes());
        Assert.Equal([1.0, 0, 0, 0, 0.5, 0.25], weights.Values("fc.weight", new Shape(2, 3)));
        weights.RequireAllUsed();
    }

    [Fact]
    public void TheAxisOfSpectralNormIsThatOfU()
    {
        // [3, 2] along axis 1: as the matrix [2, 3] it is (4 0 0; 0 2 1).
        var file = new SafetensorsWriter().Add("up.weight_orig", [3, 2], 4, 0, 0, 2, 0, 1).Add("up.weight_u", [2], 1, 0)
            .Add("up.weight_v", [3], 1, 0, 0).ToBytes();
        Assert.Equal([1.0, 0, 0, 0.5, 0, 0.25], Weights.Read(file).Values("up.weight", new Shape(3, 2)));
        // Square, along axis 1: the matrix (0 3; 0 0) turned is (0 0; 3 0), whose vectors are u = (0, 1) and v = (1, 0).
        file = new SafetensorsWriter().Add("up.weight_orig", [2, 2], 0, 3, 0, 0).Add("up.weight_u", [2], 0, 1).Add("up.weight_v", [2], 1, 0)
            .ToBytes();
        Assert.Equal([0.0, 1, 0, 0], Weights.Read(file).Values("up.weight", new Shape(2, 2)));
    }

    /// <summary>As PyTorch saves it before the first step of training: u and v are any vectors, and it divides by u W v, -1.8.</summary>
    [Fact]
    public void BeforeTrainingTheAxisOfSpectralNormIsTheFirst()
    {
        var file = new SafetensorsWriter().Add("fc.weight_orig", [2, 2], 1, 2, 3, 4).Add("fc.weight_u", [2], 0.6f, -0.8f)
            .Add("fc.weight_v", [2], 1, 0).ToBytes();
        var weight = Weights.Read(file).Values("fc.weight", new Shape(2, 2));
        Assert.Equal([1 / -1.8, 2 / -1.8, 3 / -1.8, 4 / -1.8], weight.Select(value => Math.Round(value, 6)),
            (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData("q_proj_weight k_proj_weight v_proj_weight", "in_proj_bias", "out_proj")]
    [InlineData("q_proj.weight k_proj.weight v_proj.weight", "q_proj.bias k_proj.bias v_proj.bias", "o_proj")]
    [InlineData("query.weight key.weight value.weight", "query.bias key.bias value.bias", "out_proj")]
    [InlineData("self.query.weight self.key.weight self.value.weight", "self.query.bias self.key.bias self.value.bias", "output.dense")]
    [InlineData("q_lin.weight k_lin.weight v_lin.weight", "q_lin.bias k_lin.bias v_lin.bias", "out_lin")]
    public void AttentionMayHaveItsWeightsApart(string weight, string bias, string behind)
    {
        var file = new SafetensorsWriter();
        foreach (var (name, i) in weight.Split(' ').Select((name, i) => (name, i)))
            file.Add($"layer.attn.{name}", [2, 2], 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3);
        var parts = bias.Split(' ');
        float[] biases = [0, 1, 2, 3, 4, 5];
        foreach (var (name, some) in parts.Zip(biases.Chunk(6 / parts.Length)))
            file.Add($"layer.attn.{name}", [some.Length], some);
        file.Add($"layer.attn.{behind}.weight", [2, 2], 1, 2, 3, 4).Add($"layer.attn.{behind}.bias", [2], 5, 6);
        using var weights = Weights.Read(file.ToBytes());
        double[] Read(string role, Shape shape) => LayerTensors.Read(weights, ["layer.attn"], role, shape);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (double)i), Read("in_proj_weight", new(6, 2)));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (double)i), Read("in_proj_bias", new(6)));
        Assert.Equal([1.0, 2, 3, 4], Read("out_proj.weight", new(2, 2)));
        Assert.Equal([5.0, 6], Read("out_proj.bias", new(2)));
        weights.RequireAllUsed();
    }

    [Theory]
    [InlineData("query.weight value.weight", 2, "but not 'attn.key.weight', without which there is no weight")]
    [InlineData("query.weight key.weight value.weight", 1, "'attn.query.weight' has the shape [1, 2], but is one of 3 of [2, 2]")]
    public void PartsOfAttentionThatAreNotAllOrOfOtherSizesAreRefused(string names, int rows, string says)
    {
        var file = new SafetensorsWriter();
        foreach (var name in names.Split(' '))
            file.Add($"attn.{name}", [rows, 2], [.. Enumerable.Repeat(1f, 2 * rows)]);
        using var weights = Weights.Read(file.ToBytes());
        var thrown = Assert.Throws<WeightsException>(() => weights.Values("attn.in_proj_weight", new Shape(6, 2)));
        Assert.Contains(says, thrown.Message);
    }

    [Fact]
    public void APrunedWeightIsMasked() => Assert.Equal(
        [1.0, 0], Weights.Read(new SafetensorsWriter().Add("fc.weight_orig", [2], 1, 2).Add("fc.weight_mask", [2], 1, 0).ToBytes())
            .Values("fc.weight", new Shape(2)));

    [Fact]
    public void AWeightThatIsThereWholeIsTaken() => Assert.Equal(
        [7.0],
        Weights.Read(new SafetensorsWriter().Add("fc.weight", [1], 7).Add("fc.weight_g", [1], 1).Add("fc.weight_v", [1], 2).ToBytes())
            .Values("fc.weight", new Shape(1)));

    [Theory]
    [InlineData("fc.parametrizations.weight.original", "", "remove_parametrizations")]
    [InlineData("fc.parametrizations.weight.original0 fc.parametrizations.weight.original1 fc.parametrizations.weight.1._u", "",
        "remove_parametrizations")]
    [InlineData("fc.weight_orig", "", "remove_parametrizations")]
    [InlineData("fc.weight_orig fc.weight_mask fc.weight_u fc.weight_v", "", "remove_parametrizations")]
    [InlineData("fc.weight_g fc.weight_v", "fc.weight_v", "'fc.weight_v' has the shape [3]")]
    [InlineData("fc.weight_g fc.weight_v", "fc.weight_g", "'fc.weight_g' has the shape [3], but gives one size")]
    [InlineData("fc.weight_orig fc.weight_mask", "fc.weight_mask", "the mask 'fc.weight_mask' has the shape [3]")]
    [InlineData("fc.weight_orig fc.weight_u fc.weight_v", "", "are no pair of singular vectors of [1, 1]")]
    public void PartsThatDoNotMakeTheWeightAreRefused(string names, string wrong, string says)
    {
        var file = new SafetensorsWriter();
        foreach (var name in names.Split(' '))
            _ = name == wrong ? file.Add(name, [3], 1, 2, 3) : file.Add(name, [1, 1], 1);
        using var weights = Weights.Read(file.ToBytes());
        var thrown = Assert.Throws<WeightsException>(() => weights.Values("fc.weight", new Shape(1, 1)));
        Assert.Contains(says, thrown.Message);
        Assert.Equal("fc.weight", thrown.Tensor);
    }

    [Theory]
    [InlineData("fc.weight_v", "'fc.weight_g'")]
    [InlineData("fc.weight_g", "'fc.weight_v'")]
    [InlineData("fc.parametrizations.weight.original1", "'fc.parametrizations.weight.original0'")]
    [InlineData("fc.parametrizations.weight.original0", "'fc.parametrizations.weight.original1'")]
    [InlineData("fc.weight_orig fc.weight_u", "'fc.weight_v'")]
    [InlineData("fc.weight_u fc.weight_v", "'fc.weight_orig'")]
    [InlineData("fc.weight_mask", "'fc.weight_orig'")]
    [InlineData("fc.parametrizations.weight.original fc.parametrizations.weight.0._u", "'fc.parametrizations.weight.0._v'")]
    [InlineData("fc.parametrizations.weight.0._v", "'fc.parametrizations.weight.original' and 'fc.parametrizations.weight.0._u'")]
    public void APartWithoutTheOthersSaysWhichIsMissing(string names, string lacking)
    {
        var file = new SafetensorsWriter();
        foreach (var name in names.Split(' '))
            file.Add(name, [1, 1], 1);
        using var weights = Weights.Read(file.ToBytes());
        var message = Assert.Throws<WeightsException>(() => weights.Values("fc.weight", new Shape(1, 1))).Message;
        Assert.All(names.Split(' '), name => Assert.Contains($"'{name}' F32 [1, 1]", message));
        Assert.Contains($"but not {lacking}, without which there is no weight", message);
    }

    [Fact]
    public void AZeroDirectionIsNoWeight()
    {
        using var weights = Weights.Read(
            new SafetensorsWriter().Add("fc.weight_g", [2, 1], 1, 1).Add("fc.weight_v", [2, 2], 1, 1, 0, 0).ToBytes());
        Assert.Contains("its direction v is zero at index 1 of axis 0",
            Assert.Throws<WeightsException>(() => weights.Values("fc.weight", new Shape(2, 2))).Message);
    }

    [Fact]
    public void ANormOfZeroIsNoWeight()
    {
        using var weights = Weights.Read(
            new SafetensorsWriter().Add("fc.weight_orig", [1, 1], 0).Add("fc.weight_u", [1], 1).Add("fc.weight_v", [1], 1).ToBytes());
        Assert.Contains("u W v, comes out as 0",
            Assert.Throws<WeightsException>(() => weights.Values("fc.weight", new Shape(1, 1))).Message);
    }

    [Fact]
    public void PartsOfATypeThatCannotBeReadAreRefused()
    {
        using var weights = Weights.Read(
            new SafetensorsWriter().Add("fc.weight_g", "I32", [1, 1], new byte[4]).Add("fc.weight_v", [1, 1], 1).ToBytes());
        Assert.Contains("'fc.weight_g' is of type 'I32'",
            Assert.Throws<WeightsException>(() => weights.Values("fc.weight", new Shape(1, 1))).Message);
    }

    [Theory]
    [InlineData("fc_1.parametrizations.weight.original0", "fc_1.parametrizations.weight.original1")]
    [InlineData("fc_1.weight_g", "fc_1.weight_v")]
    public void TheNearestNameIsTheWeightsOwn(string g, string v)
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add(g, [2, 1], 1, 1).Add(v, [2, 2], 1, 1, 1, 1).ToBytes());
        Assert.Equal(["fc_1.weight"], Assert.Throws<WeightsException>(() => weights.Values("fc1.weight", new Shape(2, 2))).Nearest.Take(1));
    }

    [Theory]
    [InlineData("dense_1/kernel:0", "Keras")]
    [InlineData("sequential/dense_1/kernel", "Keras")]
    [InlineData("layers/dense/vars/0", "Keras")]
    [InlineData("params.Dense_0.kernel", "Keras")]
    [InlineData("dense/bias:0", "Keras")]
    [InlineData("bn/moving_variance:0", "Keras")]
    [InlineData("onnx::MatMul_12", "ONNX")]
    [InlineData("coefs_.0", "scikit-learn")]
    public void AFileOfAnotherLibraryIsRecognised(string name, string library)
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add(name, [3], 1, 2, 3).ToBytes());
        var message = Assert.Throws<WeightsException>(() => weights.Values("fc1.weight", new Shape(2, 2))).Message;
        Assert.Contains($"The names are those of {(library == "ONNX" ? "an ONNX export" : library)} ('{name}')", message);
        Assert.Contains("[inputs, outputs]", message);
    }

    [Theory]
    [InlineData("fc1.weight")]
    [InlineData("kernel_size.weight")]
    [InlineData("a/b")]
    public void PyTorchsNamesAreNotTakenForAnothers(string name)
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add(name, [3], 1, 2, 3).ToBytes());
        Assert.EndsWith("Set Name on the layer if the file calls it otherwise.",
            Assert.Throws<WeightsException>(() => weights.Values("other.weight", new Shape(2, 2))).Message);
    }
}
