using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>What the operators over one axis have in common.</summary>
internal abstract class Reduction : Op
{
    /// <summary>What it does along the axis that it reduces, where the number of positions varies.</summary>
    protected virtual Positions OverPositions => Positions.Gathered;

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        settings.Int("axis") is var axis && axis == axes[0] ? new(OverPositions, axis) :
        Ops.Along.Apart(Output(inputs, settings).Rank < inputs[0].Rank && axis < axes[0] ? axes[0] - 1 : axes[0]);

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Int("axis") is var axis && (axis < 0 || axis >= inputs[0].Rank) ? NoAxis(axis, inputs[0]) : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Flag("keep") ? inputs[0].With(settings.Int("axis"), 1) : inputs[0].Without(settings.Int("axis"));

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("axis", 0))),
        new(EquatableArray.Of(new Shape(3, 4, 2)), Settings.Of(("axis", 1), ("keep", 1))),
        new(EquatableArray.Of(new Shape(6)), Settings.Of(("axis", 0), ("keep", 1))),
    ];
}

/// <summary>The sum along an axis.</summary>
internal sealed class Sum : Reduction
{
    public override int Expand(Expansion x) => x.Reshape(x.Sum(Mask.Present(x), x.Node.Settings.Int("axis"), 1), x.Shape);
}

/// <summary>The mean along an axis.</summary>
internal sealed class Mean : Reduction
{
    public override int Expand(Expansion x)
    {
        var axis = x.Node.Settings.Int("axis");
        if (Mask.Of(x) is not { } mask)
            return x.Reshape(x.Sum(x.Inputs[0], axis, 1.0 / x.InputShape(0)[axis]), x.Shape);
        var sum = x.Reshape(x.Sum(Mask.Present(x), axis, 1), x.Shape);
        var share = x.Apply(Functions.Reciprocal, x.Sum(mask, 0, 1));
        return x.Product(sum, x.SpreadTo(x.Reshape(share, new Shape(Enumerable.Repeat(1, x.Shape.Rank).ToArray())), x.Shape));
    }
}

/// <summary>The logarithm of the sum of exponentials along an axis.</summary>
internal sealed class LogSumExp : Reduction
{
    public override int Expand(Expansion x) => x.Reshape(x.LogSumExp(Mask.PresentOrLow(x), x.Node.Settings.Int("axis")), x.Shape);
}

/// <summary>exp(z - logsumexp(z)) along an axis.</summary>
internal sealed class Softmax : Reduction
{
    protected override Positions OverPositions => Positions.Weighed;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Expand(Expansion x) => Of(x, Mask.PresentOrLow(x), x.Node.Settings.Int("axis"));

    /// <summary>The softmax of a core node; if z may be hidden by <see cref="Mask.Lowest"/>, with shares of 0 where all of it is.</summary>
    public static int Of(Expansion x, int z, int axis, bool mayBeHidden = false)
    {
        var log = x.LogSoftmax(z, axis, mayBeHidden ? Mask.Hidden : null);
        return x.SoftmaxElementwise
            ? x.Add(Registry.SoftmaxUnit, Settings.None, z, log)
            : x.Apply(Functions.Exp, log, RuleChoice.Rescale);
    }

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(5)), Settings.None), new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("axis", 1)))];
}

/// <summary>z - logsumexp(z) along an axis.</summary>
internal sealed class LogSoftmax : Reduction
{
    protected override Positions OverPositions => Positions.Weighed;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Expand(Expansion x) => x.LogSoftmax(Mask.PresentOrLow(x), x.Node.Settings.Int("axis"));

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(5)), Settings.None), new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("axis", 1)))];
}
