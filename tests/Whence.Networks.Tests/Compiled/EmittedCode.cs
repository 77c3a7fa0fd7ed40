using System.Runtime.CompilerServices;
using VerifyTests;
using VerifyXunit;

namespace Whence.Networks.Tests.Compiled;

/// <summary>How emitted code reads: a file for each thing that it says.</summary>
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

        [Network(Explain = Methods.RevealCancel)]
        public sealed partial class DenseNet
        {
            [Linear(3)] private partial Tensor Fc1(Tensor x);
            [Linear(1)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(4)] Tensor row) => Fc2(Relu(Fc1(row)));
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class ResidualNet
        {
            private readonly Block block = new(4);

            public Tensor Forward([Shape(4, 8, 8)] Tensor image) => GlobalAvgPool(block.Forward(image));
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class PoolNet
        {
            public Tensor Forward([Shape(2, 4, 4)] Tensor image) => Flatten(MaxPool2d(image, 2));
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class ShareNet
        {
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4)] Tensor row) => Softmax(Head(row));
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class StateNet
        {
            [Linear(4)] private partial Tensor In(Tensor x);
            [Linear(4)] private partial Tensor Back(Tensor h);

            public Tensor Forward([Shape(20, 8)] Tensor text)
            {
                Tensor h = Zeros(4);
                foreach (var letter in text)
                    h = Tanh(In(letter) + Back(h));
                return h;
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
    public Task RevealCancel() => Shows("DenseNet.RevealCancel.Cpu");

    [Fact]
    public Task Compiled() => Shows("DigitNet.Compiled");

    [Fact]
    public Task Network() => Shows("DigitNet.Network");

    [Fact]
    public Task Residual() => Shows("ResidualNet.Rescale.Cpu");

    [Fact]
    public Task MaxPool() => Shows("PoolNet.Rescale.Cpu");

    [Fact]
    public Task Softmax() => Shows("ShareNet.Rescale.Cpu");

    [Fact]
    public Task ScanForward() => Shows("StateNet.Predict.Cpu");

    [Fact]
    public Task Scan() => Shows("StateNet.Rescale.Cpu");

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
