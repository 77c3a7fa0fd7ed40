namespace Whence.Generator.Tests.Bind;

/// <summary>How the settings of windows are read.</summary>
public class WindowTests
{
    [Fact]
    public void EverySettingOfALayerMayBeAConstructorParameter() => Binding.Graph("""
        [Network]
        public sealed partial class Net
        {
            private readonly Block block = new(3, 2, 4);
            public Tensor Forward([Shape(4, 12, 13)] Tensor x) => block.Forward(x);
        }
        """, """
        [Network]
        public sealed partial class Block(int size, int stride, int width)
        {
            [Conv2d(6, nameof(size), StrideParameter = nameof(stride), StrideWidthParameter = nameof(size), PadParameter = nameof(stride), PadEndParameter = nameof(size),
                PadWidthParameter = nameof(size), PadWidthEndParameter = nameof(stride), KernelWidthParameter = nameof(width), GroupsParameter = nameof(stride))]
            private partial Tensor Conv(Tensor x);
            [Conv1d(4, 3, DilationParameter = nameof(stride), Padding = PaddingRule.Same)] private partial Tensor Line(Tensor x);
            [ConvTranspose1d(2, 3, StrideParameter = nameof(size), OutputPadParameter = nameof(stride))] private partial Tensor Back(Tensor x);
            [ConvTranspose2d(2, 3, Stride = 4, OutputPadWidthParameter = nameof(size), DilationWidthParameter = nameof(stride))] private partial Tensor Spread(Tensor x);

            public Tensor Forward(Tensor x)
            {
                var y = Conv(x);
                return Concat(Flatten(Back(Line(Reshape(y, 6, 40)))), Flatten(Spread(MaxPool2d(y, size, windowWidth: stride, padEnd: 1, padding: PaddingRule.Explicit))));
            }
        }
        """).Prints("""
        %0 x [4, 12, 13] = Input()
        %1 block.y [6, 8, 5] = Conv2d(%0, filters: 6, kernel: 3, stride: 2, strideWidth: 3, pad: 2, padEnd: 3, padWidth: 3, padWidthEnd: 2, kernelWidth: 4, groups: 2)
        %2 [6, 40] = Reshape(%1, axes: (6, 40))
        %3 block.Line [4, 40] = Conv1d(%2, filters: 4, kernel: 3, dilation: 2, padding: 1)
        %4 block.Back [2, 122] = ConvTranspose1d(%3, filters: 2, kernel: 3, stride: 3, outputPad: 2)
        %5 [244] = Flatten(%4)
        %6 [6, 3, 3] = MaxPool2d(%1, window: 3, stride: 0, pad: 0, dilation: 1, ceil: 0, windowWidth: 2, padEnd: 1)
        %7 block.Spread [2, 11, 16] = ConvTranspose2d(%6, filters: 2, kernel: 3, stride: 4, outputPadWidth: 3, dilationWidth: 2)
        %8 [352] = Flatten(%7)
        %9 [596] = Concat(%5, %8, axis: 0)
        """);
}
