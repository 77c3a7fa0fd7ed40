using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>A parameter of Forward. Its shape is declared, not inferred.</summary>
internal sealed class Input : Op
{
    public override int Arity => 0;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        throw new InvalidOperationException("An input's shape is declared.");
}
