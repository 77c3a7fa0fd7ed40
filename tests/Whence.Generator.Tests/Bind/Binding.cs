using Whence.Generator.Bind;
using Whence.Generator.Graphs;

namespace Whence.Generator.Tests.Bind;

/// <summary>Binds the class Net of a source and prints its graph as bound and checked.</summary>
internal static class Binding
{
    public static Network Network(params string[] files)
    {
        var compilation = Source.Compile([Source.Usings + files[0], .. files.Skip(1).Select(file => Source.Usings + file)]);
        var bound = Bound.From(compilation.Class("Net"), compilation, WeightsFiles.None, default);
        Assert.Equal([], bound.Reports.Select(report => $"{report.Problem.Id} {string.Join(" | ", report.Arguments)}"));
        return bound.Network!;
    }

    public static Graph Graph(params string[] files) => Network(files).Graph ?? throw new InvalidOperationException("There is no graph.");

    /// <summary>The graph of a Net with these members.</summary>
    public static Graph Members(string members) => Graph($"[Network] public partial class Net\n{{\n{members}\n}}");

    /// <summary>Asserts how the graph prints, line ends aside.</summary>
    public static void Prints(this Graph graph, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n").Trim(), graph.ToString().Trim());
}
