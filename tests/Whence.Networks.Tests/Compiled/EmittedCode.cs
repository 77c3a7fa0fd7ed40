using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

        [Network]
        public sealed partial class RootNet
        {
            [Linear(4)] private partial Tensor Hidden(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x) => Relu(Hidden(Relu(Log(x)) * 2)) + Sqrt(x);
        }

        """));

    [Fact]
    public Task Predict() => ShowsFile("DigitNet.Predict.Cpu");

    /// <summary>What looks for a value that is not finite: no operator is taken into another's loop.</summary>
    [Fact]
    public Task Faults() => ShowsFile("RootNet.Faults.Cpu");

    [Fact]
    public Task Gradient() => ShowsFile("DigitNet.Gradient.Cpu");

    /// <summary>What is kept of the reference, and how a walk goes from point to point.</summary>
    [Fact]
    public Task Rescale() => ShowsMembers("DigitNet.Rescale.Cpu", name => name is "RescaleKeep" or "Rescale" or "RescaleBack");

    [Fact]
    public Task RescaleSteps() => ShowsMembers("DigitNet.Rescale.Cpu", name => name.EndsWith("Steps", StringComparison.Ordinal));

    [Fact]
    public Task RescaleFormulas() => ShowsFormulas("DigitNet.Rescale.Cpu");

    [Fact]
    public Task RevealCancel() => ShowsFile("DenseNet.RevealCancel.Cpu");

    [Fact]
    public Task Compiled() => ShowsFile("DigitNet.Compiled");

    [Fact]
    public Task Network() => ShowsFile("DigitNet.Network");

    [Fact]
    public Task Residual() => ShowsFile("ResidualNet.Rescale.Cpu");

    [Fact]
    public Task MaxPool() => ShowsFile("PoolNet.Rescale.Cpu");

    /// <summary>The graph of a walk back through shares.</summary>
    [Fact]
    public Task Softmax() => Shows(File("ShareNet.Rescale.Cpu").Split("#nullable")[0], nameof(Softmax));

    [Fact]
    public Task SoftmaxBack() => ShowsMembers("ShareNet.Rescale.Cpu", name => name.StartsWith("RescaleBelow", StringComparison.Ordinal));

    [Fact]
    public Task SoftmaxFormulas() => ShowsFormulas("ShareNet.Rescale.Cpu");

    [Fact]
    public Task ScanForward() => ShowsFile("StateNet.Predict.Cpu");

    [Fact]
    public Task Scan() => ShowsFile("StateNet.Rescale.Cpu");

    [Fact]
    public Task Tokens() => ShowsFile("TicketNet.Network");

    [Fact]
    public Task TokensCompiled() => ShowsFile("TicketNet.Compiled");

    [Fact]
    public Task TokensGradient() => ShowsFile("TicketNet.Gradient.Cpu");

    [Fact]
    public Task SubNetwork() => ShowsFile("Block.Layers");

    private static Task ShowsFile(string file, [CallerMemberName] string method = "") => Shows(File(file), method);

    /// <summary>Some methods of a file.</summary>
    private static Task ShowsMembers(string file, Func<string, bool> shown, [CallerMemberName] string method = "") =>
        Shows(string.Concat(CSharpSyntaxTree.ParseText(File(file)).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(member => member.Parent is ClassDeclarationSyntax && shown(member.Identifier.Text))
            .Select(member => member.ToFullString())), method);

    /// <summary>The loops of a file, one for each formula.</summary>
    private static Task ShowsFormulas(string file, [CallerMemberName] string method = "") =>
        Shows(string.Concat(CSharpSyntaxTree.ParseText(File(file)).GetRoot().DescendantNodes().OfType<StructDeclarationSyntax>()
            .Select(loop => loop.ToFullString())), method);

    private static string File(string name) => networks.Value.Files[name + ".g.cs"];

    private static Task Shows(string text, string method)
    {
        var settings = new VerifySettings();
        settings.UseMethodName(method);
        // The hash of all files says nothing of one, and is another after every change to any.
        return Verifier.Verify(Regex.Replace(text, "Hash = \"[0-9a-f]{64}\"", "Hash = \"(64 digits)\""), "cs", settings);
    }
}
