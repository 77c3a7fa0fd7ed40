using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>The largest of several linear pieces for each output.</summary>
internal sealed class Maxout : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Int("outputs") < 1 ? $"has {settings.Int("outputs")} outputs, but needs at least 1" :
        settings.Int("pieces") < 1 ? $"has {settings.Int("pieces")} pieces, but needs at least 1" :
        inputs[0].Rank != 1 ? $"takes [features], not {inputs[0]}; Flatten makes one axis of several" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Int("outputs"));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.Maxout(inputs[0], settings.Int("outputs"), settings.Int("pieces"), settings.Flag("bias", true));

    public override IEnumerable<Shape> Within(IReadOnlyList<Shape> inputs, Settings settings) =>
        [new(settings.Int("outputs"), settings.Int("pieces"))];

    public override int Expand(Expansion x)
    {
        var pieces = x.Node.Settings.Int("pieces");
        var (inputs, each) = (x.InputShape(0).Size, new Shape(x.Shape.Size, pieces));
        var affine = x.AddWeighted(Registry.Dense, Settings.Of(("inputs", inputs), ("outputs", each.Size)), x.Inputs[0]);
        var window = Window.Of(each, Settings.Of(("window", pieces)), pieces, x.Shape.Size);
        return x.Reshape(x.Add(Registry.MaxPieces, window, x.Reshape(affine, each)), x.Shape);
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(5)), Settings.Of(("outputs", 4), ("pieces", 3))),
        new(EquatableArray.Of(new Shape(3)), Settings.Of(("outputs", 2), ("pieces", 2), ("bias", 0))),
    ];
}
