using Whence.Import.Declare;
using Whence.Import.Fold;

namespace Whence.Import.Follow;

/// <summary>A graph as a network.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">How many examples the batch was of.</param>
/// <param name="OutputBatches">Which axis of each output is the batch's; -1 if none is.</param>
/// <param name="Said">Each live value that was said.</param>
internal sealed record Followed(Declaration Network, int Batch, IReadOnlyList<int> OutputBatches,
    IReadOnlyDictionary<Value, Tracked> Said)
{
    /// <summary>
    /// Values that the network can give one by one, beside each other: of real numbers, of each example alone, and no two of one step.
    /// </summary>
    public IEnumerable<Computed> Points(FoldedGraph graph) => graph.Computed
        .Where(computed => Said.TryGetValue(computed.Value, out var said) && Read.Literal.HasReals(computed.Value.Type)
            && said.Of is { Part: 0, Step: { Parts: 1, Input: null } } && said.Own.Length > 0 && (Batch == 1 || said.Batch >= 0))
        .DistinctBy(computed => Said[computed.Value].Of.Step);
}
