using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Networks.Tests.Golden;

/// <summary>
/// The DeepLIFT authors' guard against empty parts, put into a question's graph in place of the continuous limit: a part nearer to
/// zero than 5e-8 is moved away from it by 1e-7 (deeplift/layers/helper_functions.py, pseudocount_near_zero).
/// </summary>
internal static class AuthorsGuard
{
    /// <summary>
    /// The guard as an expression. A part that is zero but for rounding counts as zero, which it is in the authors' masked sums.
    /// </summary>
    public static Expr Moved(Expr part) =>
        Expr.IfPositive(Expr.Abs(part) - 5e-8, part,
            Expr.IfPositive(1e-14 - Expr.Abs(part), 1e-7, Expr.IfPositive(part, part + 1e-7, part - 1e-7)));

    /// <summary>The question with every credit factor of RevealCancel as the authors compute it.</summary>
    public static DerivedGraph Guarded(DerivedGraph derived)
    {
        var nodes = derived.Nodes.Select(node => IsCreditFactor(node) ? node with { Expr = Factor(node) } : node).ToEquatable();
        return derived with { Nodes = nodes };
    }

    /// <summary>How many factors a question still has in the form with the continuous limit.</summary>
    public static int Factors(DerivedGraph derived) => derived.Nodes.Count(IsCreditFactor);

    // The mean of two secants over the reference's value, this part and the other.
    private static bool IsCreditFactor(Node node) =>
        node is { Op: Map, Inputs.Count: 3, Expr: Arithmetic { Operation: "Multiply" } half }
        && half.Operands[0] is Number { Value: 0.5 }
        && half.Operands[1] is Arithmetic { Operation: "Add" } sum && sum.Operands.All(term => term is Apply { Part: Part.Secant });

    private static Expr Factor(Node node)
    {
        var function = ((Apply)((Arithmetic)((Arithmetic)node.Expr!).Operands[1]).Operands[0]).Function;
        Expr F(Expr x) => new Apply(function, Part.Value, EquatableArray.Of(x));
        var (r, part, other) = (new Argument(0), Moved(new Argument(1)), Moved(new Argument(2)));
        var credit = 0.5 * (F(r + part) - F(r)) + 0.5 * (F(r + other + part) - F(r + other));
        return credit / part;
    }
}
