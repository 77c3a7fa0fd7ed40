using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// An operator of the core: what every other is made of, and the only kind that methods have rules for. A rule belongs to a
/// family, not to an operator.
/// </summary>
internal abstract class CoreOp : Op
{
    // A value that is computed without weights, there and back: in products of numbers.
    private const long MoveCost = 8;

    /// <summary>Its value as a formula over its inputs at the same place; null of what is not computed element by element.</summary>
    public virtual Expr? Formula(Node node) => null;

    /// <summary>Whether its elements are some of its inputs', each as it is, in other places.</summary>
    public virtual bool IsMove(Node node) => false;

    /// <summary>Whether its elements are sums of its inputs', each times a number above 0.</summary>
    public virtual bool IsSum(Node node) => IsMove(node);

    /// <summary>A number that its values are not below, given what is known of its inputs; minus infinity where none is known.</summary>
    public virtual double Least(Node node, Steepness known) =>
        IsMove(node) ? node.Inputs.Min(known.Least) : double.NegativeInfinity;

    /// <summary>Whether its value may be infinite and the network's answer finite, given what is known of its inputs.</summary>
    public virtual bool MayBeInfinite(Node node, Steepness known) => node.Inputs.Any(known.MayBeInfinite);

    /// <summary>
    /// Whether its value may be no number and the network's answer one, given what is known of its inputs: infinities cancel in sums and
    /// products.
    /// </summary>
    public virtual bool MayHaveNoValue(Node node, Steepness known) =>
        node.Inputs.Any(IsMove(node) ? known.MayHaveNoValue : known.MayBeInfinite);

    /// <summary>
    /// The products of numbers that computing its value and going back through it take; of a value without weights, as much time as that.
    /// </summary>
    public virtual long Cost(Node node, IReadOnlyList<Node> nodes) => MoveCost * node.Shape!.Size;
}

/// <summary>What a change of the inputs that explanations are about can move; constants and inputs held fixed cannot.</summary>
internal static class Liveness
{
    /// <summary>For each node of a graph, whether it depends on an input that is not held fixed.</summary>
    public static bool[] Of(Graph graph) => Scans.Depending(graph.Nodes, IsMoved);

    /// <summary>Whether a node outside of scans is live, given which of its inputs are.</summary>
    public static bool IsLive(Node node, Func<int, bool> live) => IsMoved(node) || node.Inputs.Any(live);

    private static bool IsMoved(Node node) => node.Op is Input and not MaskInput or Embedding;
}

/// <summary>An operator linear in all its live inputs jointly, up to a constant.</summary>
internal abstract class LinearOp : CoreOp
{
    /// <summary>The multiplier of one input, given the output's.</summary>
    public abstract int Transpose(Derivation d, int node, int input, int m);

    /// <summary>The linear part, without any constant, applied to other values in the inputs' places.</summary>
    public abstract int Apply(Derivation d, int node, int[] inputs);

    /// <summary>
    /// How far its value moves along a path, where <paramref name="moves"/> says it of an input, and null of one that stays.
    /// </summary>
    public virtual int Moved(Derivation d, int node, Func<int, int?> moves) =>
        Apply(d, node, d.Forward[node].Inputs.Select(input => moves(input) ?? d.Zeros(d.Shape(input))).ToArray());
}

/// <summary>An operator linear in each of its two inputs while the other stays.</summary>
internal abstract class BilinearOp : CoreOp
{
    public override int Arity => 2;

    /// <summary>How far its value moves when one input, the first (0) or the second (1), moves and the other stays.</summary>
    public abstract int Moved(Derivation d, int node, int input, int move, int other);
}

/// <summary>An operator that takes one of the elements of its live input, the largest of some.</summary>
internal abstract class ChoiceOp : CoreOp
{
    public override double Least(Node node, Steepness known) => node.Inputs.Min(known.Least);
}

/// <summary>
/// A linear operator whose weights have both signs and mix inputs: what DeepLIFT's Linear rule is about (arXiv 1704.02685, section 3.5.1).
/// Its transpose is the same operator with setting "transposed", or without it if it has it.
/// </summary>
internal abstract class MixingOp : LinearOp
{
    // Of an infinite value times weights of both signs comes no number.
    public override bool MayBeInfinite(Node node, Steepness known) => false;

    public override int Transpose(Derivation d, int node, int input, int m) => Product(d, node, m, transposed: true, absolute: false);

    public override int Apply(Derivation d, int node, int[] inputs) => Product(d, node, inputs[0], transposed: false, absolute: false);

    /// <summary>The multiplier of the input under the weights' absolute values.</summary>
    public int TransposeAbsolute(Derivation d, int node, int m) => Product(d, node, m, transposed: true, absolute: true);

    /// <summary>The weights' absolute values applied to another value.</summary>
    public int ApplyAbsolute(Derivation d, int node, int input) => Product(d, node, input, transposed: false, absolute: true);

    private int Product(Derivation d, int node, int x, bool transposed, bool absolute)
    {
        var of = d.Forward[node];
        var settings = !transposed
            ? of.Settings
            : of.Settings.Flag("transposed") ? of.Settings.Without("transposed") : of.Settings.With("transposed", 1);
        return d.AddWeighted(this, settings, of.Weights! with { Bias = false, Absolute = absolute }, x);
    }
}

/// <summary>A function of one live input, element by element; further inputs are constants.</summary>
internal abstract class ElementwiseOp : CoreOp
{
    public abstract Expr Value(Node node, Expr x, Expr[] operands);

    public abstract Expr Slope(Node node, Expr x, Expr y, Expr[] operands);

    public abstract Expr Secant(Node node, Expr x, Expr x0, Expr y, Expr y0, Expr[] operands);

    /// <summary>As the runtime's Secants.Quotient, which says why of halves, and what far is.</summary>
    protected static Expr Quotient(Expr y, Expr y0, Expr x, Expr x0, Expr slope, Expr far)
    {
        var (d, move) = (0.5 * x - 0.5 * x0, 0.5 * y - 0.5 * y0);
        return Expr.IfZero(d, slope, Expr.IfZero(move - move, move / d, far));
    }

    public sealed override Expr? Formula(Node node) =>
        Value(node, new Argument(0), Enumerable.Range(1, node.Inputs.Count - 1).Select(i => (Expr)new Argument(i)).ToArray());

    public override int Expand(Expansion x) => x.AddFunction(this, x.Node.Function, x.Inputs);
}
