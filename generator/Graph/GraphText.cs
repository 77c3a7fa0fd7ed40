using System.Text;
using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>Prints a graph, a node a line: <c>%2 relu [32, 13, 13] = Relu(%1)</c>. For headers, tests and the debugger.</summary>
internal static class GraphText
{
    public static string Print(Graph graph)
    {
        var text = new StringBuilder();
        for (var i = 0; i < graph.Nodes.Count; i++)
            text.Append(Line(graph, i)).Append('\n');
        return text.ToString();
    }

    /// <summary>One node's line.</summary>
    public static string Line(Graph graph, int index)
    {
        var node = graph.Nodes[index];
        var name = node.Name ?? node.Layer?.Path ?? (node.Said.Words is null ? null : $"{node.Said.Symbol} of %{node.Said.Of}");
        var label = (name is null ? "" : " " + name) + (node.Shape is null ? "" : " " + node.Shape);
        return $"%{index}{label} = {Call(node)}{(node.Scan is { } scan ? $" in scan {scan.Id}{(scan.Reversed ? " backwards" : "")}" : "")}";
    }

    private static string Call(Node node)
    {
        if (node.Expr is { } expr)
            return ExprText.Print(expr, index => $"%{node.Inputs[index]}");
        var what = node.Function?.Name ?? node.Op.Name;
        var arguments = node.Inputs.Select(input => $"%{input}").ToList();
        if (Worth(node.Settings) is { Items.Count: > 0 } settings)
            arguments.Add(settings.ToString());
        if (node.Weights?.Norm is { } norm)
            arguments.Add($"with {norm.Path}");
        if (node.Weights is { Absolute: true })
            arguments.Add("absolute");
        return $"{what}({string.Join(", ", arguments)})";
    }

    // A window's sizes are in the shapes, and what is usual goes without saying.
    private static Settings Worth(Settings settings) => settings.Has("kernelHeight")
        ? new(settings.Items
            .Where(item => item.Name is not ("channels" or "height" or "width" or "filters") && !Ops.Window.IsUsual(item))
            .ToEquatable())
        : new(settings.Items.Where(item => !Ops.Window.IsUnsaid(item)).ToEquatable());
}
