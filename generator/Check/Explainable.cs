using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>Whether what was asked of a network can be answered: what a method cannot serve is said here, not computed wrongly.</summary>
internal static class Explainable
{
    /// <summary>What is wrong with asking <paramref name="network"/>'s methods of a shaped graph.</summary>
    public static IReadOnlyList<Finding> Findings(Graph shaped, Network network)
    {
        var findings = new List<Finding>();
        var live = Liveness.Of(shaped);
        for (var i = 0; i < shaped.Nodes.Count; i++)
        {
            if (network.Explain.Has("Genomics") && Unresolved(shaped, live, i) is { } below)
                findings.Add(new Finding(Problems.GenomicsNeedsLayer, i, EquatableArray.Of(Called(shaped.Nodes[i]), Called(below))));
            if (network.Explain.Has("DeconvNet") && NoActivation(shaped.Nodes[i], live))
                findings.Add(new Finding(Problems.NoRule, i, EquatableArray.Of("DeconvNet", Called(shaped.Nodes[i]),
                    "it applies an activation to what flows back, which this does not take; Gradient and GuidedBackprop can")));
        }
        return findings;
    }

    /// <summary>What an activation stands above, if the genomics preset cannot choose a rule by it.</summary>
    private static Node? Unresolved(Graph graph, bool[] live, int index)
    {
        var node = graph.Nodes[index];
        if (node.Op is not ElementwiseOp
            || !live[index]
            || node.Rule != RuleChoice.Inherit
            || node.Function is { IsPartial: true }
            || IsOutputOnly(graph, index))
            return null;
        var below = graph.Nodes[node.Inputs[0]];
        // A product with what is held fixed, such as a mask, is a scale.
        while (below is { Op: BatchNorm or Dropout or Multiply, Rule: RuleChoice.Inherit } && below.Inputs.Count(input => live[input]) == 1)
            below = graph.Nodes[below.Inputs.Single(input => live[input])];
        return below.Op is Linear or Convolution || below.Rule != RuleChoice.Inherit ? null : graph.Nodes[node.Inputs[0]];
    }

    // A final sigmoid is above the target: its rule is never used.
    private static bool IsOutputOnly(Graph graph, int index) =>
        graph.Outputs.Contains(index) && !graph.Nodes.Any(node => node.Inputs.Contains(index));

    // Where no input reaches, nothing flows back: a division by constants is a scaling.
    private static bool NoActivation(Node node, bool[] live) =>
        (node.Op is Divide or Normalisation or LocalResponseNorm || node.Function is { IsArithmetic: true })
            && live[node.Inputs[node.Inputs.Count - 1]];

    private static string Called(Node node) => node.Text ?? node.Layer?.Path ?? node.Function?.Name ?? node.Name ?? node.Op.Name;
}
