using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The elementwise product of two live values.</summary>
internal sealed class Product : CoreOp
{
    public override int Arity => 2;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];
}
