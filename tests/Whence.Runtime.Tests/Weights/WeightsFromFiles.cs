using System.Runtime.CompilerServices;
using System.Text;

namespace Whence.Runtime.Tests.WeightFiles;

public class WeightsFromFiles
{
    [Fact]
    public void EveryElementTypeBecomesItsExactDouble()
    {
        var file = new SafetensorsWriter()
            .Add("f64", "F64", [3], Bytes(BitConverter.GetBytes, 0.1, -2.5, double.Epsilon))
            .Add("f32", "F32", [3], Bytes(BitConverter.GetBytes, 0.1f, float.Epsilon, float.MaxValue))
            .Add("f16", "F16", [4], Bytes(BitConverter.GetBytes, (Half)1.5f, Half.Epsilon, Half.MaxValue, (Half)(-6e-5f)))
            .Add("bf16", "BF16", [4], Bytes<ushort>(BitConverter.GetBytes, 0x3F80, 0x0001, 0x7F7F, 0xC020))
            .ToBytes();
        using var weights = Weights.Read(file);
        Assert.Equal([0.1, -2.5, double.Epsilon], weights.Values("f64", new Shape(3)));
        Assert.Equal([(double)0.1f, Math.Pow(2, -149), (double)float.MaxValue], weights.Values("f32", new Shape(3)));
        Assert.Equal([1.5, Math.Pow(2, -24), 65504, (double)(Half)(-6e-5f)], weights.Values("f16", new Shape(4)));
        Assert.Equal([1, Math.Pow(2, -133), (2 - Math.Pow(2, -7)) * Math.Pow(2, 127), -2.5], weights.Values("bf16", new Shape(4)));
    }

    [Fact]
    public void AllHalvesAreRead()
    {
        var finite = Enumerable.Range(0, 1 << 16).Select(i => (ushort)i).Where(bits => Half.IsFinite(BitConverter.UInt16BitsToHalf(bits)))
            .ToArray();
        var file = new SafetensorsWriter().Add("h", "F16", [finite.Length], Bytes(BitConverter.GetBytes, finite)).ToBytes();
        var values = Weights.Read(file).Values("h", new Shape(finite.Length));
        for (var i = 0; i < finite.Length; i++)
        {
            var (exponent, fraction) = ((finite[i] >> 10) & 31, finite[i] & 1023);
            var expected = exponent == 0 ? fraction * Math.Pow(2, -24) : (1024 + fraction) * Math.Pow(2, exponent - 25);
            Assert.Equal(finite[i] >> 15 == 0 ? expected : -expected, values[i]);
        }
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("U8", 1)]
    [InlineData("BOOL", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("Q4_K", 3)]
    public void OtherElementTypesAreRefusedOnlyWhenAskedFor(string dtype, int size)
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("odd", dtype, [1], new byte[size]).Add("w", [1], 4).ToBytes());
        Assert.Equal([4.0], weights.Values("w", new Shape(1)));
        var thrown = Assert.Throws<WeightsException>(() => weights.Values("odd", new Shape(1)));
        Assert.Contains($"'odd' is of type '{dtype}'", thrown.Message);
        Assert.Equal(("odd", $"{dtype} [1]"), (thrown.Tensor, thrown.Found));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void WeightsThatAreNotFiniteAreRefused(float bad)
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("w", [3], 1, bad, 2).ToBytes());
        Assert.Contains("at element 1", Assert.Throws<WeightsException>(() => weights.Values("w", new Shape(3))).Message);
    }

    [Fact]
    public void WeightsBeyondFloatAreRefused()
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("w", "F64", [1], BitConverter.GetBytes(1e39)).ToBytes());
        Assert.Contains("float32", Assert.Throws<WeightsException>(() => weights.Values("w", new Shape(1))).Message);
    }

    [Fact]
    public void AMissingTensorIsNamedWithTheNearestNamesAndTheShape()
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("fc_1.weight", [1, 2], 1, 2).Add("head.bias", [1], 1).ToBytes());
        var thrown = Assert.Throws<WeightsException>(() => weights.Values("fc1.weight", new Shape(1, 2)));
        Assert.Equal(
            "There is no tensor 'fc1.weight' of shape [1, 2] in the file: the nearest of its names is 'fc_1.weight'. Set Name on the layer "
                + "if the file calls it otherwise.",
            thrown.Message);
        Assert.Equal("fc1.weight", thrown.Tensor);
        Assert.Equal(new Shape(1, 2), thrown.Expected);
        Assert.Null(thrown.Found);
        Assert.Equal(["fc_1.weight"], thrown.Nearest);
    }

    [Theory]
    [InlineData("fc.weight", new long[] { 3, 4 }, "fc.bias",
        "'fc.weight' is there without it: a layer without a bias is declared with Bias = false.")]
    [InlineData("rnn.weight_ih_l0", new long[] { 12, 4 }, "rnn.bias_ih_l0", "'rnn.weight_ih_l0' is there without it: a layer")]
    [InlineData("attend.in_proj_weight", new long[] { 12, 4 }, "attend.in_proj_bias",
        "'attend.in_proj_weight' is there without it: a layer")]
    [InlineData("norm.weight", new long[] { 3 }, "norm.bias", "with Bias = false, where its attribute has one.")]
    public void AMissingBiasSaysHowALayerHasNone(string present, long[] axes, string missing, string says)
    {
        using var weights = Weights.Read(Zeros(present, axes));
        Assert.Contains(says, Assert.Throws<WeightsException>(() => weights.Values(missing, new Shape(3))).Message);
    }

    private static byte[] Zeros(string name, long[] axes) =>
        new SafetensorsWriter().Add(name, axes, new float[axes.Aggregate(1, (size, axis) => size * (int)axis)]).ToBytes();

    [Fact]
    public void ABatchNormsMissingBiasIsNotLeftOut()
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("norm.weight", [3], 1, 2, 3).Add("norm.running_mean", [3], 1, 2, 3)
            .ToBytes());
        Assert.DoesNotContain("Bias = false", Assert.Throws<WeightsException>(() => weights.Values("norm.bias", new Shape(3))).Message);
    }

    // The orders are numpy's: w.transpose(order) of the first shape has the second.
    [Theory]
    [InlineData(new long[] { 4, 3 }, new[] { 3, 4 }, "numpy.transpose(w, (1, 0)), which is w.T.")]
    [InlineData(new long[] { 5, 4, 8 }, new[] { 8, 4, 5 }, "numpy.transpose(w, (2, 1, 0)).")]
    [InlineData(new long[] { 3, 3, 8, 16 }, new[] { 16, 8, 3, 3 }, "numpy.transpose(w, (3, 2, 0, 1)).")]
    [InlineData(new long[] { 3, 3, 3, 16 }, new[] { 16, 3, 3, 3 }, "numpy.transpose(w, (3, 2, 0, 1)).")]
    [InlineData(new long[] { 3, 3, 8, 1 }, new[] { 8, 1, 3, 3 }, "numpy.transpose(w, (2, 3, 0, 1)).")]
    [InlineData(new long[] { 3, 4, 1, 1 }, new[] { 3, 4 }, "axes of size 1 alone: save w.reshape(3, 4).")]
    [InlineData(new long[] { 4, 3 }, new[] { 3, 5 }, "but the network needs [3, 5].")]
    [InlineData(new long[] { 12 }, new[] { 3, 4 }, "but the network needs [3, 4].")]
    public void AWeightOfAnotherLayoutSaysHowToSaveIt(long[] found, int[] needed, string says)
    {
        using var weights = Weights.Read(Zeros("fc.weight", found));
        Assert.EndsWith(says, Assert.Throws<WeightsException>(() => weights.Values("fc.weight", new Shape(needed))).Message);
    }

    [Fact]
    public void CandidatesAreTriedInOrderAndNamedWhenNoneIsThere()
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("hiddenLayer.bias", [1], 3).ToBytes());
        Assert.Equal([3.0], weights.Values(["hidden_layer.bias", "hiddenLayer.bias"], new Shape(1)));
        var thrown = Assert.Throws<WeightsException>(() => weights.Values(["hidden_layer.weight", "hiddenLayer.weight"], new Shape(1)));
        Assert.StartsWith("There is no tensor 'hidden_layer.weight' (nor 'hiddenLayer.weight') of shape [1]", thrown.Message);
    }

    [Fact]
    public void ATensorHasTheValuesAndTheShape()
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("fc1.weight", [2, 3], 1, 2, 3, 4, 5, 6).ToBytes());
        var tensor = weights.Tensor(["Fc1.weight", "fc1.weight"], new Shape(2, 3));
        Assert.Equal(new Shape(2, 3), tensor.Shape);
        Assert.Equal([1.0, 2, 3, 4, 5, 6], tensor.Values.ToArray());
        Assert.Same(tensor, weights.Tensor("fc1.weight", new Shape(2, 3)));
    }

    [Fact]
    public void AWrongShapeNamesBoth()
    {
        using var weights = Weights.Read(new SafetensorsWriter().Add("fc1.weight", [2, 3], new float[6]).ToBytes());
        var thrown = Assert.Throws<WeightsException>(() => weights.Values("fc1.weight", new Shape(3, 2)));
        Assert.Equal("Tensor 'fc1.weight' has the shape [2, 3] in the file, but the network needs [3, 2]: the axes are in another order, "
            + "as Keras, TensorFlow and scikit-learn keep them: save numpy.transpose(w, (1, 0)), which is w.T.", thrown.Message);
        Assert.Equal((new Shape(3, 2), "F32 [2, 3]"), (thrown.Expected, thrown.Found));
        Assert.Equal(6, weights.Values("fc1.weight", new Shape(2, 3)).Length);
        Assert.Throws<WeightsException>(() => weights.Values("fc1.weight", new Shape(6)));
    }

    [Fact]
    public void UnusedTensorsAreListedButNotBatchCounts()
    {
        using var weights = Weights.Read(new SafetensorsWriter()
            .Add("a", [1], 1).Add("b", [1], 2).Add("bn.num_batches_tracked", "I64", [], new byte[8]).Add("c", [1], 3).ToBytes());
        weights.Values("b", new Shape(1));
        Assert.Equal(["a", "c"], weights.Unused());
        Assert.Contains("2 of the file's 4 tensors: 'a', 'c'", Assert.Throws<WeightsException>(weights.RequireAllUsed).Message);
        weights.Values("a", new Shape(1));
        weights.Values("c", new Shape(1));
        weights.RequireAllUsed();
    }

    [Fact]
    public void AMappedFileGivesTheSameNumbersAndIsGivenBack()
    {
        var chance = new Random(3);
        var values = Enumerable.Range(0, 100_003).Select(_ => chance.NextSingle()).ToArray();
        using var folder = new TemporaryFolder();
        var path = folder.Write("w.safetensors",
            new SafetensorsWriter().Add("odd", "U8", [3], new byte[3]).Add("w", [100_003], values).Add("x", [1], 1).ToBytes());
        var weights = Weights.Open(path);
        Assert.Equal(values.Select(value => (double)value), weights.Values("w", new Shape(100_003)));
        weights.Dispose();
        Assert.Equal(values[17], weights.Values("w", new Shape(100_003))[17]);
        Assert.Throws<ObjectDisposedException>(() => weights.Values("x", new Shape(1)));
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"));
        File.Delete(path);
    }

    [Fact]
    public void ADamagedFileIsNotKeptMapped()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("w.safetensors", SafetensorsWriter.File("{}", new byte[5000]));
        Assert.Throws<WeightsException>(() => Weights.Open(path));
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void AFileThatIsNotThereIsAnIOException() =>
        Assert.ThrowsAny<IOException>(() => Weights.Open(Path.Combine(Path.GetTempPath(), "no", "such.safetensors")));

    [Fact]
    public void AFileBesideTheProgramIsFoundWhereTheCurrentDirectoryHasNone()
    {
        using var program = new TemporaryFolder();
        var name = $"{Guid.NewGuid()}.safetensors";
        Assert.Equal(name, Weights.Locate(name, program.Path));
        var beside = program.Write(name, []);
        Assert.Equal(beside, Weights.Locate(name, program.Path));
        using var elsewhere = new TemporaryFolder();
        var absolute = elsewhere.Write(name, []);
        Assert.Equal(absolute, Weights.Locate(absolute, program.Path));
    }

    [Fact]
    public void TrainedWeightsAreRead()
    {
        var source = SourceFile();
        using var weights = Weights.Open(Path.Combine(Path.GetDirectoryName(source)!, "../../golden/weights/mnist_cnn.safetensors"));
        Assert.Equal(32 * 16, weights.Values("conv1.weight", new Shape(32, 1, 4, 4)).Length);
        Assert.Equal(10, weights.Values("fc2.bias", new Shape(10)).Length);
        Assert.Equal(["conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight"], weights.Unused());
    }

    [Fact]
    public async Task ManyThreadsGetTheSameArray()
    {
        var file = new SafetensorsWriter();
        for (var i = 0; i < 50; i++)
            file.Add($"t{i}", [1000], Enumerable.Repeat((float)i, 1000).ToArray());
        using var weights = Weights.Read(file.ToBytes());
        using var start = new Barrier(8);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, 50).Select(i => weights.Values($"t{i}", new Shape(1000))).ToArray();
            },
            TaskCreationOptions.LongRunning)));
        for (var i = 0; i < 50; i++)
        {
            Assert.All(all[0][i], value => Assert.Equal(i, value));
            Assert.All(all, arrays => Assert.Same(all[0][i], arrays[i]));
        }
    }

    [Fact]
    public void MetadataAndPaddingAndNamesInAnyScriptAreRead()
    {
        var header =
            """{"__metadata__":{"format":"pt","note":"tab\t quote\" \u00e9 \ud83d\ude00"},"gewicht-\u00e4":{"data_offsets":[ 0 , 4 ], "shape" : [ ] ,"dtype":"F32"}}   """;
        using var weights = Weights.Read(SafetensorsWriter.File(header, BitConverter.GetBytes(2.5f)));
        Assert.Equal(["gewicht-ä"], weights.Unused());
        Assert.Equal([2.5], weights.Values("gewicht-ä", new Shape()));
    }

    [Fact]
    public void TensorsMayStandInAnotherOrderInTheHeaderThanInTheData()
    {
        var header =
            """{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"none":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""";
        using var weights = Weights.Read(SafetensorsWriter.File(header, Bytes(BitConverter.GetBytes, 1f, 2f)));
        Assert.Equal([1.0], weights.Values("a", new Shape(1)));
        Assert.Equal([2.0], weights.Values("b", new Shape(1)));
        Assert.Equal(["none"], weights.Unused());
    }

    [Fact]
    public void ANonAsciiNameMovesTheDataByItsBytesAndNotItsLetters()
    {
        var header = Encoding.UTF8.GetBytes("""{"ä😀":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        using var weights = Weights.Read(SafetensorsWriter.File(header, BitConverter.GetBytes(7f)));
        Assert.Equal([7.0], weights.Values("ä😀", new Shape(1)));
    }

    [Fact]
    public void RandomWeightsDependOnSeedAndNameAlone()
    {
        var (one, two) = (Weights.Random(1), Weights.Random(1));
        var first = one.Values("fc1.weight", new Shape(64, 100)).ToArray();
        two.Values("other", new Shape(3));
        Assert.Equal(first, two.Values("fc1.weight", new Shape(64, 100)));
        Assert.NotEqual(first, Weights.Random(2).Values("fc1.weight", new Shape(64, 100)));
        Assert.NotEqual(first, one.Values("fc2.weight", new Shape(64, 100)));
        Assert.All(first, value => Assert.Equal((double)(float)value, value));
        Assert.Empty(one.Unused());
    }

    [Fact]
    public void RandomWeightsKeepActivationsInRange()
    {
        var weights = Weights.Random(5);
        var values = weights.Values("conv.weight", new Shape(50, 4, 5, 5));
        Assert.Equal(2.0 / 100, values.Average(value => value * value), 0.001);
        Assert.All(weights.Values("bn.running_var", new Shape(1000)), value => Assert.InRange(value, 0.5, 1.5));
    }

    [Fact]
    public void ARandomTensorKeepsItsShape()
    {
        var weights = Weights.Random(5);
        weights.Values("a", new Shape(2, 3));
        Assert.Throws<WeightsException>(() => weights.Values("a", new Shape(3, 2)));
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;

    private static byte[] Bytes<T>(Func<T, byte[]> bytes, params T[] values) => values.SelectMany(bytes).ToArray();
}
