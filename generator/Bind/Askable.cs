using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Whence.Generator.Check;
using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>
/// What a call can ask of a compiled network: its outputs, its layers, the rules that it has, and how long a row of input is.
/// </summary>
internal sealed class Askable
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<INamedTypeSymbol, Askable?>> known = new();

    private readonly Graph graph;
    private readonly Graph whole;
    private readonly Lazy<IReadOnlyList<Ops.Classes>> classes;
    private readonly IReadOnlyList<string> points;
    private readonly Lazy<HashSet<int>?> kinked;

    private Askable(Network network, Graph graph, Graph whole)
    {
        this.whole = whole;
        (Name, this.graph, points, Explain) = (network.Name, graph, [.. network.Points], network.Explain);
        Outputs = [.. graph.Outputs.Select((node, i) => (graph.OutputNames[i], graph.Nodes[node].Shape!))];
        kinked = new(() => Explain.Has("IntegratedGradients")
            ? [.. DerivedGraphs.PiecewiseOf(graph, points)?.Points.Select(point => point.Index) ?? []]
            : null);
        classes = new(() => Ops.Classes.Of(graph));
        RowSize = graph.Inputs.Sum(input => graph.Nodes[input].Shape!.Size);
        Row = Listing.Of(graph.Inputs.Select(input => $"{graph.Nodes[input].Name} {graph.Nodes[input].Shape}"), " then ");
    }

    /// <summary>The class's name.</summary>
    public string Name { get; }

    /// <summary>Its outputs, in order.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Outputs { get; }

    /// <summary>What it is compiled to explain.</summary>
    public AskedMethods Explain { get; }

    /// <summary>
    /// The points, by their place in the signature, that are linear in the inputs but for kinks; null if integrated gradients were not
    /// asked for.
    /// </summary>
    public IReadOnlyCollection<int>? Kinked => kinked.Value;

    /// <summary>The place in the signature of an output, of its logits, or of a layer; -1 if there is none.</summary>
    public int Point(string kind, int output, string? layer) =>
        layer is not null ? points.ToList().IndexOf(layer) is var place && place < 0 ? -1 : 2 * Outputs.Count + place
        : output < 0 || output >= Outputs.Count ? -1
        : kind == "Logits" ? Outputs.Count + output : output;

    /// <summary>How many numbers a row of input has.</summary>
    public int RowSize { get; }

    /// <summary>What a row of input consists of, in words.</summary>
    public string Row { get; }

    /// <summary>
    /// The network of a class in this project; null of a block, of one in which something is wrong, and of one from elsewhere.
    /// </summary>
    public static Askable? Of(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        known.GetOrCreateValue(compilation).GetOrAdd(type, one => Read(one, compilation, cancellation));

    private static Askable? Read(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        if (!type.IsNetwork() || type.DeclaringSyntaxReferences.IsEmpty)
            return null;
        var bound = Bound.From(type, compilation, WeightsFiles.None, cancellation);
        return bound.Network?.Graph is { } graph ? new(bound.Network, graph, bound.Whole ?? graph) : null;
    }

    /// <summary>The size of the input of this name; null if there is none, or if it holds tokens.</summary>
    public int? InputSize(string name) =>
        graph.Parameters.Select(parameter => graph.Nodes[parameter])
            .FirstOrDefault(node => node.Name == name && node.Op is not Ops.TokenInput && !node.Settings.Flag("variable"))?.Shape!.Size;

    /// <summary>The input of this name that holds tokens or a variable number of positions; null if there is none.</summary>
    public Sequence? Sequence(string name)
    {
        var found = graph.Parameters.Select(parameter => (Node: graph.Nodes[parameter], Index: parameter))
            .FirstOrDefault(one => one.Node.Name == name && (one.Node.Op is Ops.TokenInput || one.Node.Settings.Flag("variable")));
        if (found.Node is not { Shape: { } shape } node)
            return null;
        var vocabularies = graph.Nodes.Where(reader => reader.Op is Ops.Embedding && reader.Inputs[0] == found.Index)
            .Select(reader => reader.Settings.Int("vocabulary")).ToList();
        return new(shape[0], node.Settings.Int("least", 1), node.Settings.Flag("variable"), shape.Size / shape[0],
            node.Op is Ops.TokenInput && vocabularies.Count > 0 ? vocabularies.Min() : null);
    }

    /// <summary>The input of this name that is not held fixed, or the first; null if there is none.</summary>
    public (string Name, Shape Shape)? Changed(string? name)
    {
        foreach (var node in graph.Inputs.Select(input => graph.Nodes[input]))
        {
            if (node.Op is not Ops.MaskInput && (name is null || node.Name == name))
                return (node.Name!, node.Shape!);
        }
        return null;
    }

    /// <summary>
    /// The shape of a layer that can be asked about, all calls of it together having a first axis more; null if it cannot.
    /// </summary>
    public Shape? Layer(string name)
    {
        if (!points.Contains(name))
            return null;
        var calls = Asked.IsAll(name) ? Asked.Calls(graph, name) : Asked.Value(graph, name) is { } value ? [value] : [];
        var shape = calls.Count == 0 ? null : graph.Nodes[calls[0]].Shape;
        return shape is null || calls.Count == 1 ? shape : new Shape([calls.Count, .. shape.ToArray()]);
    }

    /// <summary>Along which axis the classes of an output lie.</summary>
    public Ops.Classes Classes(int output) => classes.Value[graph.Outputs[output]];

    /// <summary>The same of a layer that can be asked about.</summary>
    public Ops.Classes Classes(string layer)
    {
        var calls = Asked.IsAll(layer) ? Asked.Calls(graph, layer) : Asked.Value(graph, layer) is { } value ? [value] : [];
        return calls.Count == 0 ? default : classes.Value[calls[0]];
    }

    /// <summary>The shape of the scores of a layer that can be asked about: of one call; null if it cannot.</summary>
    public Shape? LayerScores(string name) =>
        Layer(name) is { } shape && Asked.IsAll(name) && Asked.Calls(graph, name).Count > 1 ? shape.Without(0) : Layer(name);

    /// <summary>Whether a layer that was not asked for could be.</summary>
    public bool CouldAsk(string name)
    {
        var meant = Live.Meaning(graph, whole, name);
        return Asked.Value(meant, name) is { } value && meant.Nodes[value].Scan is null
            || Asked.IsAll(name) && Asked.Calls(meant, name) is { Count: > 0 } calls && !Asked.FeedEachOther(meant, calls);
    }

    /// <summary>What to write instead of a layer that cannot be asked about.</summary>
    public string Instead(string layer)
    {
        if (CouldAsk(layer))
            return $"add it to [Network(Layers = [\"{layer}\"])]";
        var more = Live.Names(graph, whole).Where(name => !points.Contains(name) && CouldAsk(name)).ToList();
        if (TensorNames.Nearest(layer, points.Concat(more)) is { } near)
            return $"did you mean '{near}'{(points.Contains(near) ? "" : $", to be added to [Network(Layers = [\"{near}\"])]")}?";
        var listed = points.Count == 0 ? "no layers" : Listing.Of(points.Select(SafetensorsHeader.Quote));
        var others = Listing.Of(more.Select(SafetensorsHeader.Quote));
        return $"it was compiled for {listed}{(more.Count == 0 ? "" : $", and [Network(Layers = ...)] may list {others} too")}";
    }
}
