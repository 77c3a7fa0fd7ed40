using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>An expression over elements of values at one place.</summary>
/// <param name="Expr">The expression; its arguments are the values, by their places in <paramref name="From"/>.</param>
/// <param name="From">The values, each once.</param>
/// <param name="Roles">What the expression calls each of them, of any layer; null where it has no word for it.</param>
internal sealed record Formula(Expr Expr, IReadOnlyList<PlannedValue> From, IReadOnlyList<string?> Roles)
{
    /// <summary>A value itself.</summary>
    public static Formula Of(PlannedValue value) => new(new Argument(0), [value], [null]);

    /// <summary>What a step computes at each place, over what lies at the same place; null of a step that is no such loop.</summary>
    public static Formula? Of(Step step) => step switch
    {
        MapStep map => new(map.Expr, map.From, [.. map.From.Select((_, i) => i < map.Roles.Count ? map.Roles[i] : null)]),
        BetweenStep between => Between(between),
        SumStep sum => new(new Argument(0) + (Expr)new Argument(1),
            [
                new(sum.To.Name, sum.To.Shape, sum.To.Channels, Storage.SumHigh) { Offset = sum.Offset },
                new(sum.To.Name, sum.To.Shape, sum.To.Channels, Storage.SumLow) { Offset = sum.Offset },
            ], ["high", "low"]),
        SeedStep { Coming: null } seed => new(new Argument(0), [new(seed.To.Name, seed.To.Shape, seed.To.Channels, Storage.Seed)], ["m"]),
        _ => null,
    };

    private static Formula Between(BetweenStep step)
    {
        var alpha = new PlannedValue("alpha", new Shape(1), 1, Storage.Alpha);
        Expr point = new Arithmetic("MultiplyAdd", Support.EquatableArray.Of<Expr>(new Argument(2), new Argument(1), new Argument(0)));
        return new(Applied(step.Then, point), [step.From[0], step.From[1], alpha], ["z0", "dz", "alpha"]);
    }

    /// <summary>A function's value at an expression; the expression itself without a function.</summary>
    public static Expr Applied(Function? then, Expr at) =>
        then is null ? at : new Apply(then, Part.Value, Support.EquatableArray.Of(at));

    /// <summary>The same with one of the values replaced by what it is computed from; <paramref name="first"/> stays in front.</summary>
    public Formula With(PlannedValue value, Formula inner, PlannedValue? first = null)
    {
        var all = Named().Where(pair => pair.Value != value).Concat(inner.Named()).OrderBy(pair => pair.Value == first ? 0 : 1);
        var (from, roles) = (new List<PlannedValue>(), new List<string?>());
        foreach (var (operand, role) in all)
        {
            var at = from.FindIndex(other => IsSame(other, operand));
            if (at >= 0)
            {
                roles[at] ??= role;
                continue;
            }
            from.Add(operand);
            roles.Add(role);
        }
        Argument Place(PlannedValue operand) => new(from.FindIndex(other => IsSame(other, operand)));
        var expr = Expr.Replace(i => From[i] == value ? inner.Expr.Replace(k => Place(inner.From[k])) : Place(From[i]));
        return new(expr, from, roles);
    }

    /// <summary>The same with one of the values right behind the first.</summary>
    public Formula Second(PlannedValue value)
    {
        List<PlannedValue> before = [.. From], after = [From[0], value, .. From.Skip(1).Where(other => other != value)];
        return new(Expr.Replace(i => new Argument(after.IndexOf(before[i]))), after,
            [.. after.Select(other => Roles[before.IndexOf(other)])]);
    }

    private IEnumerable<(PlannedValue Value, string? Role)> Named() => From.Select((value, i) => (value, Roles[i]));

    // What is no memory of the program's own has no identity.
    private static bool IsSame(PlannedValue a, PlannedValue b) => a == b || a.Storage == b.Storage
        && (a.Storage == Storage.Alpha
            || a.Storage is Storage.Seed or Storage.SumHigh or Storage.SumLow && a.Offset == b.Offset && a.Size == b.Size);

    /// <summary>Whether to compute it again costs less than to keep it and read it.</summary>
    public bool IsCheap => Expr.Weight <= 16 && IsCheapIn(Expr);

    private static bool IsCheapIn(Expr expr) => expr switch
    {
        Apply apply => apply.Function.IsCheap && apply.Operands.All(IsCheapIn),
        Arithmetic { IsKernel: true } => false,
        Arithmetic arithmetic => arithmetic.Operation is not ("Exp" or "Log" or "Tanh" or "Erf" or "Erfc" or "Expm1" or "Log1p" or "Sqrt")
            && arithmetic.Operands.All(IsCheapIn),
        _ => true,
    };
}
