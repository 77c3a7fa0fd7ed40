using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>
/// A [Network] class read and checked: what the generator writes from, and what the analyzer reports. Here alone a node's place and a
/// checker's finding meet.
/// </summary>
/// <param name="Network">The network; null if no part of the class can be written into another file.</param>
/// <param name="Reports">Everything wrong with it.</param>
internal sealed record Bound(Network? Network, IReadOnlyList<Report> Reports)
{
    /// <summary>What Forward says with what no output needs; null of a block and of a wrong network.</summary>
    public Graph? Whole { get; private init; }

    /// <summary>The network of a class, for the generator: values only.</summary>
    public static Network? From(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        // Of a class that has the attribute on several of its parts, which the compiler refuses, one speaks for all.
        var isFirst = type.Attribute(Known.Network)?.ApplicationSyntaxReference
            ?.GetSyntax(cancellation)
            .FirstAncestorOrSelf<TypeDeclarationSyntax>()
            == context.TargetNode;
        return isFirst ? From(type, context.SemanticModel.Compilation, WeightsFiles.None, cancellation).Network : null;
    }

    /// <summary>
    /// The network of a class and everything wrong with it, for the analyzer. A mistake of ours is reported like one of the user's: it must
    /// not cost the project's other networks, nor the analyzer.
    /// </summary>
    public static Bound From(INamedTypeSymbol type, Compilation compilation, WeightsFiles weights, CancellationToken cancellation)
    {
        try
        {
            return Read(type, compilation, weights, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(Declared(type, compilation, cancellation),
                [new(Problems.Internal, type.Locations[0], type.Name, Failure.Words(failure))]);
        }
    }

    /// <summary>What the class declares without what Forward says, so that its layers still get bodies; null if that fails too.</summary>
    private static Network? Declared(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        try
        {
            var declared = new Sources(compilation, cancellation).Class(type);
            return declared.CanBeWritten ? declared.Declare() : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }

    private static Bound Read(INamedTypeSymbol type, Compilation compilation, WeightsFiles weights, CancellationToken cancellation)
    {
        var sources = new Sources(compilation, cancellation);
        var declared = sources.Class(type);
        var binder = new Binder(declared, sources);
        var graph = binder.Read();
        var reports = declared.Reports.Concat(binder.Reports()).ToList();
        if (declared.Forward is not null && !reports.Exists(report => !report.Problem.IsWarning) && !binder.IsWrong)
            reports.AddRange(Unused(declared, binder));
        if (declared.Inputs is not null && graph is null && !reports.Exists(report => !report.Problem.IsWarning) && !binder.IsWrong)
            reports.Add(new(Problems.NotInForward, declared.Forward!.Locations[0], "a value that is not known when it is compiled"));
        var network = declared.CanBeWritten ? declared.Declare() : null;
        Graph? whole = null;
        if (network is not null
            && graph is not null
            && declared.Inputs is not null
            && !declared.Reports.Any(report => !report.Problem.IsWarning))
            (network, whole) = new Pairing(declared, binder, weights, reports).Check(graph, network);
        if (network is { IsOnGpu: true } && compilation.GetTypeByMetadataName(GpuDevice) is null)
        {
            reports.Add(new(Problems.GpuNotReferenced, AttributeArguments.Place(type.Attribute(Known.Network)!, "Backends"), network.Name));
            network = network with { IsOnGpu = false, Members = network.Members is { } members ? members with { IsOnGpu = false } : null };
        }
        // A block offers what a network does only where something is wrong with it, which then is all that is said.
        if (network is not null && !declared.IsMeant && !reports.Exists(report => !report.Problem.IsWarning))
            network = network with { Members = null };
        return new(network, reports) { Whole = whole };
    }

    // Of the package Whence.Gpu, without which no kernels are there to be called.
    private const string GpuDevice = "Whence.GpuDevice";

    private static IEnumerable<Report> Unused(NetworkClass declared, Binder binder) =>
        declared.Layers
            .Select(layer => (ISymbol)layer.Method)
            .Concat(declared.Fields.Where(field => field.IsSound).Select(field => field.Field))
            .Where(member => !binder.Calls(member))
            .Select(member => new Report(Problems.Unused, member.Locations[0], member.Name));

    /// <summary>Gives the checkers' findings their places.</summary>
    private sealed class Pairing(NetworkClass declared, Binder binder, WeightsFiles weights, List<Report> reports)
    {
        public (Network Network, Graph? Whole) Check(Graph bound, Network network)
        {
            var shaped = Checker.Check(bound);
            foreach (var finding in shaped.Findings.Concat(SharedLayers.Findings(shaped.Graph)))
                Report(finding, finding.Node);
            if (reports.Exists(report => !report.Problem.IsWarning))
                return (network, null);
            var (live, old) = Live.Of(shaped.Graph, network.Points);
            foreach (var finding in Explainable.Findings(live, network))
                Report(finding, old[finding.Node]);
            CheckPoints(live, shaped.Graph, network);
            CheckShared(live, old);
            CheckStabiliser(network);
            CheckWeights(live, old);
            return reports.Exists(IsWrong) ? (network, null) : (network with { Graph = live }, shaped.Graph);
        }

        /// <summary>What the compiled code cannot be written for; wrong weights are not that.</summary>
        private static bool IsWrong(Report report) =>
            !report.Problem.IsWarning && !report.Problem.Id.StartsWith("WH4", StringComparison.Ordinal);

        // What is done to tokens is done to each embedding of them, at the same place.
        private void Report(Finding finding, int node)
        {
            var place = binder.Places[node].GetLocation();
            if (!reports.Exists(known => known.Problem == finding.Problem && known.Place == place))
                reports.Add(new(finding.Problem, place, finding.Arguments));
        }

        private void CheckPoints(Graph graph, Graph whole, Network network)
        {
            var attribute = declared.Type.Attribute(Known.Network);
            var points = NetworkClass.Points(attribute).ToList();
            for (var i = 0; i < points.Count; i++)
            {
                var place = AttributeArguments.ElementPlace(attribute!, "Layers", i);
                if (string.IsNullOrWhiteSpace(points[i]))
                    reports.Add(new(Problems.LayerUnknown, place, points[i] is { } blank ? SafetensorsHeader.Quote(blank) : "null",
                        $"a layer or local has a name; {network.Name} has {Listing.Of(Live.Names(graph, whole))}"));
                else if (PointProblem(graph, whole, network, points[i]!) is { } problem)
                    reports.Add(new(problem.Problem, place, problem.Arguments));
                else if (points.IndexOf(points[i]) < i)
                    reports.Add(new(Problems.LayerListedTwice, place, SafetensorsHeader.Quote(points[i]!)));
            }
        }

        /// <summary>Layers whose names differ, but not in a weights file, unless both say so.</summary>
        private void CheckShared(Graph graph, IReadOnlyList<int> old)
        {
            var readers = new Dictionary<string, (string Path, LayerMethod Layer)>();
            for (var i = 0; i < graph.Nodes.Count; i++)
            {
                if (graph.Nodes[i].Layer is not { } called)
                    continue;
                var (layer, fields) = binder.LayerOf(old[i]);
                foreach (var tensor in graph.Nodes[i]
                    .Parameters(graph)
                    .Select(parameter => TensorNames.Join(called.TensorNames[0], parameter.Role)))
                {
                    if (!readers.TryGetValue(tensor, out var first))
                        readers[tensor] = (called.Path, layer);
                    else if (first.Path != called.Path && (first.Layer.Given is null || layer.Given is null))
                    {
                        ReportShared(first.Path, called.Path, tensor,
                            fields.Count == 0 ? layer.Method.Locations[0] : NetworkClass.Identifier(declared.Type));
                        break;
                    }
                }
            }
        }

        private void ReportShared(string first, string second, string tensor, Location place)
        {
            if (!reports.Exists(known => known.Problem == Problems.SharedTensor && known.Place == place))
                reports.Add(new(Problems.SharedTensor, place, first, second, tensor));
        }

        private static (Problem Problem, string[] Arguments)? PointProblem(Graph graph, Graph whole, Network network, string name)
        {
            var known = Live.Names(graph, whole);
            var has = known.Count == 0 ? "none" : Listing.Of(known);
            var calls = Asked.Calls(graph, name);
            var values = Asked.Values(graph, name);
            if (values.Count == 0)
            {
                return (Problems.LayerUnknown, [SafetensorsHeader.Quote(name),
                    $"{network.Name} has no layer or local of that name; it has {has}{Meant(graph, whole, name, known)}"]);
            }
            if (values.Any(value => graph.Nodes[value].Scan is not null))
                return (Problems.LayerUnknown, [SafetensorsHeader.Quote(name),
                    "that is inside a scan, where it has another value in every step; what leaves the scan can be asked about: "
                        + Outside(graph, known)]);
            var path = Asked.IsAll(name) ? name.Substring(0, name.Length - 2) : name;
            var list = Listing.Of(calls.Select((call, i) => $"'{path}.{i + 1}' is {graph.Nodes[call].Text ?? "a value"}"));
            if (values.Count > 1 && !Asked.IsAll(name))
                return (Problems.LayerAmbiguous, [name, network.Name, $"{values.Count}", list]);
            return values.Count > 1 && Asked.WhyNotSummed(graph, values) is { } why ? (Problems.CallsNotSummed, [name, why, list]) : null;
        }

        private static string Outside(Graph graph, IReadOnlyList<string> known)
        {
            var outside = known.Where(name => Asked.Values(graph, name).All(value => graph.Nodes[value].Scan is null)).ToList();
            return outside.Count == 0 ? "none" : Listing.Of(outside);
        }

        private static string Meant(Graph graph, Graph whole, string name, IReadOnlyList<string> known)
        {
            IReadOnlyList<string> Of(string path) =>
                Asked.Names(graph, path) is { Count: > 0 } named ? named : Asked.Names(whole, path);
            var near = Of(Asked.Path(name));
            if (near.Count == 0)
                near = TensorNames.Nearest(name, known.Concat(Asked.Paths(whole))) is { } nearest
                    ? known.Contains(nearest) ? [nearest] : Of(nearest)
                    : [];
            var quoted = near.Select(one => $"'{one}'").ToList();
            return quoted.Count == 0 ? "" : $"; did you mean {Listing.Of(quoted, last: " or ")}?";
        }

        private void CheckStabiliser(Network network)
        {
            if (network.LrpEpsilon is >= 0 and <= double.MaxValue)
                return;
            var written = network.LrpEpsilon.ToString("R", CultureInfo.InvariantCulture);
            reports.Add(new(Problems.StabiliserOutOfRange, AttributeArguments.Place(declared.Type.Attribute(Known.Network)!, "LrpEpsilon"),
                network.Name, written));
        }

        private void CheckWeights(Graph graph, IReadOnlyList<int> old)
        {
            var attribute = declared.Type.Attribute(Known.Network);
            var name = NetworkClass.Argument(attribute, "Weights").Value as string;
            // A network that names no file is not to be checked.
            if (name is "")
                return;
            var file = name is null ? weights.Of(declared.Type) : weights.Named(name);
            if (file is null)
            {
                if (name is not null)
                    reports.Add(new(Problems.WeightsUnknown, AttributeArguments.Place(attribute!, "Weights"), declared.Type.Name, name,
                        weights.Names));
                return;
            }
            // A damaged file is reported once, at the file.
            if (file.Header.Tensors is not { } header)
                return;
            foreach (var finding in new WeightsCheck(graph, declared.Type.Name, file.Name, header).Findings())
                reports.Add(Place(finding, old));
        }

        private Report Place(WeightsFinding finding, IReadOnlyList<int> old)
        {
            if (finding.Node < 0)
                return new(finding.Problem, NetworkClass.Identifier(declared.Type), finding.Arguments);
            var (layer, fields) = binder.LayerOf(old[finding.Node]);
            return new(finding.Problem, layer.Place!.GetLocation(), finding.Arguments) { Nearest = Below(finding.Nearest, fields) };
        }

        /// <summary>The part of a tensor's name that a layer's Name can give: what follows its fields' names.</summary>
        private static string? Below(string? name, IReadOnlyList<SubNetworkField> fields)
        {
            foreach (var field in fields)
            {
                var prefix = field.Prefixes.Select(TensorNames.Prefix)
                    .FirstOrDefault(part => name?.StartsWith(part, StringComparison.Ordinal) == true);
                if (prefix is null)
                    return null;
                name = name!.Substring(prefix.Length);
            }
            return name;
        }
    }
}
