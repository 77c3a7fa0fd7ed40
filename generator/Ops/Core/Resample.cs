using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// Along an axis, each place is a weighted sum of places of the input, the weights constant and not negative: settings "axis", "taps" for
/// each place, and [places, taps] "indices" and "weights"; without weights all are 1.
/// </summary>
internal sealed class Resample : LinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), settings.Numbers("indices").Length / settings.Int("taps"));

    // Without weights places are taken as they are: each of one place, since nothing else leaves the weights out.
    public override bool IsMove(Node node) => !node.Settings.Has("weights") && node.Settings.Int("taps") == 1;

    public override double Least(Node node, Steepness known) =>
        IsMove(node) ? known.Least(node.Inputs[0]) : known.Least(node.Inputs[0]) >= 0 ? 0 : double.NegativeInfinity;

    public override int Transpose(Derivation d, int node, int input, int m) =>
        d.Add(Registry.ResampleBack, d.Forward[node].Settings, d.Shape(d.Forward[node].Inputs[0]), m);

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);
}

/// <summary>
/// The transpose of <see cref="Resample"/>: what comes to a place is the sum of what it was used for, in ascending order.
/// </summary>
internal sealed class ResampleBack : DerivedOp;
