namespace Whence.Gpu.Tests;

using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using Whence.Networks.Tests.Compiled;
using Xunit.Abstractions;

/// <summary>The PTX of kernels that answer for whole networks.</summary>
public class PtxOfWholeNetworks(ITestOutputHelper output)
{
    private const int MostShared = 48 * 1024;
    private const int MostInstructions = 6000;

    [Fact]
    public void OfSmallOnesIsClean() => Check(WholeSmall.Networks.Value, ["Curved", "Slid", "Looked", "Remembered"],
        CudaArchitecture.SM_80);

    [Fact]
    public void OfTrainedOnesIsClean() => Check(WholeNetworks.Networks.Value, ["tabular_mlp", "lstm_lm"], CudaArchitecture.SM_90);

    private void Check(InMemory networks, string[] names, CudaArchitecture architecture)
    {
        foreach (var name in names)
        {
            var kernels = networks.Network(name).Type.Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IWholeKernel))
                && type.DeclaringType!.Name == $"{name.Replace("_", "__")}CompiledForGpu").ToList();
            // Of paths and of rows.
            Assert.Contains(kernels, kernel => kernel.Name == "PathsKernel");
            Assert.Contains(kernels, kernel => kernel.Name == "GradientKernel");
            foreach (var kernel in kernels)
                Check($"{name}, {kernel.Name}", kernel, architecture);
        }
    }

    private void Check(string name, Type kernel, CudaArchitecture architecture)
    {
        var ptx = Ptx.Of(kernel, architecture);
        var shared = Regex.Matches(ptx.Text, @"\.shared [^\n]*\[(\d+)\]").Sum(match => int.Parse(match.Groups[1].Value));
        output.WriteLine($"{name}: {ptx.Instructions} instructions, {ptx.UniformBranches} uniform branches, {shared} bytes shared");
        Assert.Empty(ptx.Faults().Concat(UniformBranches.Faults(ptx.Text)));
        Assert.InRange(shared, 0, MostShared);
        Assert.InRange(ptx.Instructions, 1, MostInstructions);
    }
}

/// <summary>
/// Branches that are said to be taken by all threads of a group or by none, though their condition is made of which thread it is.
/// </summary>
internal static class UniformBranches
{
    public static IEnumerable<string> Faults(string ptx)
    {
        var instructions = Regex.Matches(ptx, @"^\s+(?:@!?%p\d+ )?([a-z][\w.]*)\s+(\{[^}]*\}|[^,;]+),?([^;]*);", RegexOptions.Multiline)
            .Select(match => (Operation: match.Groups[1].Value, To: Registers(match.Groups[2].Value), From: match.Groups[3].Value))
            .Where(each => !each.Operation.StartsWith("st.", StringComparison.Ordinal)).ToList();
        var own = new HashSet<string>();
        for (var count = -1; count < own.Count;)
        {
            count = own.Count;
            foreach (var (_, to, from) in instructions)
            {
                if (from.Contains("%tid", StringComparison.Ordinal) || Registers(from).Any(own.Contains))
                    own.UnionWith(to);
            }
        }
        Assert.NotEmpty(own);
        return Regex.Matches(ptx, @"@!?(%p\d+) bra\.uni").Where(match => own.Contains(match.Groups[1].Value)).Select(match => match.Value);
    }

    private static IEnumerable<string> Registers(string text) => Regex.Matches(text, @"%[a-z]+\d+").Select(match => match.Value);
}
