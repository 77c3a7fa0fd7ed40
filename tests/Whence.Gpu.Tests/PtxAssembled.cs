namespace Whence.Gpu.Tests;

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Whence.Generator.Emit.Ilgpu;
using Xunit.Abstractions;

/// <summary>
/// What NVIDIA's assembler makes of networks' kernels: it takes their text, and no thread's values are kept in memory. Where
/// <c>ptxas</c>, of CUDA's toolkit, is on the path, or where WHENCE_PTXAS says.
/// </summary>
[Trait("Long", "gpu")]
public class PtxAssembled(ITestOutputHelper output)
{
    // Of 128 threads in a group, with which three groups or more run on a multiprocessor at once.
    private const int MostRegisters = 168;

    [SkippableTheory, InlineData("tabular_mlp", "sm_80"), InlineData("mnist_cnn", "sm_90"), InlineData("lstm_lm", "sm_90")]
    public void KeepsAllInRegisters(string network, string architecture)
    {
        var net = WholeNetworks.Networks.Value.Network(network).Load(Weights.Random(1)).Compiled;
        var onGpu = net.GetType().GetMethod("OnGpu")!;
        Skip.If(Run("--version") is null, "There is no ptxas on the path, nor where WHENCE_PTXAS says.");
        var text = GpuPtx.Of(device => (GpuNetwork)onGpu.Invoke(net, [device])!, architecture);
        var kernels = Assembled(text, architecture);
        Assert.Equal(Regex.Matches(text, @"^\.visible \.entry ", RegexOptions.Multiline).Count, kernels.Count);
        foreach (var kernel in kernels)
            output.WriteLine(kernel.ToString());
        Assert.All(kernels, kernel => Assert.Equal(SharedBytes(kernel.Name) ?? kernel.Shared, kernel.Shared));
        // Beside its floats a thread has addresses and counts.
        Assert.All(kernels, kernel => Assert.InRange(kernel.Registers - LiveFloats(kernel.Name) ?? 0, 0, MostRegisters));
        Assert.DoesNotContain(kernels, kernel => kernel.Stack > 0 || kernel.Spilt > 0 || kernel.Registers > MostRegisters);
    }

    // What the planner says of products.
    private static int? SharedBytes(string kernel) => TileOf(kernel) is { } columns ? LaunchCost.SharedBytes(columns) : null;

    private static int? LiveFloats(string kernel) => TileOf(kernel) is { } columns ? LaunchCost.LiveFloats(columns, operands: 1) : null;

    private static int? TileOf(string kernel) => kernel.Split('_') is ["Product", var tile, ..]
        ? tile switch { "NarrowTile" => 32, "TallTile" => 64, _ => 128 }
        : null;

    private static List<Kernel> Assembled(string text, string architecture)
    {
        var folder = Directory.CreateTempSubdirectory("whence-ptxas");
        try
        {
            var file = Path.Combine(folder.FullName, "net.ptx");
            File.WriteAllText(file, text);
            var told = Run("-v", $"-arch={architecture}", file, "-o", Path.Combine(folder.FullName, "net.cubin"))!;
            return [.. Regex.Matches(told, @"entry function '(\w+)'[\s\S]*?(\d+) bytes stack frame, (\d+) bytes spill stores[\s\S]*?"
                + @"Used (\d+) registers(?:, (\d+) bytes smem)?").Select(match => new Kernel(match.Groups[1].Value, Number(match, 2),
                    Number(match, 3), Number(match, 4), match.Groups[5].Success ? Number(match, 5) : 0))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    // What it tells; null where there is none.
    private static string? Run(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("WHENCE_PTXAS") ?? "ptxas", arguments)
            {
                RedirectStandardError = true, RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var version = process.StandardOutput.ReadToEndAsync();
            var told = process.StandardError.ReadToEnd() + version.Result;
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, told);
            return told;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private sealed record Kernel(string Name, int Stack, int Spilt, int Registers, int Shared);
}
