namespace Whence.Authoring;

using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Its first index and its extent on an axis.</summary>
    internal readonly (int First, int Extent) On(int axis) => (first[axis], extent[axis]);

    /// <summary>Whether it has elements, all of them in a shape.</summary>
    internal readonly bool IsIn(Shape shape)
    {
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            var (from, much) = (first[axis], extent[axis]);
            if (from < 0 || much <= 0 || from > shape[axis] - much)
                return false;
        }
        for (var axis = shape.Rank; axis < MostAxes; axis++)
        {
            if ((first[axis] | extent[axis]) != 0)
                return false;
        }
        return true;
    }

    /// <summary>What of it lies outside of a shape, in words that follow "the box"; null if nothing does.</summary>
    internal readonly string? Outside(Shape shape)
    {
        for (var axis = 0; axis < MostAxes; axis++)
        {
            var (from, much, size) = (first[axis], extent[axis], axis < shape.Rank ? shape[axis] : 0);
            if ((from | much) < 0 || from > size - much)
                return $"goes from {from} to {from + (long)much} on axis {axis}";
            if (much == 0 && size > 0)
                return $"has no elements on axis {axis}";
        }
        return null;
    }

    /// <summary>Its elements in the order of the input's values, run by run: elements next to each other on the last axis.</summary>
    /// <param name="shape">The input's.</param>
    [UnscopedRef]
    public readonly Runs RunsIn(Shape shape) => new(in this, shape);

    /// <summary>
    /// Its runs as a count and a stride, where they are all as far apart: where it has several indices on at most one axis but the last.
    /// </summary>
    internal readonly bool AreEven(Shape shape, out EvenRuns runs)
    {
        var (start, count, stride, inner) = (0, 1, 0, 1);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            start += first[axis] * inner;
            if (extent[axis] > 1 && axis < shape.Rank - 1)
            {
                if (count > 1)
                {
                    runs = default;
                    return false;
                }
                (count, stride) = (extent[axis], inner);
            }
            inner *= shape[axis];
        }
        runs = new(start, shape.Rank == 0 ? 1 : extent[shape.Rank - 1], count, stride);
        return true;
    }

    /// <summary>So many runs, of which each begins so far behind the one before.</summary>
    internal readonly record struct EvenRuns(int Start, int Length, int Count, int Stride);

    /// <summary>Elements next to each other.</summary>
    /// <param name="Start">The first of them, in the order of the input's values.</param>
    /// <param name="Length">How many there are.</param>
    public readonly record struct Run(int Start, int Length);

    /// <summary>Goes through a box run by run, by <c>foreach</c>.</summary>
    public ref struct Runs
    {
        private readonly ref readonly Box box;
        private readonly Shape shape;
        private readonly int length;
        // How far it is on each axis but the last.
        private Axes at;
        private int next;
        private int start;

        internal Runs(in Box box, Shape shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            this.box = ref box;
            this.shape = shape;
            length = shape.Rank == 0 ? 1 : box.extent[shape.Rank - 1];
            for (var axis = 0; axis < shape.Rank; axis++)
                next = next * shape[axis] + box.first[axis];
        }

        /// <summary>The run.</summary>
        public readonly Run Current => new(start, length);

        /// <summary>Itself.</summary>
        public readonly Runs GetEnumerator() => this;

        /// <summary>Goes on to the next run; false after the last.</summary>
        public bool MoveNext()
        {
            if (next < 0)
                return false;
            start = next;
            next = Following();
            return true;
        }

        private int Following()
        {
            var (element, inner) = (start, shape.Rank == 0 ? 1 : shape[shape.Rank - 1]);
            for (var axis = shape.Rank - 2; axis >= 0; axis--)
            {
                if (++at[axis] < box.extent[axis])
                    return element + inner;
                element -= (box.extent[axis] - 1) * inner;
                at[axis] = 0;
                inner *= shape[axis];
            }
            return -1;
        }
    }

    [InlineArray(MostAxes)]
    private struct Axes
    {
        private int first;
    }
}
