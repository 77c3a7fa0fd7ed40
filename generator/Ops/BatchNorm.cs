using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>Batch normalisation at inference: y = k x + s for each channel, k = gamma / sqrt(var + epsilon).</summary>
internal sealed class BatchNorm : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "takes at least one axis, not a scalar" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.BatchNorm(inputs[0]);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, axes[0] > 0);

    /// <summary>
    /// Folded into the Linear or convolution below, if nothing else reads that one's value; else a scale and a shift a channel.
    /// </summary>
    public override int Expand(Expansion x)
    {
        if (x.Folded(x.Inputs[0]) is { } folded)
            return folded;
        var scale = x.Weight(WeightKind.Scale, x.Inputs[0]);
        var shift = x.Weight(WeightKind.Shift, x.Inputs[0]);
        return x.Add(Registry.Scale, Settings.None, x.Inputs[0], scale, shift);
    }

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(3, 4)), Settings.None), new(EquatableArray.Of(new Shape(5)), Settings.None)];
}
