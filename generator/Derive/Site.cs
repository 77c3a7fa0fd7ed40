using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>
/// A forward node as a rule sees it: its values, and those of what it reads, stand in formulas under the papers' symbols. A rule is given
/// the site that it goes back through, whose own value is y and whose input's is x.
/// </summary>
internal readonly struct Site(Derivation graph, int id, string symbol = "y")
{
    /// <summary>The graph that the rule writes to.</summary>
    public Derivation Graph { get; } = graph;

    /// <summary>The node's index in the core graph.</summary>
    public int Id { get; } = id;

    public Node Node => Graph.Forward[Id];

    public Shape Shape => Node.Shape!;

    /// <summary>Whether it depends on an input that is not held fixed.</summary>
    public bool Live => Graph.Live(Id);

    /// <summary>Its value at x.</summary>
    public Expr Value => new Leaf(Graph.Value(Id), symbol);

    /// <summary>Its value at the reference.</summary>
    public Expr Reference => new Leaf(Graph.Reference(Id), symbol + "0");

    /// <summary>How far it is from its reference.</summary>
    public Expr Difference => new Leaf(Graph.Difference(Id), "d" + symbol);

    /// <summary>What it reads, or the first of what it reads.</summary>
    public Site Input => Reads(0);

    /// <summary>One of what it reads.</summary>
    public Site Reads(int input, string called = "x") => new(Graph, Node.Inputs[input], called);

    /// <summary>The values of what an elementwise function reads beside x: constants.</summary>
    public Expr[] Operands
    {
        get
        {
            var (d, inputs) = (Graph, Node.Inputs);
            return Enumerable.Range(1, inputs.Count - 1)
                .Select(i => (Expr)new Leaf(d.Value(inputs[i]), inputs.Count == 2 ? "k" : $"k{i}"))
                .ToArray();
        }
    }

    /// <summary>Whether a slope may be infinite here, so that 0 times it has to be 0.</summary>
    public bool IsGuarded => Graph.Steepness.Guards(Id);

    /// <summary>Whether its value may be infinite, and the network's answer finite.</summary>
    public bool MayBeInfinite => Graph.Steepness.MayBeInfinite(Id);

    /// <summary>How the gradient that comes back to it may be infinite.</summary>
    public Taint Coming => Graph.Steepness.Coming(Id);

    /// <summary>A derived value in a formula.</summary>
    public Expr Of(int derived, string called = "m") => new Leaf(derived, called);

    /// <summary>A formula as a value of its own, by the default a multiplier that goes back through this node.</summary>
    public int Map(Expr formula) => Graph.Map(formula);

    /// <summary>A formula as a value that the papers have a symbol for, and a reader words, with {0} for this node's name.</summary>
    public int Map(string symbol, string words, Expr formula, string? loop = null) =>
        Graph.Map(formula, new Wording(Id, symbol, words) { Loop = loop });

    /// <summary>Words for a value that is no formula.</summary>
    public int Said(string symbol, string words, int derived)
    {
        Graph.Say(derived, new Wording(Id, symbol, words));
        return derived;
    }

    /// <summary>The slope of the function here.</summary>
    public Expr Slope(ElementwiseOp op) => op.Slope(Node, Input.Value, Value, Operands);

    /// <summary>The function's secant between two arguments, given its values there.</summary>
    public Expr Secant(ElementwiseOp op, Expr from, Expr to, Expr valueFrom, Expr valueTo) =>
        op.Secant(Node, to, from, valueTo, valueFrom, Operands);

    /// <summary>The function of an argument.</summary>
    public Expr Apply(ElementwiseOp op, Expr x) => op.Value(Node, x, Operands);

    /// <summary>A slope or a secant, where it may be infinite, with 0 for all that 0 is multiplied by.</summary>
    public Expr Times(Expr m, Expr slope) => IsGuarded ? Expr.Steep("Times", m, slope) : m * slope;

    /// <summary>
    /// A secant between these arguments and values; where it may be infinite, 0 if there is no difference of the arguments, or an infinite
    /// one of which the values have none.
    /// </summary>
    public Expr Guarded(Expr secant, Expr x, Expr x0, Expr y, Expr y0) => IsGuarded
        ? Expr.IfZero(y - y0, Expr.Steep("Finite", secant), Expr.Steep("Secant", secant, x, x0))
        : secant;
}
