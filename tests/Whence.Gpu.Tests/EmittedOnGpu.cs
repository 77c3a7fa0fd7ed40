namespace Whence.Gpu.Tests;

using VerifyTests;
using VerifyXunit;
using Whence.Networks.Tests.Compiled;

/// <summary>How a program for a device reads.</summary>
public sealed class EmittedOnGpu
{
    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients, Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class GaugeNet
        {
            [Conv1d(8, kernel: 5)] private partial Tensor Conv(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 40)] Tensor signal) => Head(Flatten(Relu(Conv(signal))));
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    [Fact]
    public Task Path() => Check(nameof(Path), "GaugeNet.Path.Gpu.g.cs");

    [Fact]
    public Task Paths() => Check(nameof(Paths), "GaugeNet.Paths.Gpu.g.cs");

    [Fact]
    public Task Rows() => Check(nameof(Rows), "GaugeNet.GradientRows.Gpu.g.cs");

    [Fact]
    public Task Compiled() => Check(nameof(Compiled), "GaugeNet.Compiled.Gpu.g.cs");

    private static Task Check(string name, string file)
    {
        var settings = new VerifySettings();
        settings.UseMethodName(name);
        return Verifier.Verify(Networks.Value.Files[file], "cs", settings);
    }
}
