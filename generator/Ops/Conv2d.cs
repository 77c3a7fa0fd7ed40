using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>Slides its filters over [channels, height, width].</summary>
internal sealed class Conv2d() : Convolution(3, "[channels, height, width]")
{
    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.Conv2d(inputs[0], settings.Int("filters"), settings.Int("kernel"), settings.Int("kernelWidth"),
            settings.Int("groups", 1), settings.Flag("bias", true));

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 8, 8)), Settings.Of(("filters", 4), ("kernel", 3), ("pad", 1))),
        new(EquatableArray.Of(new Shape(2, 7, 9)),
            Settings.Of(("filters", 4), ("kernel", 3), ("stride", 2), ("pad", 1), ("groups", 2), ("bias", 0))),
        new(EquatableArray.Of(new Shape(2, 9, 8)),
            Settings.Of(("filters", 3), ("kernel", 3), ("dilation", 2), ("kernelWidth", 2), ("strideWidth", 3))),
        new(EquatableArray.Of(new Shape(2, 5, 6)),
            Settings.Of(("filters", 3), ("kernel", 3), ("padEnd", 2), ("padWidth", 2), ("padWidthEnd", 0))),
        new(EquatableArray.Of(new Shape(2, 5, 6)),
            Settings.Of(("filters", 3), ("kernel", 4), ("kernelWidth", 3), ("stride", 2), ("padding", 1))),
    ];
}
