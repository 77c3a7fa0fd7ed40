using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// What the normalisations by an example's own statistics have in common: each value less a mean, times the reciprocal root of the mean of
/// squares, then a weight and a bias.
/// </summary>
internal abstract class Normalisation : Op
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Expand(Expansion x)
    {
        var value = x.Inputs[0];
        if (IsCentred)
            value = x.Combine([1, -1], value, Spread(x, Mean(x, value)));
        // The root is taken before spreading: there are fewer of them.
        var root = x.Apply(Functions.ReciprocalSqrt,
            x.Offset(Mean(x, x.Apply(Functions.Square, value, RuleChoice.Rescale)), x.Node.Settings.Number("epsilon", 1e-5)),
            RuleChoice.Rescale);
        var normal = x.Product(value, Spread(x, root));
        var roles = Parameters([x.Shape], x.Node.Settings).Select(parameter => parameter.Role).ToList();
        var operands = new List<int> { normal };
        if (roles.Contains("weight"))
            operands.Add(x.Weight(WeightKind.Gain, normal, Trailing(x)));
        if (roles.Contains("bias"))
            operands.Add(x.Weight(WeightKind.Offset, normal, Trailing(x)));
        return roles.Count == 0 ? normal : x.Add(Registry.Scale, Settings.None, [.. operands]);
    }

    /// <summary>Whether the mean is subtracted first.</summary>
    protected virtual bool IsCentred => true;

    /// <summary>How many of the last axes the weights have; 0 where they have the first.</summary>
    protected abstract int Trailing(Expansion x);

    /// <summary>The means of what is normalised together.</summary>
    protected abstract int Mean(Expansion x, int value);

    /// <summary>Such means repeated over the whole shape.</summary>
    protected abstract int Spread(Expansion x, int means);

    protected static int MeanOver(Expansion x, int value, IEnumerable<int> axes) =>
        axes.Aggregate(value, (sum, axis) => x.Shape[axis] == 1 ? sum : x.Sum(sum, axis, 1.0 / x.Shape[axis]));
}

/// <summary>Over the last axes.</summary>
internal abstract class LastAxesNormalisation : Normalisation
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        Axes(settings) is var axes && (axes < 1 || axes > inputs[0].Rank)
            ? $"normalises {axes} axes, but {inputs[0]} has {inputs[0].Rank}"
            : null;

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, axes[0] < inputs[0].Rank - Axes(settings));

    protected override int Trailing(Expansion x) => Axes(x.Node.Settings);

    protected override int Mean(Expansion x, int value) =>
        MeanOver(x, value, Enumerable.Range(x.Shape.Rank - Axes(x.Node.Settings), Axes(x.Node.Settings)));

    protected override int Spread(Expansion x, int means) => x.SpreadTo(means, x.Shape);

    private static int Axes(Settings settings) => settings.Int("axes", 1);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(6)), Settings.None),
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("epsilon", 0.01))),
        new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.Of(("axes", 2))),
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("affine", 0))),
    ];
}

/// <summary>Layer normalisation.</summary>
internal sealed class LayerNorm : LastAxesNormalisation
{
    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.LayerNorm(inputs[0], settings.Int("axes", 1), settings.Flag("affine", true), settings.Flag("bias", true));

    public override IEnumerable<Example> Examples =>
        base.Examples.Append(new(EquatableArray.Of(new Shape(4, 3)), Settings.Of(("bias", 0))));
}

/// <summary>Root-mean-square normalisation.</summary>
internal sealed class RmsNorm : LastAxesNormalisation
{
    protected override bool IsCentred => false;

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.RmsNorm(inputs[0], settings.Int("axes", 1), settings.Flag("affine", true));
}

/// <summary>Channels in groups, with the places of each.</summary>
internal sealed class GroupNorm : Normalisation
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "takes [channels, ...], not a scalar" :
        Groups(settings) is var groups && (groups < 1 || inputs[0][0] % groups != 0)
            ? $"has {groups} groups, which do not divide {inputs[0][0]} channels"
            : null;

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.GroupNorm(inputs[0], settings.Flag("affine", true));

    protected override int Trailing(Expansion x) => 0;

    // First each channel's mean over its places: what is regrouped after that is small.
    protected override int Mean(Expansion x, int value)
    {
        var channels = MeanOver(x, value, Enumerable.Range(1, x.Shape.Rank - 1));
        var (groups, each) = (Groups(x.Node.Settings), x.Shape[0] / Groups(x.Node.Settings));
        return each == 1 ? channels : x.Sum(x.Reshape(channels, new Shape(groups, each)), 1, 1.0 / each);
    }

    protected override int Spread(Expansion x, int means)
    {
        var (groups, each) = (Groups(x.Node.Settings), x.Shape[0] / Groups(x.Node.Settings));
        if (each > 1)
            means = x.Reshape(x.SpreadTo(means, new Shape(groups, each)),
                new Shape([x.Shape[0], .. Enumerable.Repeat(1, x.Shape.Rank - 1)]));
        return x.SpreadTo(means, x.Shape);
    }

    private static int Groups(Settings settings) => settings.Int("groups");

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(4, 3, 2)), Settings.Of(("groups", 2))),
        new(EquatableArray.Of(new Shape(4, 5)), Settings.Of(("groups", 1), ("epsilon", 0.01))),
        new(EquatableArray.Of(new Shape(6)), Settings.Of(("groups", 2), ("affine", 0))),
    ];
}

/// <summary>Each channel on its own.</summary>
internal sealed class InstanceNorm : Normalisation
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank < 2 ? $"takes [channels, ...] with at least two axes, not {inputs[0]}" : null;

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.InstanceNorm(inputs[0], settings.Flag("affine"));

    protected override int Trailing(Expansion x) => 0;

    protected override int Mean(Expansion x, int value) => MeanOver(x, value, Enumerable.Range(1, x.Shape.Rank - 1));

    protected override int Spread(Expansion x, int means) => x.SpreadTo(means, x.Shape);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4, 2)), Settings.Of(("affine", 1))),
        new(EquatableArray.Of(new Shape(3, 5)), Settings.None),
    ];
}
