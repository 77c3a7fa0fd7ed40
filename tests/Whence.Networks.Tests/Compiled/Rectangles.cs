namespace Whence.Networks.Tests.Compiled;

/// <summary>Blocks whose constructors say how their windows slide are the layers that say so themselves.</summary>
public sealed class Rectangles
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network]
        public sealed partial class Block(int size, int stride, int end)
        {
            [Conv2d(4, 2, KernelWidthParameter = nameof(size), StrideWidthParameter = nameof(stride), PadEndParameter = nameof(end), PadWidthParameter = nameof(stride))]
            private partial Tensor Conv(Tensor x);
            [ConvTranspose2d(3, nameof(size), StrideParameter = nameof(stride), Padding = PaddingRule.SameLower)] private partial Tensor Back(Tensor x);

            public Tensor Forward(Tensor x) => Back(Tanh(MaxPool2d(Conv(x), window: size, windowWidth: stride, strideWidth: 1, padEnd: end)));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class WithBlock
        {
            private readonly Block block = new(3, 2, 1);
            [Linear(3)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(2, 6, 7)] Tensor x) => Head(Tanh(Flatten(block.Forward(x))));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Plain
        {
            [Conv2d(4, 2, KernelWidth = 3, StrideWidth = 2, PadEnd = 1, PadWidth = 2, Name = "block.conv")] private partial Tensor Conv(Tensor x);
            [ConvTranspose2d(3, 3, Stride = 2, Padding = PaddingRule.SameLower, Name = "block.back")] private partial Tensor Back(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(2, 6, 7)] Tensor x) =>
                Head(Tanh(Flatten(Back(Tanh(MaxPool2d(Conv(x), window: 3, windowWidth: 2, strideWidth: 1, padEnd: 1))))));
        }
        """));

    [Fact]
    public void ABlockIsWhatItsParametersSay()
    {
        var (block, plain) = (Load("WithBlock"), Load("Plain"));
        var x = Enumerable.Range(0, 84).Select(i => MathF.Sin(i)).ToArray();
        double[] row = [.. x.Select(value => (double)value)];
        var (eager, compiled) = (block.Eager(row), Single(block).Predict(x));
        Assert.Equal(Single(plain).Predict(x), compiled);
        Assert.Equal(plain.Eager(row), eager);
        for (var i = 0; i < 3; i++)
            Assert.Equal(eager[i], compiled[i], 1e-5);
        var (expected, found) = (new float[x.Length], new float[x.Length]);
        SpanExplainers.DeepLift<float>(Single(plain), x, 1, Target.Unit(1), Rule.RevealCancel, default, expected);
        SpanExplainers.DeepLift<float>(Single(block), x, 1, Target.Unit(1), Rule.RevealCancel, default, found);
        Assert.Equal(expected, found);
    }

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(5));

    private static IDeepLiftNetwork Single(Trio trio) => (IDeepLiftNetwork)trio.Compiled;
}
