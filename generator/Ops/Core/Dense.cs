using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// y = W x + b along the last axis, or with setting "transposed" y = W^T x; settings "inputs" and "outputs" are those of W.
/// </summary>
internal sealed class Dense : MixingOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(inputs[0].Rank - 1, settings.Int(settings.Flag("transposed") ? "inputs" : "outputs"));

    public override long Cost(Node node, IReadOnlyList<Node> nodes) =>
        2L * node.Shape!.Size * node.Settings.Int(node.Settings.Flag("transposed") ? "outputs" : "inputs");
}
