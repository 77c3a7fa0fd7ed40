using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>What + - * / have in common: an axis of size 1 is spread over the other's, and a number over all.</summary>
internal abstract class Binary(string symbol) : Op
{
    public override string Name => symbol;

    public override int Arity => 2;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (a, b) = (inputs[0], inputs[1]);
        if (a.Rank == 0 || b.Rank == 0)
            return null;
        return a.Rank == b.Rank && Enumerable.Range(0, a.Rank).All(i => a[i] == b[i] || a[i] == 1 || b[i] == 1)
            ? null
            : $"cannot combine {a} and {b}{Advice(a, b)}";
    }

    /// <summary>What makes shapes of different rank fit; nothing if nothing does.</summary>
    private static string Advice(Shape a, Shape b)
    {
        var (less, more) = a.Rank < b.Rank ? (a, b) : (b, a);
        var ones = Enumerable.Repeat(1, more.Rank - less.Rank).ToArray();
        var wider = ones.Length == 0 ? [] : new[] { new Shape([.. ones, .. less.ToArray()]), new Shape([.. less.ToArray(), .. ones]) }
            .Where(shape => Enumerable.Range(0, more.Rank).All(i => shape[i] == more[i] || shape[i] == 1 || more[i] == 1))
            .Select(shape => $"{shape}")
            .Distinct()
            .ToArray();
        return wider.Length == 0 ? "" : $": Reshape makes {less} a {Listing.Of(wider, " or a ")}, whose axes of size 1 are repeated";
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (a, b) = (inputs[0], inputs[1]);
        return a.Rank == 0 ? b : b.Rank == 0 ? a : new Shape(Enumerable.Range(0, a.Rank).Select(i => Math.Max(a[i], b[i])).ToArray());
    }

    // What does not vary must be the same at every position.
    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Same(axes, Enumerable.Range(0, 2).All(i => axes[i] >= 0 || inputs[i].Rank == 0 || inputs[i][axes.Max()] == 1));

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4), new Shape(3, 4)), Settings.None),
        new(EquatableArray.Of(new Shape(3, 1), new Shape(3, 4)), Settings.None),
    ];
}

/// <summary>a + b.</summary>
internal sealed class Add() : Binary("+")
{
    public override int Expand(Expansion x) => x.Combine((1, 0), (1, 1));
}

/// <summary>a - b.</summary>
internal sealed class Subtract() : Binary("-")
{
    public override int Expand(Expansion x) => x.Combine((1, 0), (-1, 1));
}

/// <summary>-a.</summary>
internal sealed class Negate : Op
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) => Ops.Along.Same(axes);

    public override int Expand(Expansion x) => x.Combine((-1, 0));

    public override IEnumerable<Example> Examples => [new(EquatableArray.Of(new Shape(3)), Settings.None)];
}

/// <summary>a * b: a product of two values, or a scaling by a constant.</summary>
internal sealed class Multiply() : Binary("*")
{
    public override int Expand(Expansion x) => x.Product(x.Spread(0), x.Spread(1));
}

/// <summary>a / b: a times the reciprocal of b.</summary>
internal sealed class Divide() : Binary("/")
{
    /// <summary>1 / x.</summary>
    public override int Expand(Expansion x)
    {
        // The reciprocal is taken before spreading: there may be fewer of them.
        var inverse = x.Apply(Functions.Reciprocal, x.Inputs[1]);
        return x.Product(x.Spread(0), x.SpreadTo(inverse, x.Shape));
    }
}
