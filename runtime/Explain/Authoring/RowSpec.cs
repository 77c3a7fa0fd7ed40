namespace Whence.Authoring;

using System.Runtime.CompilerServices;

/// <summary>One counterfactual row: what a device needs to form it from its pair of an input x and a reference x0.</summary>
public struct RowSpec
{
    private const int NotSaid = -1;

    /// <summary>Which of the question's pairs it is of, counted from 0. Set after <see cref="IMethod.Place"/>.</summary>
    public int Pair;
    /// <summary>
    /// Which of the input's references x0 is: the pair's own, or in recipes that are <see cref="Recipe.PerInput"/> the first, unless set.
    /// Arrives as -1.
    /// </summary>
    public int Reference;
    /// <summary>
    /// The row lies at x0 + Alpha (x - x0): 0 is the reference, 1 the input. Finite; below 0 or over 1 it lies beyond one of them, which
    /// nothing forbids and no integral over the path asks for.
    /// </summary>
    public double Alpha;
    /// <summary>Its weight in <see cref="Fold.WeightedSum"/>; finite.</summary>
    public double Weight;
    /// <summary>
    /// Where the piece of the path ends that the row stands for in <see cref="Fold.Moves"/>; the first begins at 0. Finite.
    /// </summary>
    public double Cut;
    /// <summary>What a box of the row is filled with.</summary>
    public Fill Fill;
    /// <summary>The box that is filled.</summary>
    public Box Box;
    /// <summary>Of <see cref="Fill.Letter"/>, the element of the box that becomes 1, counted in the order of the values.</summary>
    public int Letter;

    /// <summary>Whether it is the input itself.</summary>
    internal readonly bool IsInput => Alpha == 1 && Fill == Fill.None;

    /// <summary>Whether its reference is its pair's own.</summary>
    internal readonly bool IsOfItsPair => Reference == NotSaid;

    /// <summary>The input itself, of no pair yet.</summary>
    internal static RowSpec Unplaced => new() { Reference = NotSaid, Alpha = 1, Weight = 1, Cut = 1 };

    /// <summary>A row of a pair as a method places it.</summary>
    internal static RowSpec Placed<M>(ref M method, int row, int pair, int reference) where M : struct, IMethod
    {
        var spec = Unplaced;
        method.Place(row, ref spec);
        spec.Belongs(pair, reference);
        return spec;
    }

    /// <summary>Gives a row that was placed its pair.</summary>
    internal void Belongs(int pair, int reference)
    {
        Pair = pair;
        if (Reference == NotSaid)
            Reference = reference;
    }
}

/// <summary>What a box is filled with.</summary>
public enum Fill
{
    /// <summary>Nothing: it stays as it is.</summary>
    None,
    /// <summary>The reference's elements.</summary>
    Reference,
    /// <summary>0, but 1 at one element: another letter of a one-hot input. A row that already has it is not asked about again.</summary>
    Letter,
}

/// <summary>A box of elements of one input: on each of its axes some indices next to each other.</summary>
public struct Box
{
    /// <summary>The most axes that an input may have whose parts are changed.</summary>
    public const int MostAxes = 8;

    private Axes first;
    private Axes extent;

    /// <summary>The index of the input among the network's.</summary>
    public int Input { get; init; }

    /// <summary>Puts its first index and its extent on an axis; both 0 until then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is not in 0 to <see cref="MostAxes"/> - 1.</exception>
    public void Set(int axis, int first, int extent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)axis, (uint)MostAxes, nameof(axis));
        this.first[axis] = first;
        this.extent[axis] = extent;
    }

    /// <summary>What of it lies outside of a shape, in words that follow "the box"; null if nothing does.</summary>
    internal readonly string? Outside(Shape shape)
    {
        for (var axis = 0; axis < MostAxes; axis++)
        {
            var (from, size) = (first[axis], axis < shape.Rank ? shape[axis] : 0);
            if (from < 0 || extent[axis] < 0 || from > size - extent[axis])
                return $"goes from {from} to {from + (long)extent[axis]} on axis {axis}";
            if (axis < shape.Rank && extent[axis] == 0)
                return $"has no elements on axis {axis}";
        }
        return null;
    }

    /// <summary>Consecutive elements on the last axis.</summary>
    public readonly int RunLength(Shape shape) => shape.Rank == 0 ? 1 : extent[shape.Rank - 1];

    /// <summary>The first element of the box, in the order of the input's values.</summary>
    public readonly int FirstRun(Shape shape)
    {
        var element = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
            element = element * shape[axis] + first[axis];
        return element;
    }

    /// <summary>The first element of the next run in the order of the values, or -1 after the last.</summary>
    public readonly int NextRun(Shape shape, int element)
    {
        if (shape.Rank == 0)
            return -1;
        var inner = shape[shape.Rank - 1];
        for (var axis = shape.Rank - 2; axis >= 0; axis--)
        {
            var at = element / inner % shape[axis];
            if (at + 1 < first[axis] + extent[axis])
                return element + inner;
            element -= (at - first[axis]) * inner;
            inner *= shape[axis];
        }
        return -1;
    }

    [InlineArray(MostAxes)]
    private struct Axes
    {
        private int first;
    }
}
