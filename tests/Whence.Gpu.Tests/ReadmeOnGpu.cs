namespace Whence.Gpu.Tests;

using System.Runtime.CompilerServices;
using Whence.Networks.Tests.Compiled;

/// <summary>What the README shows of devices is what compiles here, line by line.</summary>
public class ReadmeOnGpu
{
    private const string Source = """
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Backends = Backends.Cpu | Backends.Gpu)]
        public partial class DigitNet
        {
            [Linear(10)] private partial Tensor Fc(Tensor x);

            public Tensor Forward([Shape(784)] Tensor image) => Fc(image);
        }

        public static class Program
        {
            public static Attribution Why(DigitNet net, float[] image)
            {
                using var gpu = GpuDevice.Best();
                var fast = net.OnGpu(gpu);
                return fast.DeepLift(image, Target.Unit(7));
            }
        }
        """;

    [Fact]
    public void Its_lines_are_those_compiled_here()
    {
        Assert.NotEmpty(InMemory.Compile(Source, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly).Files);
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "README.md");
        var readme = File.ReadAllText(path).ReplaceLineEndings("\n");
        var block = readme.Split("```csharp\n").Skip(1).Select(each => each.Split("```")[0]).Single(each => each.Contains("GpuDevice"));
        var lines = block.Split('\n').Select(line => line.Split("//")[0].Split("{ /*")[0].Trim()).Where(line => line.Length > 0);
        Assert.All(lines, line => Assert.Contains(line, Source));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
