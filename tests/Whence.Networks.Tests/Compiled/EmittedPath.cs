using VerifyTests;
using VerifyXunit;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// How the emitted passes along a path read: a convolution below the border, a skip connection over it, a mask held fixed.
/// </summary>
public sealed class EmittedPath
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients, Layers = ["edges"])]
        public sealed partial class GaugeNet
        {
            [Conv1d(8, kernel: 5)] private partial Tensor Conv(Tensor x);
            [Linear(16)] private partial Tensor Hidden(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 40)] Tensor signal, [Mask(2, 40)] Tensor present)
            {
                var edges = Relu(Conv(signal * present));
                return Head(Tanh(Hidden(Flatten(edges))));
            }
        }
        """));

    [Fact]
    public Task Path()
    {
        var settings = new VerifySettings();
        settings.UseMethodName(nameof(Path));
        return Verifier.Verify(networks.Value.Files["GaugeNet.Path.Cpu.g.cs"], "cs", settings);
    }
}
