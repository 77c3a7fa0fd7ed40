namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What is wrong with windows and their pads.</summary>
public class WindowDiagnostics
{
    [Theory]
    [InlineData("Conv2d(4, 3, Pad = 1, Padding = PaddingRule.Same)", "takes pads or PaddingRule.Same, which finds them, not both")]
    [InlineData("ConvTranspose2d(4, 3, Stride = 2, OutputPad = 1, Padding = PaddingRule.SameLower)",
        "takes pads or PaddingRule.SameLower, which finds them, not both")]
    [InlineData("Conv2d(4, 12, PadEnd = 3)", "has a window of 12 over a height of 8 padded to 11")]
    [InlineData("ConvTranspose2d(4, 1, PadEnd = 8)", "makes 0 elements of a length of 8")]
    public Task OfALayerIsAtItsCall(string layer, string says) => Diagnosis.IsIn("WH201", $"""
        [{layer}] private partial Tensor Layer(Tensor x);
        public Tensor Forward([Shape(2, 8, 8)] Tensor image) => [|Layer(image)|];
        """, says);

    [Theory]
    [InlineData("MaxPool2d(image, 3, pad: 1, padding: PaddingRule.Same)", "takes pads or PaddingRule.Same")]
    [InlineData("MaxPool2d(image, 3, windowWidth: 2, padWidth: 1, padWidthEnd: 2)", "has a pad of 2, more than half of its window of 2")]
    [InlineData("AvgPool2d(image, 2, strideWidth: -1)", "has a strideWidth of -1, but needs at least 0")]
    [InlineData("AvgPool2d(image, 2, padEnd: -2)", "has a padEnd of -2, but needs at least -1")]
    [InlineData("MaxPool2d(Slice(image, 1, 0, 1), 2, pad: 1, dilation: 2)", "has a window that covers only padding")]
    [InlineData("AvgPool2d(Slice(image, 2, 0, 1), 2, pad: 1, dilation: 2)", "has a window that covers only padding")]
    public Task OfAPoolIsAtItsCall(string call, string says) => Diagnosis.IsIn("WH201", $"""
        public Tensor Forward([Shape(2, 8, 8)] Tensor image) => [|{call}|];
        """, says);

    [Fact]
    public Task ASettingIsSaidOnce() => Diagnosis.Is("WH210", """
        [Network]
        public sealed partial class Block(int stride)
        {
            [Conv2d(4, 3, Stride = 2, StrideParameter = [|nameof(stride)|])] private partial Tensor Conv(Tensor x);
            public Tensor Forward(Tensor x) => Conv(x);
        }
        """, "Conv has both stride and strideParameter");

    [Fact]
    public Task AParameterThatIsNoneIsAtItsName() => Diagnosis.Is("WH109", """
        [Network]
        public sealed partial class Block(int stride)
        {
            [Conv1d(4, 3, PadEndParameter = [|"ends"|])] private partial Tensor Conv(Tensor x);
            public Tensor Forward(Tensor x) => Conv(x);
        }
        """, "'ends'");

    [Fact]
    public Task AParametersValueIsCheckedWhereTheBlockIsMade() => Diagnosis.Is("WH108", """
        [Network]
        public sealed partial class Net
        {
            private readonly Block block = [|new(0)|];
            public Tensor Forward([Shape(2, 8)] Tensor x) => block.Forward(x);
        }

        [Network]
        public sealed partial class Block(int stride)
        {
            [Conv1d(4, 3, StrideParameter = nameof(stride))] private partial Tensor Conv(Tensor x);
            public Tensor Forward(Tensor x) => Conv(x);
        }
        """, "stride of block.Conv is 0, but must be at least 1");
}
