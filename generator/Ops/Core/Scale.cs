using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>k x, or k x + s: element by element, with constants k and s. Inputs: x, k and perhaps s.</summary>
internal sealed class Scale : LinearOp
{
    public override int Arity => -1;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Transpose(Derivation d, int node, int input, int m) =>
        d.Steepness.Coming(node) == Taint.None && !d.Steepness.MayBeInfinite(d.Forward[node].Inputs[1])
        ? Times(d, node, m)
        : d.Map(Expr.Steep("Times", new Leaf(m, "m"), Factor(d, node)));

    public override int Apply(Derivation d, int node, int[] inputs) => Times(d, node, inputs[0]);

    public override Expr? Formula(Node node) => node.Inputs.Count == 3
        ? new Argument(0) * (Expr)new Argument(1) + new Argument(2)
        : new Argument(0) * (Expr)new Argument(1);

    public override double Least(Node node, Steepness known) =>
        node.Inputs.Count == 2 && node.Inputs.Min(known.Least) >= 0 ? 0 : double.NegativeInfinity;

    // The factors stay as they are.
    public override int Moved(Derivation d, int node, Func<int, int?> moves) =>
        Apply(d, node, d.Forward[node].Inputs.Select(input => moves(input) ?? d.Value(input)).ToArray());

    private static int Times(Derivation d, int node, int x) => d.Map(new Leaf(x, "m") * Factor(d, node));

    private static Expr Factor(Derivation d, int node) => new Leaf(d.Value(d.Forward[node].Inputs[1]), "k");
}
