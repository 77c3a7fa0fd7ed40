namespace Whence.Gpu.Tests;

using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;

/// <summary>A kernel's PTX, compiled without a GPU, and what is wrong with it.</summary>
internal sealed class Ptx
{
    private Ptx(string text) => Text = text;

    public string Text { get; }

    /// <summary>Of one kernel.</summary>
    public static Ptx Of(Type kernel, CudaArchitecture architecture) => new(GpuPtx.Compile(kernel, architecture));

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
