using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The larger or the smaller of two values: a max-pool's window over the two, or a bound where one is constant.</summary>
internal abstract class Extremum(bool upper) : Binary(upper ? "Min" : "Max")
{
    public override int Expand(Expansion x)
    {
        var (a, b) = (x.Spread(0), x.Spread(1));
        if (!x.Live(a) || !x.Live(b))
            return x.Add(Registry.Bound, Settings.Of(("upper", upper ? 1 : 0)), x.Live(a) ? [a, b] : [b, a]);
        return upper ? x.Combine([-1], Larger(x, x.Combine([-1], a), x.Combine([-1], b))) : Larger(x, a, b);
    }

    // One above the other along an axis, under a window of two which are as far apart as that axis was long.
    private static int Larger(Expansion x, int a, int b)
    {
        var rows = x.Shape.Rank is 2 or 3 ? x.Shape : new Shape(x.Shape.Size, 1);
        var both = x.Add(Registry.Join, Settings.Of(("axis", 1)), x.Reshape(a, rows), x.Reshape(b, rows));
        var window = Window.Of(rows.With(1, 2 * rows[1]),
            Settings.Of(("dilation", rows[1]), ("kernelWidth", rows.Rank == 2 ? 2 : 1), ("dilationWidth", rows.Rank == 2 ? rows[1] : 1)), 2,
            rows[0]);
        return x.Reshape(x.Add(Registry.MaxWindow, window, both), x.Shape);
    }

    public override IEnumerable<Example> Examples =>
        base.Examples.Append(new(Support.EquatableArray.Of(new Shape(2, 3, 4), new Shape(2, 3, 4)), Settings.None))
            .Append(new(Support.EquatableArray.Of(new Shape(5), new Shape(5)), Settings.None));
}

/// <summary>The larger of two.</summary>
internal sealed class Max() : Extremum(upper: false);

/// <summary>The smaller of two.</summary>
internal sealed class Min() : Extremum(upper: true);
