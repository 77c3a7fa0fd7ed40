using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>A dense layer: y = W x + b.</summary>
internal sealed class Linear : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Int("outputs") < 1 ? $"has {settings.Int("outputs")} outputs, but needs at least 1" :
        inputs[0].Rank != 1 ? $"takes [features], not {inputs[0]}; Flatten makes one axis of several" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Int("outputs"));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings)
    {
        yield return new("weight", new Shape(settings.Int("outputs"), inputs[0].Size));
        if (settings.Flag("bias", true))
            yield return new("bias", new Shape(settings.Int("outputs")));
    }

    public override Positions Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<bool> varies) =>
        inputs[0].Rank > 1 ? Positions.Apart : Positions.Mixed;

    public override int Expand(Expansion x) =>
        x.AddWeighted(Registry.Affine, Settings.Of(("inputs", x.InputShape(0).Size), ("outputs", x.Shape.Size)), x.Inputs[0]);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(7)), Settings.Of(("outputs", 5))),
        new(EquatableArray.Of(new Shape(3)), Settings.Of(("outputs", 2), ("bias", 0))),
    ];
}
