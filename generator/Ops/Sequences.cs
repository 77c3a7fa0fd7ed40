using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>Tensors of one shape along a new axis 0.</summary>
internal sealed class Stack : Op
{
    public override int Arity => -1;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs.FirstOrDefault(x => !x.Equals(inputs[0])) is { } odd ? $"cannot stack {inputs[0]} and {odd}: all must have one shape" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new([inputs.Count, .. inputs[0].ToArray()]);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, axes.All(axis => axis >= 0)) is { Positions: Positions.Apart, Axis: var axis }
            ? Ops.Along.Apart(axis + 1)
            : Positions.Mixed;

    public override int Expand(Expansion x)
    {
        var one = new Shape([1, .. x.InputShape(0).ToArray()]);
        return x.Add(Registry.Join, Settings.Of(("axis", 0)), x.Inputs.Select(input => x.Reshape(input, one)).ToArray());
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(4), new Shape(4)), Settings.None),
        new(EquatableArray.Of(new Shape(2, 3), new Shape(2, 3)), Settings.None),
    ];
}

/// <summary>Axis 0 backwards.</summary>
internal sealed class Reverse : Op
{
    public override bool MovesTokens(Settings settings) => true;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "takes at least one axis, not a scalar" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        axes[0] == 0 ? new(Positions.Apart, 0, -1, inputs[0][0] - 1) : Ops.Along.Same(axes);

    public override int Expand(Expansion x) => x.Reversed(x.Inputs[0]);

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(5)), Settings.None), new(EquatableArray.Of(new Shape(3, 4)), Settings.None)];
}

/// <summary>The last part along axis 0.</summary>
internal sealed class Last : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "takes at least one axis, not a scalar" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0].Without(0);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        axes[0] == 0 ? Positions.Gathered : Positions.Mixed;

    public override int Expand(Expansion x)
    {
        var length = x.InputShape(0)[0];
        if (Mask.Of(x) is not { } mask || length == 1)
            return x.Reshape(x.Cut(x.Inputs[0], length - 1, 1), x.Shape);
        // One at the last position that is present: where the mask is and its neighbour's is not.
        var after = x.Add(Registry.Border, Settings.Of(("axis", 0), ("before", 0), ("after", 1), ("value", 0)), x.Cut(mask, 1, length - 1));
        var last = x.Combine([1, -1], mask, after);
        return x.Reshape(x.Sum(x.Product(x.Inputs[0], Mask.Spread(x, last)), 0, 1), x.Shape);
    }

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(4, 3)), Settings.None), new(EquatableArray.Of(new Shape(3, 2, 2)), Settings.None)];
}

/// <summary>One of the tensors that a layer returns: settings "index" and "of".</summary>
internal sealed class Item : Op
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0].With(0, inputs[0][0] / settings.Int("of"));

    public override int Expand(Expansion x) => x.Cut(x.Inputs[0], x.Node.Settings.Int("index") * x.Shape[0], x.Shape[0]);
}
