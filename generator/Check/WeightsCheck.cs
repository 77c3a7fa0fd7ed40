using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>A mistake in a weights file: at a layer's node, or at the whole network (-1).</summary>
/// <param name="Problem">What kind.</param>
/// <param name="Node">The layer's first call, or -1.</param>
/// <param name="Arguments">The particulars.</param>
/// <param name="Nearest">The name in the file, without its last part, that the layer probably means; or null.</param>
internal sealed record WeightsFinding(Problem Problem, int Node, EquatableArray<string> Arguments, string? Nearest = null);

/// <summary>Compares a shaped network with the header of its weights file.</summary>
internal sealed class WeightsCheck(Graph graph, string network, string file, SafetensorsHeader header)
{
    private readonly HashSet<string> used = [];
    private readonly List<WeightsFinding> findings = [];

    /// <summary>One finding a layer; unused tensors only where nothing else is wrong, because a missing one is often among them.</summary>
    public IReadOnlyList<WeightsFinding> Findings()
    {
        var layers = FirstCalls();
        foreach (var (node, parameters) in layers)
            used.UnionWith(parameters.SelectMany(parameter => Parts(node, parameter)));
        foreach (var (node, parameters) in layers)
            Check(node, parameters);
        if (findings.Count == 0)
            CheckUnused();
        return findings;
    }

    private List<(int Node, List<Parameter> Parameters)> FirstCalls() =>
        Enumerable.Range(0, graph.Nodes.Count)
            .Where(i => graph.Nodes[i].Layer is not null)
            .GroupBy(i => graph.Nodes[i].Layer!.Path)
            .Select(calls => (calls.First(), graph.Nodes[calls.First()].Parameters(graph).ToList()))
            .ToList();

    private SafetensorsEntry? Find(int node, Parameter parameter) =>
        Names(node, parameter).Select(header.Find).FirstOrDefault(entry => entry is not null);

    private Parametrisation? FindParts(int node, Parameter parameter) =>
        Names(node, parameter).Select(name => Parametrisation.Find(name, header)).FirstOrDefault(parts => parts is not null);

    private IEnumerable<string> Parts(int node, Parameter parameter) =>
        Find(node, parameter) is { } entry ? [entry.Name] : FindParts(node, parameter)?.Parts.Select(part => part.Name) ?? [];

    private List<string> Names(int node, Parameter parameter) =>
        graph.Nodes[node].Layer!.TensorNames.Select(name => TensorNames.Join(name, parameter.Role)).ToList();

    private void Check(int node, List<Parameter> parameters)
    {
        var path = graph.Nodes[node].Layer!.Path;
        foreach (var parameter in parameters)
        {
            if (Wrong(node, path, parameter) is not { } finding)
                continue;
            findings.Add(finding);
            return;
        }
    }

    private WeightsFinding? Wrong(int node, string path, Parameter parameter)
    {
        var axes = parameter.Shape.ToArray();
        if (Find(node, parameter) is { } entry)
        {
            if (!entry.HasAxes(axes))
                return new(Problems.TensorShape, node,
                    EquatableArray.Of(path, entry.Name, parameter.Shape.ToString(), file, entry.ShapeText,
                        WeightAdvice.OfShape(entry, axes) is { } unfit ? $": {unfit}" : ""));
            return entry.HoldsWeights ? null : new(Problems.TensorType, node, EquatableArray.Of(path, entry.Name, file, entry.DType));
        }
        if (FindParts(node, parameter) is not { } parts)
            return Missing(node, path, parameter, axes);
        return parts.Complaint(axes) is { } complaint
            ? new(Problems.TensorParts, node, EquatableArray.Of(path, parts.Name, parameter.Shape.ToString(), file, complaint))
            : null;
    }

    private WeightsFinding Missing(int node, string path, Parameter parameter, int[] axes)
    {
        var names = Names(node, parameter);
        var free = header.Entries.Where(entry => !used.Contains(entry.Name)).ToList();
        var near = TensorNames.Nearest(names, axes, free.Count > 0 ? free : header.Entries);
        var words = near.Count == 0 ? "" : $"; it has {Listing.Of(near.Select(SafetensorsHeader.Quote))}";
        if (ForeignNames.Advice(header.Entries) is { } advice)
            words += $". {advice.TrimEnd('.')}";
        else if (WeightAdvice.OfMissing(names, header) is { } without)
            words += $"; or {without}";
        var end = TensorNames.Join("", parameter.Role);
        var layer = near.Where(name => name.EndsWith(end, StringComparison.Ordinal))
            .Select(name => name.Substring(0, name.Length - end.Length))
            .FirstOrDefault();
        return new(Problems.TensorMissing, node, EquatableArray.Of(path, names[0], parameter.Shape.ToString(), file, words), layer);
    }

    private void CheckUnused()
    {
        var left = header.Entries.Select(entry => entry.Name).Where(name => !used.Contains(name) && !TensorNames.IsIgnored(name)).ToList();
        if (left.Count == 0)
            return;
        findings.Add(new(Problems.TensorUnused, -1,
            EquatableArray.Of(network, Listing.Of(left.Select(SafetensorsHeader.Quote)), file)));
    }
}

/// <summary>The weights that a node's layer owns.</summary>
internal static class LayerWeights
{
    /// <summary>The weights of a layer's call in a shaped graph.</summary>
    public static IEnumerable<Parameter> Parameters(this Node node, Graph graph) =>
        node.Op.Parameters(node.Inputs.Select(input => graph.Nodes[input].Shape!).ToList(), node.Settings);
}
