using Microsoft.CodeAnalysis;
using Whence.Generator.Bind;
using Whence.Generator.Graphs;

namespace Whence.Generator.Tests.Bind;

/// <summary>Binds a class of a source and prints its graph as bound and checked.</summary>
internal static class Binding
{
    /// <summary>The network of a class in which nothing is wrong.</summary>
    public static Network Network(string file, string type = "Net", params MetadataReference[] others) => Network([file], type, others);

    /// <summary>The graph of the class Net in the first of these files.</summary>
    public static Graph Graph(params string[] files) =>
        Network(files, "Net", []).Graph ?? throw new InvalidOperationException("There is no graph.");

    /// <summary>The graph of a Net with these members.</summary>
    public static Graph Members(string members) => Graph($"[Network] public partial class Net\n{{\n{members}\n}}");

    /// <summary>Asserts how the graph prints, line ends aside.</summary>
    public static void Prints(this Graph graph, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n").Trim(), graph.ToString().Trim());

    private static Network Network(string[] files, string type, MetadataReference[] others)
    {
        var compilation = Source.Compile([.. files.Select(file => Source.Usings + file)], others);
        var bound = Bound.From(compilation.Class(type), compilation, WeightsFiles.None, default);
        Assert.Equal([], bound.Reports.Select(report => $"{report.Problem.Id} {string.Join(" | ", report.Arguments)}"));
        return bound.Network!;
    }
}
