namespace Whence.Runtime.Tests.WeightFiles;

public class NamesOfTensors
{
    [Theory]
    [InlineData("Fc1", "fc1")]
    [InlineData("fc1", "fc1")]
    [InlineData("BN1", "bn1")]
    [InlineData("Conv2D3x3", "conv2d3x3")]
    [InlineData("Conv1X1", "conv1x1")]
    [InlineData("HiddenLayer", "hidden_layer hiddenLayer")]
    [InlineData("Conv2DBlock", "conv2d_block conv2dBlock")]
    [InlineData("LSTMCell", "lstm_cell lstmCell")]
    [InlineData("MyLSTM", "my_lstm myLSTM")]
    [InlineData("Layer1Conv", "layer1_conv layer1Conv")]
    [InlineData("Conv_1", "conv_1 conv1")]
    [InlineData("_encoder", "encoder")]
    [InlineData("X", "x")]
    [InlineData("ABC", "abc")]
    [InlineData("_", "_")]
    [InlineData("Straße2", "straße2")]
    public void AMemberIsSpeltInSnakeAndInLowerCamelCase(string member, string expected) =>
        Assert.Equal(expected.Split(' '), TensorNames.Of(member));

    [Fact]
    public void CandidatesAreTheSpellingsOfFieldsAndMember()
    {
        Assert.Equal(["fc1.weight"], TensorNames.Candidates([], "Fc1", null, "weight"));
        Assert.Equal(
            ["block3a.reduce_three.bias", "block3a.reduceThree.bias"],
            TensorNames.Candidates([TensorNames.Of("block3a")], "ReduceThree", null, "bias"));
        Assert.Equal(
            ["first_block.fc1.bias", "firstBlock.fc1.bias"],
            TensorNames.Candidates([TensorNames.Of("_firstBlock")], "Fc1", null, "bias"));
    }

    [Fact]
    public void AGivenNameStandsForTheMemberAndNotForItsFields()
    {
        Assert.Equal(["features.0.weight"], TensorNames.Candidates([], "Conv1", "features.0", "weight"));
        Assert.Equal(["body.features.0.weight"], TensorNames.Candidates([TensorNames.Of("body")], "Conv1", "features.0", "weight"));
    }

    [Theory]
    [InlineData("fc1.weight", "fc2.weight fc_1.weight")]
    [InlineData("fcl.weight", "fc2.weight fc_1.weight")]
    [InlineData("cov1.weight", "conv1.weight")]
    [InlineData("conv1.wieght", "conv1.weight")]
    [InlineData("FC2.WEIGHT", "fc2.weight fc_1.weight")]
    [InlineData("head.bias", "module.head.bias")]
    [InlineData("something.else", "")]
    public void NearestNamesAreThoseWithFewLettersToChange(string wanted, string expected)
    {
        var entries = Entries(("fc_1.weight", [4, 4]), ("conv1.weight", [2, 2]), ("fc2.weight", [9]), ("module.head.bias", [7]),
            ("bn1.num_batches_tracked", []));
        var nearest = TensorNames.Nearest([wanted], [1], entries);
        Assert.Equal(expected, string.Join(' ', nearest.Take(expected.Split(' ').Length)));
    }

    [Fact]
    public void ATensorOfTheWantedShapeIsNearer()
    {
        var entries = Entries(("fc2.weight", [10, 5]), ("fc3.weight", [3, 10]), ("encoder.0.weight", [3, 10]), ("encoder.0.bias", [3, 10]));
        Assert.Equal(["fc3.weight", "fc2.weight", "encoder.0.weight"], TensorNames.Nearest(["fc1.weight"], [3, 10], entries));
    }

    [Fact]
    public void IgnoredTensorsAreNeverNear()
    {
        var entries = Entries(("bn1.num_batches_tracked", [1]));
        Assert.Empty(TensorNames.Nearest(["bn1.num_batches_tracke"], [1], entries));
        Assert.True(TensorNames.IsIgnored("num_batches_tracked"));
        Assert.False(TensorNames.IsIgnored("bn1.weight"));
    }

    [Fact]
    public void AMillionLettersCostNothing()
    {
        var entries = Entries((new string('a', 1_000_000), [1]));
        Assert.Empty(TensorNames.Nearest(["fc1.weight"], [2], entries));
    }

    private static IReadOnlyList<SafetensorsEntry> Entries(params (string Name, long[] Axes)[] tensors)
    {
        var writer = new SafetensorsWriter();
        foreach (var (name, axes) in tensors)
            writer.Add(name, axes, new float[axes.Aggregate(1L, (size, axis) => size * axis)]);
        return SafetensorsHeader.Parse(SafetensorsHeader.ReadText(new MemoryStream(writer.ToBytes()))).Entries;
    }
}
