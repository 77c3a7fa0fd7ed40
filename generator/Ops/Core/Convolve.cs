using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// A convolution over a window given by its settings, in one or two dimensions; with setting "transposed", from the output's shape back
/// to the input's.
/// </summary>
internal sealed class Convolve : MixingOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        !settings.Flag("transposed") ? Window.Output(inputs[0], settings) :
        inputs[0].Rank == 2 ? new Shape(settings.Int("channels"), settings.Int("width")) :
        new Shape(settings.Int("channels"), settings.Int("height"), settings.Int("width"));

    public override long Cost(Node node, IReadOnlyList<Node> nodes)
    {
        var s = node.Settings;
        var places = (s.Flag("transposed") ? nodes[node.Inputs[0]] : node).Shape!.Size;
        return 2L * places * s.Int("kernelHeight") * s.Int("kernelWidth") * s.Int("channels") / s.Int("groups", 1);
    }
}
