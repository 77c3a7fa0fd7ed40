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
    /// <summary>What a row of input holds, in order: Forward's parameters, and the embeddings of those that are tokens.</summary>
    public IEnumerable<int> Inputs => Enumerable.Range(0, Nodes.Count).Where(i => Nodes[i].Op is Ops.Input or Ops.Embedding);

    /// <summary>Forward's parameters, in order.</summary>
    public IEnumerable<int> Parameters => Enumerable.Range(0, Nodes.Count)
        .Where(i => Nodes[i].Op is Ops.TokenInput || Nodes[i].Op is Ops.Input && Nodes[i].Inputs.Count == 0);

    public override string ToString() => GraphText.Print(this);
}
