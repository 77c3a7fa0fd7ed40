using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>Two loops over elements at the same places as one, which reads once what both read.</summary>
internal sealed class PairStep : Step
{
    private readonly Formula one;
    private readonly Formula other;

    private PairStep(MapStep first, MapStep second, Formula one, Formula other, IReadOnlyList<PlannedValue> operands)
        : base(first.To, [.. operands, second.To])
    {
        (First, Second, this.one, this.other, Operands) = (first, second, one, other, operands);
        (Guard, Scan, Comment) = (second.Guard, second.Scan, first.Comment);
    }

    /// <summary>The loops by themselves.</summary>
    public MapStep First { get; }

    public MapStep Second { get; }

    /// <summary>What both read.</summary>
    public IReadOnlyList<PlannedValue> Operands { get; }

    /// <summary>What they compute, over <see cref="Operands"/>.</summary>
    public (Expr First, Expr Second) Exprs => (Over(one), Over(other));

    /// <summary>What the formulas call each operand, of any layer; null where they have no word for it.</summary>
    public IReadOnlyList<string?> Roles => [.. Operands.Select(value => RoleIn(one, value) ?? RoleIn(other, value))];

    /// <summary>The formulas of what was taken in, each under the name that its readers have for it.</summary>
    public IReadOnlyList<string> Inner { get; private init; } = [];

    /// <summary>
    /// What it computes, over operands of these names; where loops were taken in, their formulas and then what both make of them.
    /// </summary>
    public IReadOnlyList<string> Formulas(IReadOnlyList<string> names) => Inner.Count == 0
        ? [ExprText.Print(Exprs.First, i => names[i]), ExprText.Print(Exprs.Second, i => names[i])]
        : [.. Inner, Print(First), Print(Second)];

    /// <summary>What the steps do that it has taken in.</summary>
    public IReadOnlyList<(string Text, string Shape)> Taken { get; private init; } = [];

    /// <summary>Two loops as one; null where they read more than so many operands.</summary>
    public static PairStep? Of(MapStep first, MapStep second, int most) =>
        Of(first, second, Formula.Of(first)!, Formula.Of(second)!, [], [], most);

    /// <summary>The same with a loop that only these two read; null where that takes more than so many operands.</summary>
    public PairStep? With(MapStep loop, int most)
    {
        Formula In(Formula formula) => formula.From.Contains(loop.To) ? formula.With(loop.To, Formula.Of(loop)!) : formula;
        var name = RoleIn(one, loop.To) ?? RoleIn(other, loop.To) ?? loop.To.Name;
        return Of(First, Second, In(one), In(other), [.. loop.Taken, (loop.Comment, loop.To.Shape.ToString()), .. Taken],
            [$"{name} = {Print(loop)}", .. Inner], most);
    }

    private static string Print(MapStep loop)
    {
        var formula = Formula.Of(loop)!;
        return ExprText.Print(loop.Expr, i => formula.Roles[i] ?? formula.From[i].Name);
    }

    private static PairStep? Of(MapStep first, MapStep second, Formula one, Formula other,
        IReadOnlyList<(string Text, string Shape)> taken, IReadOnlyList<string> inner, int most)
    {
        var operands = one.From.Concat(other.From).Distinct().ToList();
        // Where formulas have two words for a value, one of them could no longer be read.
        var isTold = operands.All(value => RoleIn(one, value) is not { } role || RoleIn(other, value) is not { } word || role == word);
        return operands.Count < 2 || operands.Count > most || !isTold ? null
            : new PairStep(first, second, one, other, operands) { Taken = taken, Inner = inner };
    }

    private Expr Over(Formula formula)
    {
        var places = Operands.ToList();
        return formula.Expr.Replace(i => new Argument(places.IndexOf(formula.From[i])));
    }

    private static string? RoleIn(Formula formula, PlannedValue value) =>
        formula.From.ToList().IndexOf(value) is var at and >= 0 ? formula.Roles[at] : null;
}
