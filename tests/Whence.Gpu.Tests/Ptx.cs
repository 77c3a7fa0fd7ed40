namespace Whence.Gpu.Tests;

using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

/// <summary>A kernel's PTX, compiled without a GPU, and what is wrong with it.</summary>
internal sealed class Ptx
{
    private Ptx(string text) => Text = text;

    public string Text { get; }

    /// <summary>Compiles one kernel in a context of its own: one that is refused spoils its context for all that come after.</summary>
    public static Ptx Of(Type kernel, CudaArchitecture architecture)
    {
        using var context = Context.Create(builder =>
            builder.Optimize(OptimizationLevel.O2).EnableAlgorithms().CPU(new CPUDevice(32, 4, 1)));
        using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_75, null!);
        var run = kernel.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(method => method.Name == "Run" && method.GetParameters().Length == 1);
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(run);
        return new Ptx(((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly);
    }

    /// <summary>What a driver would run slowly, or not at all.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (pattern, what) in new[]
        {
            (@"^\s*(\.visible )?\.func[^{]*;", "a function without a body"), (@"\.local", "local memory"), (@"\bcall\b", "a call"),
            (@"\.f64", "double precision"), (@"\bld\.(f32|v4|u32|b32)", "a generic load"), (@"\bst\.(f32|v4|u32|b32)", "a generic store"),
        })
        {
            if (Regex.Match(Text, pattern, RegexOptions.Multiline) is { Success: true } match)
                yield return $"{what}: {Line(match.Index)}";
        }
    }

    /// <summary>Branches that are said to be taken by all threads of a group or none.</summary>
    public int UniformBranches => Regex.Matches(Text, @"@!?%p\d+ bra\.uni").Count;

    public int Instructions => Regex.Matches(Text, @"^\s+(@!?%p\d+ )?[a-z][a-z0-9.]* ?[^\n]*;", RegexOptions.Multiline).Count;

    private string Line(int index)
    {
        var start = Text.LastIndexOf('\n', index) + 1;
        return Text[start..Text.IndexOf('\n', index)].Trim();
    }
}
