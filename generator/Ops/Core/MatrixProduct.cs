using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// The product of two matrices for each position of the axes before the last two, which are alike: [..., n, k] by [..., k, m]. Flags
/// "transposeA" and "transposeB" say that the first is kept [..., k, n], the second [..., m, k].
/// </summary>
internal sealed class MatrixProduct : BilinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (a, b) = (inputs[0], inputs[1]);
        var (rows, columns) = (a.Rank - (settings.Flag("transposeA") ? 1 : 2), b.Rank - (settings.Flag("transposeB") ? 2 : 1));
        return new([.. a.ToArray().Take(a.Rank - 2), a[rows], b[columns]]);
    }

    /// <summary>The settings of a product.</summary>
    public static Settings Of(bool transposeA, bool transposeB) =>
        Settings.Of(("transposeA", transposeA ? 1 : 0), ("transposeB", transposeB ? 1 : 0));

    /// <summary>The multiplier of one factor, given the product's multiplier and a value in the other factor's place.</summary>
    public static int Back(Derivation d, int node, int input, int m, int other)
    {
        var settings = d.Forward[node].Settings;
        var (a, b) = (settings.Flag("transposeA"), settings.Flag("transposeB"));
        var shape = d.Shape(d.Forward[node].Inputs[input]);
        int Product(int first, int second, bool transposeFirst, bool transposeSecond) =>
            d.Add(Registry.MatrixProduct, Of(transposeFirst, transposeSecond), shape, first, second);
        return input == 0
            ? a ? Product(other, m, b, true) : Product(m, other, false, !b)
            : b ? Product(m, other, true, a) : Product(other, m, !a, false);
    }

    /// <summary>
    /// For each element of the factor that is not <paramref name="input"/> the sum of what belongs to the product's elements that it goes
    /// to: those in its row, if it is the first, else in its column.
    /// </summary>
    public static int Along(Derivation d, int node, int input, int values)
    {
        var (shape, settings) = (d.Shape(node), d.Forward[node].Settings);
        var (rows, columns) = (shape.Rank - 2, shape.Rank - 1);
        var (summed, kept) = input == 0 ? (rows, columns) : (columns, rows);
        var lies = input == 0 ? settings.Flag("transposeB") : settings.Flag("transposeA");
        var sum = d.Add(Registry.SumAxis, Settings.Of(("axis", summed), ("factor", 1)), shape.With(summed, 1), values);
        var other = d.Shape(d.Forward[node].Inputs[1 - input]);
        return lies
            ? d.Spread(d.Relabel(d.Relabel(sum, new Shape(shape.With(summed, 1).Size)), other.With(kept, 1)), kept, other)
            : d.Spread(sum, summed, other);
    }

    // As of a product with weights.
    public override bool MayBeInfinite(Node node, Steepness known) => false;

    public override long Cost(Node node, IReadOnlyList<Node> nodes) =>
        2L * node.Shape!.Size * nodes[node.Inputs[0]].Shape!.Size / node.Shape[node.Shape.Rank - 2];

    public override int Moved(Derivation d, int node, int input, int move, int other) =>
        input == 0 ? Apply(d, node, move, other) : Apply(d, node, other, move);

    /// <summary>The product with other values in the factors' places.</summary>
    public static int Apply(Derivation d, int node, int first, int second) =>
        d.Add(Registry.MatrixProduct, d.Forward[node].Settings, d.Shape(node), first, second);
}
