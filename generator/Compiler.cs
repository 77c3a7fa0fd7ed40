using System.Text;
using Whence.Generator.Derive;
using Whence.Generator.Emit;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator;

/// <summary>From a network to its source files: ask every question, plan it, write it.</summary>
internal static class Compiler
{
    public static IEnumerable<(string HintName, string Text)> Compile(Network network) => Compile(network, Targets.Of(network));

    /// <summary>The files of a network for some targets side by side; its class runs on the first.</summary>
    public static IEnumerable<(string HintName, string Text)> Compile(Network network, IReadOnlyList<ITarget> targets)
    {
        if (network.Graph is not { } graph)
            return Missing(network);
        var graphs = DerivedGraphs.Of(graph, [.. network.Points], network.Explain, network.MaxPoolGradient, network.SoftmaxElementwise,
            network.LrpEpsilon);
        var plans = targets.Select(target => Plans.Of(graphs, target.Limits)).ToList();
        var files = targets.Zip(plans, (target, plan) => target.Write(new CompiledClass(network, graphs, Type(network, target)), plan))
            .SelectMany(file => file);
        return files.Prepend(NetworkFile.Write(network, Type(network, targets[0]), plans[0]));
    }

    /// <summary>What is written of a network that is not compiled, so that no use of it is an error too.</summary>
    public static IEnumerable<(string HintName, string Text)> Missing(Network network) =>
        network.Members is null ? [] : [NetworkFile.WriteMissing(network, network.Members)];

    // No type of the runtime's ends in Compiled, which the class would hide from its own code; nor do two targets' have one name.
    private static string Type(Network network, ITarget target) =>
        $"{Identifier(network.MetadataName)}Compiled{(target is Emit.Cpu.CpuTarget ? "" : "For" + target.Name)}";

    /// <summary>A metadata name ("Shop.Models+Net") as an identifier, so that different names stay different.</summary>
    private static string Identifier(string metadataName)
    {
        var text = new StringBuilder();
        foreach (var c in metadataName)
            text.Append(char.IsLetterOrDigit(c) ? c.ToString() : c == '_' ? "__" : c == '.' ? "_" : $"_{(int)c:x}_");
        return text.ToString();
    }
}
