using VerifyTests;
using VerifyXunit;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// How it reads that a network is linear but for kinks: a convolution whose channels lie last, a skip connection, a mask.
/// </summary>
public sealed class EmittedExact
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class RampNet
        {
            [Conv1d(8, kernel: 5)] private partial Tensor Conv(Tensor x);
            [PRelu(PerChannel = true)] private partial Tensor Slope(Tensor x);
            [Linear(16)] private partial Tensor Hidden(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 40)] Tensor signal, [Mask(2, 40)] Tensor present)
            {
                var edges = Slope(Conv(signal * present));
                var hidden = Clamp(Hidden(Flatten(MaxPool1d(edges, 2))), -1, 1);
                return Softmax(Head(hidden + LeakyRelu(hidden, 0.1)));
            }
        }
        """));

    [Fact]
    public Task Exact()
    {
        var settings = new VerifySettings();
        settings.UseMethodName(nameof(Exact));
        return Verifier.Verify(networks.Value.Files["RampNet.Exact.Cpu.g.cs"], "cs", settings);
    }
}
