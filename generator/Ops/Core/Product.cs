using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The elementwise product of two live values.</summary>
internal sealed class Product : BilinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Expr? Formula(Node node) => new Argument(0) * (Expr)new Argument(1);

    public override double Least(Node node, Steepness known) =>
        node.Inputs[0] == node.Inputs[1] || node.Inputs.Min(known.Least) >= 0 ? 0 : double.NegativeInfinity;

    public override int Moved(Derivation d, int node, int input, int move, int other) =>
        d.Map(new Leaf(move, "dx") * (Expr)new Leaf(other, "k"));
}
