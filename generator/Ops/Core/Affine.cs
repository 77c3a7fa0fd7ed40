using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>y = W x + b, or with setting "transposed" y = W^T x; settings "inputs" and "outputs" are those of W.</summary>
internal sealed class Affine : MixingOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        new(settings.Int(settings.Flag("transposed") ? "inputs" : "outputs"));

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
