using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>Slides its filters over [channels, length].</summary>
internal sealed class Conv1d() : Convolution(2, "[channels, length]")
{
    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.Conv1d(inputs[0], settings.Int("filters"), settings.Int("kernel"), settings.Int("groups", 1),
            settings.Flag("bias", true));

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 9)), Settings.Of(("filters", 4), ("kernel", 3))),
        new(EquatableArray.Of(new Shape(4, 7)), Settings.Of(("filters", 2), ("kernel", 3), ("oneHot", 1))),
        new(EquatableArray.Of(new Shape(4, 9)),
            Settings.Of(("filters", 6), ("kernel", 3), ("stride", 2), ("pad", 2), ("dilation", 2), ("groups", 2))),
        new(EquatableArray.Of(new Shape(2, 8)), Settings.Of(("filters", 3), ("kernel", 4), ("stride", 3), ("padding", 2))),
    ];
}
