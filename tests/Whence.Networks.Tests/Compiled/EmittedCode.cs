using System.Runtime.CompilerServices;
using VerifyTests;
using VerifyXunit;

namespace Whence.Networks.Tests.Compiled;

/// <summary>How emitted code reads.</summary>
public sealed class EmittedCode
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient | Methods.DeepLift, Layers = ["Conv2", "active"])]
        public sealed partial class DigitNet
        {
            [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
            [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
            [Linear(128)] private partial Tensor Fc1(Tensor x);
            [Linear(10)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 28, 28)] Tensor image)
            {
                var edges = Relu(Conv2(Relu(Conv1(image))));
                var active = Relu(Fc1(Flatten(edges)));
                return Fc2(active);
            }
        }

        [Network]
        public sealed partial class Block(int filters)
        {
            [Conv2d(nameof(filters), kernel: 3, Pad = 1)] private partial Tensor One(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);

            public Tensor Forward(Tensor x) => Relu(Norm(One(x)) + x);
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class ResidualNet
        {
            private readonly Block first = new(4);
            private readonly Block second = new(4);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4, 8, 8)] Tensor image)
            {
                var pooled = MaxPool2d(first.Forward(image), 2);
                return Softmax(Head(GlobalAvgPool(second.Forward(pooled))));
            }
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class CharLm
        {
            [LstmCell(16)] private partial (Tensor H, Tensor C) Step(Tensor x, Tensor h, Tensor c);
            [Linear(27)] private partial Tensor Head(Tensor h);

            public Tensor Forward([Shape(20, 8)] Tensor text)
            {
                Tensor h = Zeros(16), c = Zeros(16);
                foreach (var letter in text)
                    (h, c) = Step(letter, h, c);
                return Head(h);
            }
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class TicketNet
        {
            [Embedding(vocabulary: 26, width: 5)] private partial Tensor Letters(Tensor code);
            [Linear(5)] private partial Tensor Hidden(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5)] Tensor row, [Tokens(8, Variable = true)] Tensor code, [Mask(5)] Tensor known) =>
                Head(Tanh(Hidden(row)) * known + Hidden(Mean(Letters(code), axis: 0)));
        }

        """));

    [Fact]
    public Task Predict() => Shows("DigitNet.Predict.Cpu");

    [Fact]
    public Task Gradient() => Shows("DigitNet.Gradient.Cpu");

    [Fact]
    public Task Rescale() => Shows("DigitNet.Rescale.Cpu");

    [Fact]
    public Task RevealCancel() => Shows("DigitNet.RevealCancel.Cpu");

    [Fact]
    public Task Compiled() => Shows("DigitNet.Compiled");

    [Fact]
    public Task Network() => Shows("DigitNet.Network");

    [Fact]
    public Task Residual() => Shows("ResidualNet.Rescale.Cpu");

    [Fact]
    public Task ScanForward() => Shows("CharLm.Predict.Cpu");

    [Fact]
    public Task Scan() => Shows("CharLm.Rescale.Cpu");

    [Fact]
    public Task Tokens() => Shows("TicketNet.Network");

    [Fact]
    public Task TokensCompiled() => Shows("TicketNet.Compiled");

    [Fact]
    public Task TokensGradient() => Shows("TicketNet.Gradient.Cpu");

    [Fact]
    public Task SubNetwork() => Shows("Block.Layers");

    private static Task Shows(string file, [CallerMemberName] string method = "")
    {
        var settings = new VerifySettings();
        settings.UseMethodName(method);
        return Verifier.Verify(networks.Value.Files[file + ".g.cs"], "cs", settings);
    }
}
