using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// A tensor of the weights file by itself, setting "axes": the same for every example, so that nothing is attributed to it.
/// </summary>
internal sealed class FreeParameter : Op
{
    public override string Name => nameof(Parameter);

    public override int Arity => 0;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Ints("axes").Any(axis => axis < 1)
            ? $"has the shape [{Listing.Of(settings.Ints("axes"))}], but each axis is at least 1"
            : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Ints("axes"));

    // The tensor's name is whole: nothing follows the layer's.
    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.FreeParameter(settings.Ints("axes"));

    public override int Expand(Expansion x) => x.Loaded(WeightKind.Tensor);
}
