namespace Whence.Gpu.Tests;

using System.Text.RegularExpressions;
using VerifyTests;
using VerifyXunit;
using Whence.Networks.Tests.Compiled;

/// <summary>The text of a network's kernels.</summary>
public sealed class PtxOfNetworks
{
    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Gate
        {
            public Tensor Forward([Shape(40)] Tensor signal) => Relu(signal) + 1;
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Hidden"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Table
        {
            [Linear(16)] private partial Tensor Hidden(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(12)] Tensor x) => Head(Tanh(Hidden(x)));
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    internal static string Of(string network, string architecture = "sm_80")
    {
        var net = Networks.Value.Network(network).Load(Weights.Random(1)).Compiled;
        var onGpu = net.GetType().GetMethod("OnGpu")!;
        return GpuPtx.Of(device => (GpuNetwork)onGpu.Invoke(net, [device])!, architecture);
    }

    [Fact]
    public Task Gate()
    {
        var settings = new VerifySettings();
        settings.UseMethodName(nameof(Gate));
        return Verifier.Verify(Of("Gate"), "ptx", settings);
    }

    [Fact]
    public void IsTheSameFromRunToRun() => Assert.Equal(Of("Gate"), Of("Gate"));

    /// <summary>One module: one header, every entry of another name, all that an entry refers to inside it, and clean.</summary>
    [Fact]
    public void IsOneModuleOfAllKernels()
    {
        var text = Of("Table");
        Assert.Single(Regex.Matches(text, @"^\.version 7\.5$", RegexOptions.Multiline));
        Assert.Single(Regex.Matches(text, @"^\.target sm_80$", RegexOptions.Multiline));
        var entries = Regex.Matches(text, @"^\.visible \.entry (\w+)\(", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(entries.Distinct(), entries);
        Assert.True(entries.Count > 8, string.Join(", ", entries));
        Assert.Contains(entries, entry => entry.Contains("Tanh"));
        // Between entries there is nothing but comments: no module has variables or functions of its own, whose names could clash.
        Assert.DoesNotMatch(@"(?m)^\s*\.(global|const|shared|extern|func)", Regex.Replace(text, @"(?ms)^\{.*?^\}", ""));
    }

    /// <summary>As a build does, of every network of a program.</summary>
    [Fact]
    public void IsWrittenBesideAProgram()
    {
        var folder = Directory.CreateTempSubdirectory("whence-ptx");
        try
        {
            var files = GpuPtx.Write(Networks.Value.Network("Gate").Type.Assembly, folder.FullName);
            Assert.Equal(["Gate.ptx", "Table.ptx"], files.Select(Path.GetFileName));
            Assert.Equal(Of("Gate"), File.ReadAllText(files[0]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void AnArchitectureThatIsNoneIsRefused() =>
        Assert.Contains("written like sm_80, not volta", Assert.Throws<ArgumentException>(() => Of("Gate", "volta")).Message);
}
