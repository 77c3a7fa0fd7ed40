using System.Globalization;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>One axis of all.</summary>
internal sealed class Flatten : Op
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(inputs[0].Size);

    public override int Expand(Expansion x) => x.Reshape(x.Inputs[0], x.Shape);

    public override IEnumerable<Example> Examples => [new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.None)];
}

/// <summary>The same elements, in row-major order, under other axes.</summary>
internal sealed class Reshape : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var axes = settings.Ints("axes");
        return axes.Any(axis => axis < 1) ? $"takes axes of at least 1, not ({Listing.Of(axes)}): no size is found from the others" :
            Shape.Count(axes) is var size && size > Shape.MostElements
                ? $"cannot make [{Listing.Of(axes)}] of {inputs[0]}: a value has at most {Shape.MostElements} elements" :
            size != inputs[0].Size ? $"cannot make [{Listing.Of(axes)}] of {inputs[0]}: {size} elements of {inputs[0].Size}" : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Ints("axes"));

    public override int Expand(Expansion x) => x.Reshape(x.Inputs[0], x.Shape);

    public override IEnumerable<Example> Examples => [new(EquatableArray.Of(new Shape(2, 6)), Settings.Of("axes", [3, 2, 2]))];
}

/// <summary>Puts tensors one after the other along an axis.</summary>
internal sealed class Concat : Op
{
    public override bool MovesTokens(Settings settings) => settings.Int("axis") == 0;

    public override int Arity => -1;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var axis = settings.Int("axis");
        if (axis < 0 || axis >= inputs[0].Rank)
            return NoAxis(axis, inputs[0]);
        var odd = inputs.FirstOrDefault(x => x.Rank != inputs[0].Rank || !x.With(axis, 1).Equals(inputs[0].With(axis, 1)));
        return odd is null ? null : $"cannot join {inputs[0]} and {odd} along axis {axis}: the other axes differ";
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), Shape.Axis(inputs.Sum(x => (long)x[settings.Int("axis")])));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        IsBehind(axes, settings.Int("axis"))
            ? new(Positions.Apart, settings.Int("axis"), 1, -inputs.Take(inputs.Count - 1).Sum(x => x[settings.Int("axis")]))
            : Ops.Along.Same(axes, axes.All(axis => axis >= 0 && axis != settings.Int("axis")));

    // What varies alone comes last, behind what is always there, as a class token.
    private static bool IsBehind(IReadOnlyList<int> axes, int axis) =>
        axes.Count > 1 && axes[axes.Count - 1] == axis && axes.Take(axes.Count - 1).All(other => other < 0);

    public override int Expand(Expansion x) => x.Add(Registry.Join, Settings.Of(("axis", x.Node.Settings.Int("axis"))), x.Inputs);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(2, 3), new Shape(4, 3)), Settings.Of(("axis", 0))),
        new(EquatableArray.Of(new Shape(2, 3, 2), new Shape(2, 1, 2)), Settings.Of(("axis", 1))),
    ];
}

/// <summary>A stretch of one axis.</summary>
internal sealed class Slice : Op
{
    /// <summary>
    /// The setting of one that takes as many positions as a text has: which of the masks that say how many is the text's, in their order,
    /// and how many more. Of the text as it was declared they are all.
    /// </summary>
    public const string With = "with";

    public override bool MovesTokens(Settings settings) => settings.Int("axis") == 0;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (axis, start, length) = (settings.Int("axis"), settings.Int("start"), settings.Int("length"));
        return axis < 0 || axis >= inputs[0].Rank ? NoAxis(axis, inputs[0]) :
            start < 0 || length < 1 || start > inputs[0][axis] - length
                ? $"takes {length} from {start} of an axis of {inputs[0][axis]}"
                : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), settings.Int("length"));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Taken(axes, settings.Int("axis"), (settings.Int("start"), settings.Int("length")) == (0, 1));

    public override int Expand(Expansion x) =>
        x.Node.Settings.Has(With) && x.Shape.Equals(x.InputShape(0))
            ? x.Inputs[0]
            : x.Node.Settings.Int("axis") == 0
                ? x.Cut(x.Inputs[0], x.Node.Settings.Int("start"), x.Node.Settings.Int("length"))
                : x.Add(Registry.Cut, x.Node.Settings.Without(With), x.Inputs[0]);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(5, 3)), Settings.Of(("axis", 0), ("start", 1), ("length", 3))),
        new(EquatableArray.Of(new Shape(2, 3, 6)), Settings.Of(("axis", 2), ("start", 2), ("length", 4))),
    ];
}

/// <summary>A value before and after an axis.</summary>
internal sealed class Pad : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var axis = settings.Int("axis");
        return axis < 0 || axis >= inputs[0].Rank ? NoAxis(axis, inputs[0]) :
            settings.Int("before") < 0 || settings.Int("after") < 0
                ? $"pads by {settings.Int("before")} and {settings.Int("after")}, but needs at least 0"
                : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0]
            .With(settings.Int("axis"), Shape.Axis((long)inputs[0][settings.Int("axis")] + settings.Int("before") + settings.Int("after")));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, settings.Int("axis") != axes[0]);

    public override int Expand(Expansion x) => x.Add(Registry.Border, x.Node.Settings, x.Inputs[0]);

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.Of(("axis", 1), ("before", 1), ("after", 2), ("value", 0.5)))];
}

/// <summary>Nothing, at inference.</summary>
internal sealed class Dropout : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Has("rate") && settings.Number("rate") is not (>= 0 and < 1)
            ? $"has a rate of {settings.Number("rate").ToString(CultureInfo.InvariantCulture)}, but needs one from 0 to below 1"
            : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) => Ops.Along.Same(axes);

    public override int Expand(Expansion x) => x.Inputs[0];

    public override IEnumerable<Example> Examples => [new(EquatableArray.Of(new Shape(4)), Settings.None)];
}
