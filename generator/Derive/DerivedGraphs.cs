using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>Everything that is asked of one network.</summary>
/// <param name="Points">The values that can be asked about: outputs, logits, layers.</param>
/// <param name="Forward">The forward pass.</param>
/// <param name="Backward">One graph a pass.</param>
/// <param name="Path">The gradient along a path; null where it is not asked for, or no network needs it.</param>
internal sealed record DerivedGraphs(EquatableArray<NetworkPoint> Points, DerivedGraph Forward, EquatableArray<DerivedGraph> Backward,
    DerivedGraph? Path)
{
    /// <summary>What is linear but for kinks, where integrated gradients are asked for; else null.</summary>
    public Piecewise? Piecewise { get; init; }

    /// <summary>
    /// The questions about a checked network. <paramref name="layers"/> are the names of the points asked about, each a node's Name or a
    /// layer's Path.
    /// </summary>
    public static DerivedGraphs Of(Graph user, IReadOnlyList<string> layers, AskedMethods explain, bool maxPoolGradient = false,
        bool softmaxElementwise = false, double lrpEpsilon = LrpEpsilon.DefaultEpsilon)
    {
        var (core, points) = Core(user, layers, softmaxElementwise);
        // Where the user asks for RevealCancel on a layer, Rescale is what the others get.
        var mixed = core.Nodes.Any(node => node.Rule == RuleChoice.RevealCancel);
        var passes = MethodRegistry.Of(explain, new(maxPoolGradient, mixed, lrpEpsilon))
            .Select(method => Deriver.Derive(core, method, points));
        var path = explain.Has("IntegratedGradients") ? PathDeriver.Derive(core, points) : null;
        var forward = Deriver.Forward(core, points);
        return new DerivedGraphs(points.ToEquatable(), forward, passes.ToEquatable(), path)
        {
            Piecewise = explain.Has("IntegratedGradients") ? Piecewise.Of(forward) : null,
        };
    }

    /// <summary>What of a network is linear but for kinks; null if nothing that can be asked about is.</summary>
    public static Piecewise? PiecewiseOf(Graph user, IReadOnlyList<string> layers)
    {
        var (core, points) = Core(user, layers, false);
        return Piecewise.Of(Deriver.Forward(core, points));
    }

    // The network in core operators, and its points.
    private static (Graph Core, List<NetworkPoint> Points) Core(Graph user, IReadOnlyList<string> layers, bool softmaxElementwise)
    {
        var asked = layers.Select(name => (Name: name, Values: Named(user, name))).ToList();
        var logits = user.Outputs.Select(output => Logits(user, output)).ToList();
        var (expanded, nodeOf) = Expansion.Expand(user, asked.SelectMany(point => point.Values).Concat(logits), softmaxElementwise);
        var joined = new AllCalls(expanded);
        var wholes = asked.Select(point => point.Values.Count == 1 ? -1 : joined.Join(point.Values.Select(value => nodeOf[value]).ToList()))
            .ToList();
        var (core, newly) = joined.Build(expanded);
        int At(int value) => newly[joined.Now(nodeOf[value])];
        var classes = Classes.Of(user);
        var points = user.Outputs.Select((output, i) =>
            new NetworkPoint(user.OutputNames[i], user.Nodes[output].Shape!, "Output", At(output)) { Classes = classes[output] })
            .Concat(logits.Select((node, i) => new NetworkPoint(user.OutputNames[i], user.Nodes[node].Shape!, "Logits", At(node))
            {
                Classes = classes[user.Outputs[i]],
            }))
            .Concat(asked.Select((point, i) => Layer(point.Name, user.Nodes[point.Values[0]].Shape!,
                wholes[i] < 0 ? At(point.Values[0]) : newly[joined.Now(wholes[i])], core, classes[point.Values[0]])))
            .ToList();
        return (core, points);
    }

    private static IReadOnlyList<int> Named(Graph user, string name)
    {
        var values = Asked.IsAll(name) ? Asked.Calls(user, name) : Asked.Value(user, name) is { } value ? [value] : [];
        return values.Count > 0 ? values : throw new ArgumentException($"The network has no one layer '{name}'.", nameof(name));
    }

    // All calls are one value with a first axis of its own.
    private static NetworkPoint Layer(string name, Shape shape, int node, Graph core, Classes classes)
    {
        var calls = core.Nodes[node].Shape!.Size / shape.Size;
        return new NetworkPoint(name, calls == 1 ? shape : new Shape([calls, .. shape.ToArray()]), "Layer", node)
        {
            Calls = calls,
            Classes = calls == 1 ? classes : classes with { Axis = classes.Axis + 1 },
        };
    }

    /// <summary>What a final softmax, log-softmax or sigmoid is applied to; any other output itself.</summary>
    private static int Logits(Graph user, int output)
    {
        var node = user.Nodes[output];
        var squashes = node.Op is Softmax or LogSoftmax || node is { Op: Elementwise, Function.Type: "global::Whence.Ops.Sigmoid" };
        return squashes ? node.Inputs[0] : output;
    }
}
