using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// The sum of neighbouring channels, those beyond the border counted as 0, times a factor and plus an offset: settings "before", "after",
/// "factor" and "offset".
/// </summary>
internal sealed class ChannelWindow : LinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override double Least(Node node, Steepness known) =>
        node.Settings.Number("factor") >= 0 && known.Least(node.Inputs[0]) >= 0 ? node.Settings.Number("offset") : double.NegativeInfinity;

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var settings = d.Forward[node].Settings;
        var back = settings.With("before", settings.Int("after")).With("after", settings.Int("before")).With("offset", 0);
        return d.Add(this, back, d.Shape(node), m);
    }

    public override int Apply(Derivation d, int node, int[] inputs) =>
        d.Add(this, d.Forward[node].Settings.With("offset", 0), d.Shape(node), inputs);
}
