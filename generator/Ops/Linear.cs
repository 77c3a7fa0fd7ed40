using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>A dense layer along the last axis: y = W x + b for each position of the others.</summary>
internal sealed class Linear : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Int("outputs") < 1 ? $"has {settings.Int("outputs")} outputs, but needs at least 1" :
        inputs[0].Rank == 0 ? "takes [..., features], not a scalar" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(inputs[0].Rank - 1, settings.Int("outputs"));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.Linear(inputs[0], settings.Int("outputs"), settings.Flag("bias", true));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, axes[0] < inputs[0].Rank - 1);

    public override int Expand(Expansion x) =>
        x.AddWeighted(Registry.Dense, Settings.Of(("inputs", Last(x.InputShape(0))), ("outputs", Last(x.Shape))), x.Inputs[0]);

    private static int Last(Shape shape) => shape[shape.Rank - 1];

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(7)), Settings.Of(("outputs", 5))),
        new(EquatableArray.Of(new Shape(3)), Settings.Of(("outputs", 2), ("bias", 0))),
        new(EquatableArray.Of(new Shape(4, 5)), Settings.Of(("outputs", 3))),
        new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.Of(("outputs", 6), ("bias", 0))),
    ];
}
