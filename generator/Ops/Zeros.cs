using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>A tensor of zeros.</summary>
internal sealed class Zeros : Op
{
    public override int Arity => 0;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Ints("axes").Any(axis => axis <= 0) ? $"takes axes of at least 1, not {settings}" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Ints("axes"));

    public override int Expand(Expansion x) => x.Constant([0], x.Shape);
}
