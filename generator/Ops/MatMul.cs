using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>The product of two matrices, for each position of the axes before them.</summary>
internal sealed class MatMul : Op
{
    public override int Arity => 2;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (a, b) = (inputs[0], inputs[1]);
        if (a.Rank < 2 || b.Rank < 2)
            return $"takes matrices [..., n, k] and [..., k, m], not {a} and {b}";
        var depths = (A: a[a.Rank - (TransposesA(settings) ? 2 : 1)], B: b[b.Rank - (TransposesB(settings) ? 1 : 2)]);
        var shared = b.Rank == 2 && !TransposesA(settings);
        return depths.A != depths.B ? $"cannot multiply {a}{(TransposesA(settings) ? " transposed" : "")} and "
            + $"{b}{(TransposesB(settings) ? " transposed" : "")}: {depths.A} columns meet {depths.B} rows" :
            !shared && !Leading(a).SequenceEqual(Leading(b)) ? $"cannot multiply {a} and {b}: the axes before the last two differ" : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => Registry.MatrixProduct.Output(inputs, settings);

    public override int Expand(Expansion x)
    {
        var (a, b) = (x.InputShape(0), x.InputShape(1));
        var settings = MatrixProduct.Of(TransposesA(x.Node.Settings), TransposesB(x.Node.Settings));
        if (b.Rank == a.Rank)
            return x.Add(Registry.MatrixProduct, settings, x.Inputs);
        // One matrix for all positions: they are rows of one product.
        var rows = x.Reshape(x.Inputs[0], new Shape(a.Size / a[a.Rank - 1], a[a.Rank - 1]));
        return x.Reshape(x.Add(Registry.MatrixProduct, settings, rows, x.Inputs[1]), x.Shape);
    }

    private static bool TransposesA(Settings settings) => settings.Flag("transposeA");

    private static bool TransposesB(Settings settings) => settings.Flag("transposeB");

    private static IEnumerable<int> Leading(Shape x) => x.ToArray().Take(x.Rank - 2);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4), new Shape(4, 2)), Settings.None),
        new(EquatableArray.Of(new Shape(2, 3, 4), new Shape(2, 5, 4)), Settings.Of(("transposeB", 1))),
        new(EquatableArray.Of(new Shape(2, 4, 3), new Shape(2, 4, 9)), Settings.Of(("transposeA", 1))),
        new(EquatableArray.Of(new Shape(4, 3), new Shape(2, 4)), Settings.Of(("transposeA", 1), ("transposeB", 1))),
        new(EquatableArray.Of(new Shape(2, 3, 4), new Shape(4, 2)), Settings.None),
    ];
}
