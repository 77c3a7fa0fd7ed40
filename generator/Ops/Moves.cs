using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>Two axes exchanged.</summary>
internal sealed class Transpose : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var wrong = new[] { settings.Int("first"), settings.Int("second") }.Where(axis => axis < 0 || axis >= inputs[0].Rank).ToList();
        return inputs[0].Rank > Permute.Most
            ? $"takes at most {Permute.Most} axes, not {inputs[0]}"
            : wrong.Count == 0 ? null : NoAxis(wrong[0], inputs[0]);
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        new(Order(inputs[0], settings).Select(axis => inputs[0][axis]).ToArray());

    public override int Expand(Expansion x) => x.Permute(x.Inputs[0], Order(x.InputShape(0), x.Node.Settings));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Apart(Array.IndexOf(Order(inputs[0], settings), axes[0]));

    private static int[] Order(Shape x, Settings settings)
    {
        var (first, second) = (settings.Int("first"), settings.Int("second"));
        return Enumerable.Range(0, x.Rank).Select(axis => axis == first ? second : axis == second ? first : axis).ToArray();
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("first", 0), ("second", 1))),
        new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.Of(("first", 2), ("second", 1))),
    ];
}

/// <summary>Places of one axis, by constant indices.</summary>
internal sealed class Gather : Op
{
    public override bool MovesTokens(Settings settings) => settings.Int("axis") == 0;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (axis, indices) = (settings.Int("axis"), settings.Ints("indices"));
        if (axis < 0 || axis >= inputs[0].Rank)
            return NoAxis(axis, inputs[0]);
        var wrong = indices.Where(index => index < 0 || index >= inputs[0][axis]).ToList();
        return indices.Length == 0 ? "takes at least one index" :
            wrong.Count > 0 ? $"takes indices from 0 to {inputs[0][axis] - 1} of axis {axis} of {inputs[0]}, not {wrong[0]}" : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), settings.Numbers("indices").Length);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Taken(axes, settings.Int("axis"), settings.Ints("indices").All(index => index == 0));

    public override int Expand(Expansion x) =>
        x.Resample(x.Inputs[0], x.Node.Settings.Int("axis"), 1, x.Node.Settings.Ints("indices"), []);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(4, 3)), Settings.Of(("axis", 0)).With("indices", 2, 0, 2, 3, 2)),
        new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.Of(("axis", 2)).With("indices", 3, 3, 1)),
        new(EquatableArray.Of(new Shape(5)), Settings.Of(("axis", 0)).With("indices", 4, 1)),
    ];
}
