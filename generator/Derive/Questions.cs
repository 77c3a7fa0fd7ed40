using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>Everything that is asked of one network.</summary>
/// <param name="Points">The values that can be asked about: outputs, logits, layers.</param>
/// <param name="Forward">The forward pass.</param>
/// <param name="Walks">One question a flow.</param>
internal sealed record Questions(EquatableArray<NetworkPoint> Points, Question Forward, EquatableArray<Question> Walks)
{
    /// <summary>
    /// The questions about a checked network. <paramref name="layers"/> are the names of the points asked about, each a node's Name or a layer's Path.
    /// </summary>
    public static Questions Of(Graph user, IReadOnlyList<string> layers, MethodSet explain, bool maxPoolGradient = false, bool softmaxElementwise = false, double lrpEpsilon = LrpEpsilon.DefaultEpsilon)
    {
        var asked = layers.Select(name => (Name: name, Node: Find(user, name) ?? throw new ArgumentException($"The network has no layer '{name}'.", nameof(layers)))).ToList();
        var logits = user.Outputs.Select(output => Logits(user, output)).ToList();
        var (core, nodeOf) = Expansion.Expand(user, asked.Select(point => point.Node).Concat(logits), softmaxElementwise);
        var points = user.Outputs.Select((output, i) => new NetworkPoint(user.OutputNames[i], user.Nodes[output].Shape!, "Output", nodeOf[output]))
            .Concat(logits.Select((node, i) => new NetworkPoint(user.OutputNames[i], user.Nodes[node].Shape!, "Logits", nodeOf[node])))
            .Concat(asked.Select(point => new NetworkPoint(point.Name, user.Nodes[point.Node].Shape!, "Layer", nodeOf[point.Node])))
            .ToList();
        // Where the user asks for RevealCancel on a layer, Rescale is what the others get.
        var mixed = core.Nodes.Any(node => node.Rule == RuleChoice.RevealCancel);
        var walks = Methods(explain, maxPoolGradient, mixed, lrpEpsilon).Select(method => Deriver.Derive(core, method, points));
        return new Questions(points.ToEquatable(), Deriver.Forward(core, points), walks.ToEquatable());
    }

    /// <summary>The node of a name: a local's, else a layer's first call; "Fc1.2" is its second.</summary>
    public static int? Find(Graph user, string name)
    {
        var byName = LastIndex(user, node => node.Name == name);
        if (byName is not null)
            return byName;
        var dot = name.LastIndexOf('.');
        if (dot > 0 && int.TryParse(name.Substring(dot + 1), out var call) && Calls(user, name.Substring(0, dot)) is { } several && call >= 2 && call <= several.Count)
            return several[call - 1];
        return Calls(user, name) is { Count: > 0 } calls ? calls[0] : null;
    }

    private static List<int> Calls(Graph user, string path) =>
        Enumerable.Range(0, user.Nodes.Count).Where(i => user.Nodes[i].Layer?.Path == path).ToList();

    // A local that is assigned again means its last value.
    private static int? LastIndex(Graph user, Func<Node, bool> test)
    {
        for (var i = user.Nodes.Count - 1; i >= 0; i--)
        {
            if (test(user.Nodes[i]))
                return i;
        }
        return null;
    }

    /// <summary>What a final softmax, log-softmax or sigmoid is applied to; any other output itself.</summary>
    private static int Logits(Graph user, int output)
    {
        var node = user.Nodes[output];
        var squashes = node.Op is Softmax or LogSoftmax || node is { Op: Elementwise, Function.Type: "global::Whence.Ops.Sigmoid" };
        return squashes ? node.Inputs[0] : output;
    }

    private static IEnumerable<Method> Methods(MethodSet explain, bool maxPoolGradient, bool mixed, double lrpEpsilon)
    {
        if (explain.HasFlag(MethodSet.Gradient))
            yield return new Gradient();
        if (explain.HasFlag(MethodSet.GuidedBackprop))
            yield return new GuidedBackprop();
        if (explain.HasFlag(MethodSet.DeconvNet))
            yield return new DeconvNet();
        if (explain.HasFlag(MethodSet.Rescale))
            yield return mixed ? new RevealCancel(maxPoolGradient, Preset.Rescale) : new Rescale(maxPoolGradient);
        if (explain.HasFlag(MethodSet.RevealCancel))
            yield return new RevealCancel(maxPoolGradient, Preset.RevealCancel);
        if (explain.HasFlag(MethodSet.Genomics))
            yield return new RevealCancel(maxPoolGradient, Preset.Genomics);
        if (explain.HasFlag(MethodSet.GuidedBackpropRescale))
            yield return new GuidedBackpropRescale(maxPoolGradient);
        if (explain.HasFlag(MethodSet.LrpEpsilon))
            yield return new LrpEpsilon(lrpEpsilon);
    }
}
