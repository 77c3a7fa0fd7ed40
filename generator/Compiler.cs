using System.Text;
using Whence.Generator.Derive;
using Whence.Generator.Emit;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator;

/// <summary>From a network to its source files: ask every question, plan it, write it.</summary>
internal static class Compiler
{
    public static IEnumerable<(string HintName, string Text)> Compile(Network network)
    {
        if (network.Graph is not { } graph)
            return network.Members is null ? [] : [NetworkFile.WriteMissing(network, network.Members)];
        var graphs = DerivedGraphs.Of(graph, [.. network.Points], network.Explain, network.MaxPoolGradient, network.SoftmaxElementwise,
            network.LrpEpsilon);
        // No type of the runtime's ends in this, which the class would hide from its own code.
        var type = Identifier(network.MetadataName) + "Compiled";
        var files = Targets.All.SelectMany(
            target => target.Write(new CompiledClass(network, graphs, type), Plans.Of(graphs, target.Limits)));
        return files.Prepend(NetworkFile.Write(network, type, graphs.Path is not null));
    }

    /// <summary>A metadata name ("Shop.Models+Net") as an identifier, so that different names stay different.</summary>
    private static string Identifier(string metadataName)
    {
        var text = new StringBuilder();
        foreach (var c in metadataName)
            text.Append(char.IsLetterOrDigit(c) ? c.ToString() : c == '_' ? "__" : c == '.' ? "_" : $"_{(int)c:x}_");
        return text.ToString();
    }
}
