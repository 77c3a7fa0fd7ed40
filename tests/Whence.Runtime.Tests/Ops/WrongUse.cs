namespace Whence.Runtime.Tests.Operators;

/// <summary>Every wrong call of an eager operator is an argument exception that names what was expected and what was found.</summary>
public class WrongUse
{
    private static readonly Tensor vector = new double[] { 1, 2, 3 };
    private static readonly Tensor sequence = Nn.Zeros(2, 5);
    private static readonly Tensor image = Nn.Zeros(2, 5, 5);

    public static TheoryData<string, Action> Calls => new()
    {
        { "A tensor of shape [2, 2] holds 4 values, but was given 3.", () => Tensor.From(new Shape(2, 2), 1, 2, 3) },
        { "A tensor of shape [2, 2] holds 4 values, but was given 1.", () => Tensor.From(new Shape(2, 2), new float[1]) },
        { "A tensor of shape [2, 5] is indexed by 2 numbers, but was given 1.", () => _ = sequence[1] },
        { "Index 5 lies outside axis 1 of [2, 5]; use 0 to 4.", () => _ = sequence[1, 5] },
        { "Index -1 lies outside axis 0 of [2, 5]; use 0 to 1.", () => _ = sequence[-1, 0] },
        { "[3] + [4] has no meaning; give both the same axes, where an axis of size 1 is repeated to the other's size.",
            () => _ = vector + Nn.Zeros(4) },
        { "[3] * [2, 5] has no meaning; give both the same axes, where an axis of size 1 is repeated to the other's size.",
            () => _ = vector * sequence },
        { "Linear takes [..., features], but was given [], which is a scalar.",
            () => Nn.Linear(Tensor.From(new Shape(), 1), Nn.Zeros(3, 1), null) },
        { "Linear needs a weight of shape [3, 5], but was given [3, 10].", () => Nn.Linear(sequence, Nn.Zeros(3, 10), null) },
        { "Linear needs a weight of shape [4, 3], but was given [4, 2].", () => Nn.Linear(vector, Nn.Zeros(4, 2), null) },
        { "Linear needs a weight of shape [1, 3], but was given [3].", () => Nn.Linear(vector, Nn.Zeros(3), null) },
        { "Linear needs a bias of shape [4], but was given [3].", () => Nn.Linear(vector, Nn.Zeros(4, 3), Nn.Zeros(3)) },
        { "Conv1d takes [channels, length], but was given [3].", () => Nn.Conv1d(vector, Nn.Zeros(1, 1, 1), null, 1, 0, 1, 1) },
        { "Conv1d needs a weight of shape [filters, channels / groups, kernel], but was given [3].",
            () => Nn.Conv1d(sequence, vector, null, 1, 0, 1, 1) },
        { "Conv1d needs a weight of shape [4, 2, 3], but was given [4, 1, 3].",
            () => Nn.Conv1d(sequence, Nn.Zeros(4, 1, 3), null, 1, 0, 1, 1) },
        { "Conv1d needs a stride of at least 1, but was given 0.", () => Nn.Conv1d(sequence, Nn.Zeros(4, 2, 3), null, 0, 0, 1, 1) },
        { "Conv1d needs a dilation of at least 1, but was given 0.", () => Nn.Conv1d(sequence, Nn.Zeros(4, 2, 3), null, 1, 0, 0, 1) },
        { "Conv1d needs a pad of at least 0, but was given -1.", () => Nn.Conv1d(sequence, Nn.Zeros(4, 2, 3), null, 1, -1, 1, 1) },
        { "Conv1d slides a window that spans 7 over an axis of 5 padded by 0 on each side; no window fits.",
            () => Nn.Conv1d(sequence, Nn.Zeros(4, 2, 4), null, 1, 0, 2, 1) },
        { "Conv2d splits 2 channels and 4 filters into 3 groups; both must be divisible by it.",
            () => Nn.Conv2d(image, Nn.Zeros(4, 2, 3, 3), null, 1, 1, 0, 0, 1, 1, 3) },
        { "Conv2d needs a groups of at least 1, but was given 0.",
            () => Nn.Conv2d(image, Nn.Zeros(4, 2, 3, 3), null, 1, 1, 0, 0, 1, 1, 0) },
        { "Conv2d needs a bias of shape [4], but was given [3].",
            () => Nn.Conv2d(image, Nn.Zeros(4, 2, 3, 3), vector, 1, 1, 0, 0, 1, 1, 1) },
        { "BatchNorm needs a variance of shape [2], but was given [3].",
            () => Nn.BatchNorm(image, Nn.Zeros(2), Nn.Zeros(2), Nn.Zeros(2), vector, 1e-5) },
        { "BatchNorm needs a variance + epsilon above 0, but channel 0 has 0 + 0.",
            () => Nn.BatchNorm(image, Nn.Zeros(2), Nn.Zeros(2), Nn.Zeros(2), Nn.Zeros(2), 0) },
        { "PRelu needs a weight of shape [2], but was given [3].", () => Nn.PRelu(image, vector) },
        { "MaxPool1d takes [channels, length], but was given [2, 5, 5].", () => Nn.MaxPool1d(image, 2) },
        { "MaxPool2d takes [channels, height, width], but was given [2, 5].", () => Nn.MaxPool2d(sequence, 2) },
        { "MaxPool1d needs a window of at least 1, but was given 0.", () => Nn.MaxPool1d(sequence, 0) },
        { "MaxPool1d needs a stride of at least 1, but was given -1.", () => Nn.MaxPool1d(sequence, 2, -1) },
        { "MaxPool1d needs a pad of at most half the window of 3, but was given 2.", () => Nn.MaxPool1d(sequence, 3, pad: 2) },
        { "MaxPool1d has a window that covers only padding; choose a smaller pad or dilation.",
            () => Nn.MaxPool1d(Nn.Zeros(1, 2), 2, pad: 1, dilation: 3) },
        { "AvgPool2d slides a window that spans 6 over an axis of 5 padded by 0 on each side; no window fits.",
            () => Nn.AvgPool2d(image, 6) },
        { "AvgPool1d needs a pad of at most half the window of 1, but was given 1.", () => Nn.AvgPool1d(sequence, 1, pad: 1) },
        { "MaxPool1d slides a window that spans 4294967295 over an axis of 5 padded by 0 on each side; no window fits.",
            () => Nn.MaxPool1d(sequence, 3, dilation: int.MaxValue) },
        { "Conv1d pads an axis of 5 by 2147483647 on each side, which is more than 1073741824 elements; choose a smaller pad.",
            () => Nn.Conv1d(sequence, Nn.Zeros(4, 2, 3), null, 1, int.MaxValue, 1, 1) },
        { "GlobalAvgPool takes [channels, length] or [channels, height, width], but was given [3].", () => Nn.GlobalAvgPool(vector) },
        { "Reshape to [2, 2] needs 4 values, but was given [3], which holds 3.", () => Nn.Reshape(vector, 2, 2) },
        { "Concat needs at least one tensor, but was given none.", () => Nn.Concat() },
        { "Concat along axis 0 needs all other axes alike, but was given [3] and [2, 5].", () => Nn.Concat(vector, sequence) },
        { "Concat along axis 0 needs all other axes alike, but was given [2, 5] and [2, 4].", () => Nn.Concat(sequence, Nn.Zeros(2, 4)) },
        { "Concat has no axis 2 in [2, 5]; axes count from 0 to 1.", () => Nn.Concat(2, sequence, sequence) },
        { "Slice has no axis 1 in [3]; axes count from 0 to 0.", () => Nn.Slice(vector, 1, 0, 1) },
        { "Slice takes 2 elements from 2 on, but axis 0 of [3] has only 3.", () => Nn.Slice(vector, 0, 2, 2) },
        { "Slice needs a start of at least 0, but was given -1.", () => Nn.Slice(vector, 0, -1, 2) },
        { "Slice needs a length of at least 1, but was given 0.", () => Nn.Slice(vector, 0, 1, 0) },
        { "Slice takes 2147483647 elements from 1 on, but axis 0 of [3] has only 3.", () => Nn.Slice(vector, 0, 1, int.MaxValue) },
        { "Pad needs a before of at least 0, but was given -1.", () => Nn.Pad(vector, 0, -1, 0) },
        { "Sum has no axis -1 in [3]; axes count from 0 to 0.", () => Nn.Sum(vector, -1) },
        { "Mean has no axis 1 in [3]; axes count from 0 to 0.", () => Nn.Mean(vector, 1) },
        { "LogSumExp has no axis 3 in [2, 5]; axes count from 0 to 1.", () => Nn.LogSumExp(sequence, 3) },
        { "Softmax has no axis 0 in [], which is a scalar.", () => Nn.Softmax(Nn.Sum(vector, 0)) },
        { "Dropout needs a rate from 0 to below 1, but was given 1.", () => Nn.Dropout(vector, 1) },
    };

    [Theory, MemberData(nameof(Calls))]
    public void Is_said_in_one_sentence(string message, Action call)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(call);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.ParamName);
    }

    [Fact]
    public void Of_null_names_the_argument() =>
        Assert.All<Action>(
            [
                () => Nn.Flatten(null!), () => Nn.Softmax(null!), () => Nn.Linear(vector, null!, null), () => Nn.Concat(null!, vector),
                () => Nn.MaxPool1d(null!, 2), () => Nn.GlobalMaxPool(null!), () => _ = vector + null!, () => _ = -(null as Tensor)!,
            ],
            call => Assert.Throws<ArgumentNullException>(call));
}
