using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>
/// A network, or a question about it, as values: nodes in an order in which inputs come before their users. Equal graphs mean
/// equal code.
/// </summary>
/// <param name="Nodes">Every value; a node refers to others by index.</param>
/// <param name="Outputs">The nodes that Forward returns, in order.</param>
/// <param name="OutputNames">The names of the results: the tuple's element names, or "output".</param>
internal sealed record Graph(EquatableArray<Node> Nodes, EquatableArray<int> Outputs, EquatableArray<string> OutputNames)
{
    /// <summary>The input nodes, in the order of Forward's parameters.</summary>
    public IEnumerable<int> Inputs => Enumerable.Range(0, Nodes.Count).Where(i => Nodes[i].Op is Ops.Input);

    public override string ToString() => GraphText.Print(this);
}
