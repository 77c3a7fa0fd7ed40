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

    public override int Transpose(Derivation d, int node, int input, int m) => Apply(d, node, m, transposed: true, absolute: false);

    public override int TransposeAbsolute(Derivation d, int node, int m) => Apply(d, node, m, transposed: true, absolute: true);

    public override int Apply(Derivation d, int node, int[] inputs) => Apply(d, node, inputs[0], transposed: false, absolute: false);

    public override int ApplyAbsolute(Derivation d, int node, int input) => Apply(d, node, input, transposed: false, absolute: true);

    private int Apply(Derivation d, int node, int x, bool transposed, bool absolute)
    {
        var of = d.Forward[node];
        var settings = transposed ? of.Settings.With("transposed", 1) : of.Settings;
        return d.AddWeighted(this, settings, of.Weights! with { Bias = false, Absolute = absolute }, x);
    }
}
