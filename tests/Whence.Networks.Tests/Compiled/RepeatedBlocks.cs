using VerifyTests;
using VerifyXunit;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Of a network with many blocks that are alike each program is written once for all of them, whatever differs.</summary>
public sealed class RepeatedBlocks : LawfulNetworks
{
    private const string Towers = """
        [Network]
        public sealed partial class Towers(int one, int reduce, int three)
        {
            [Conv2d(nameof(one), kernel: 1)] private partial Tensor One(Tensor x);
            [Conv2d(nameof(reduce), kernel: 1)] private partial Tensor Reduce(Tensor x);
            [Conv2d(nameof(three), kernel: 3, Pad = 1)] private partial Tensor Three(Tensor x);

            public Tensor Forward(Tensor x) =>
                Concat(Relu(One(x)), Relu(Three(Relu(Reduce(x)))), MaxPool2d(x, window: 3, stride: 1, pad: 1));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["third"])]
        public sealed partial class Towered
        {
            private readonly Towers first = new(2, 3, 4);
            private readonly Towers second = new(3, 2, 5);
            private readonly Towers third = new(1, 4, 2);
            private readonly Towers fourth = new(3, 4, 2);
            private readonly Towers fifth = new(2, 2, 2);
            private readonly Towers sixth = new(4, 1, 1);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 5, 5)] Tensor image)
            {
                var third = this.third.Forward(second.Forward(first.Forward(image)));
                return Head(Flatten(sixth.Forward(fifth.Forward(fourth.Forward(MaxPool2d(third, window: 3, stride: 2))))));
            }
        }

        """;

    private const string Residual = """
        [Network]
        public sealed partial class Skipped(int width)
        {
            [Conv1d(nameof(width), kernel: 3, Pad = 1)] private partial Tensor One(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);
            [Conv1d(nameof(width), kernel: 3, Pad = 1)] private partial Tensor Two(Tensor x);

            public Tensor Forward(Tensor x) => Relu(Two(Gelu(Norm(One(x)))) * 0.5 + x);
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["a", "c"])]
        public sealed partial class Chained
        {
            private readonly Skipped first = new(4);
            private readonly Skipped second = new(4);
            private readonly Skipped third = new(4);
            private readonly Skipped fourth = new(4);
            private readonly Skipped fifth = new(4);
            private readonly Skipped sixth = new(4);
            private readonly Skipped seventh = new(4);
            private readonly Skipped eighth = new(4);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4, 9)] Tensor signal, [Mask(4, 9)] Tensor present)
            {
                var a = second.Forward(first.Forward(signal * present));
                var x = a;
                for (var i = 0; i < 3; i++)
                    x = fifth.Forward(fourth.Forward(third.Forward(x)));
                var c = x;
                for (var i = 0; i < 3; i++)
                    x = eighth.Forward(seventh.Forward(sixth.Forward(x)));
                return Head(Flatten(x));
            }
        }
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Towers + Residual));

    public static TheoryData<string> Names => ["Towered", "Chained"];

    private protected override Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(5));

    // Rounding goes from block to block.
    private protected override double Tolerance(string name) => 1e-4;

    [Theory]
    [InlineData("Gradient")]
    [InlineData("RevealCancel")]
    public Task Reads(string part)
    {
        var settings = new VerifySettings();
        settings.UseMethodName("Towered" + part);
        return Verifier.Verify(networks.Value.Files[$"Towered.{part}.Cpu.g.cs"], "cs", settings);
    }

    [Theory]
    [InlineData("Towered", "Rescale", "RevealCancel")]
    [InlineData("Chained", "Predict", "Gradient", "Path", "Rescale", "RevealCancel", "Faults")]
    public void AreWrittenOnce(string name, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains("times, and named as it is at first.",
            networks.Value.Files[$"{name}.{part}.Cpu.g.cs"], StringComparison.Ordinal));
}
