using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>Makes a graph, node by node. Equal nodes are made once, so that common subexpressions are common.</summary>
internal sealed class GraphBuilder
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<Node, int> known = [];

    public Node this[int index] => nodes[index];

    public int Count => nodes.Count;

    /// <summary>Adds a node, or finds its equal; returns its index.</summary>
    public int Add(Node node)
    {
        if (known.TryGetValue(node, out var index))
            return index;
        nodes.Add(node);
        return known[node] = nodes.Count - 1;
    }

    /// <summary>Adds a node even if it has an equal: inputs, and calls the user wrote twice.</summary>
    public int AddDistinct(Node node)
    {
        nodes.Add(node);
        known[node] = nodes.Count - 1;
        return nodes.Count - 1;
    }

    /// <summary>Puts words to a node that has none.</summary>
    public void Say(int index, Wording said)
    {
        if (nodes[index].Said.Words is null)
            nodes[index] = nodes[index] with { Said = said with { Roles = nodes[index].Said.Roles } };
    }

    public int Add(Op op, Settings settings, params int[] inputs) => Add(new Node(op, inputs.ToEquatable(), settings));

    public Graph Build(IEnumerable<int> outputs, IEnumerable<string> names) =>
        new(nodes.ToEquatable(), outputs.ToEquatable(), names.ToEquatable());
}
