using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// Numbers written in Forward: settings "values" in row-major order and "axes", none for a scalar. In core operators one value stands for
/// all where all are the same.
/// </summary>
internal sealed class Constant : CoreOp
{
    public override int Arity => 0;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Ints("axes").Any(axis => axis < 1) ? "takes at least one number" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Ints("axes"));

    public override double Least(Node node, Steepness known) => node.Settings.Numbers("values").Min();

    public override bool MayBeInfinite(Node node, Steepness known) =>
        node.Settings.Numbers("values").Any(value => float.IsInfinity((float)value));
}
