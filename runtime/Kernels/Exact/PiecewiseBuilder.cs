using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>
/// Builds a <see cref="PiecewiseLinear"/> from the inputs up. What only moves elements makes no values: it says where they lie. A value
/// made here is named by a number; shapes are in the user's axis order.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class PiecewiseBuilder
{
    // Of weights and of where they go: what a network that has more would need is memory that nobody expects.
    private const int Most = 1 << 26;

    private readonly List<Value> values = [];
    private readonly List<(int Value, double Number)> starts = [];
    private readonly List<double> weights = [];
    private readonly List<double> backWeights = [];
    private readonly Dictionary<double, (int Forward, int Back)> factors = [];
    private int end;

    // A tensor: for each element where its value lies.
    private sealed record Value(Shape Shape, int[] Places);

    internal List<PathPart> Parts { get; } = [];

    internal List<int> Inputs { get; } = [];

    internal List<(int Place, Fan Fan)> Up { get; } = [];

    internal List<(int Place, Fan Fan)> Down { get; } = [];

    internal List<Strand> Strands { get; } = [];

    internal List<(int Place, int Member)> Members { get; } = [];

    internal List<(int Place, int Window)> Windows { get; } = [];

    internal Dictionary<int, int[]> Points { get; } = [];

    /// <summary>The network.</summary>
    public PiecewiseLinear Build() => new(this);

    /// <summary>Whether it is too large to be followed kink by kink.</summary>
    internal bool IsTooLarge => weights.Count > Most || Up.Count > Most / 4 || Down.Count > Most / 4 || end > Most / 8;

    /// <summary>A value that can be asked about: its index in <see cref="Signature.Points"/>.</summary>
    public void Point(int index, int value) => Points.Add(index, values[value].Places);

    /// <summary>The next input.</summary>
    public int Input(Shape shape)
    {
        var value = Add(PartKind.Input, shape, null, ChannelsLast(shape));
        Inputs.AddRange(values[value].Places);
        return value;
    }

    /// <summary>Numbers that stay; one is for all elements.</summary>
    public int Constant(ReadOnlySpan<double> numbers, Shape shape)
    {
        var value = Add(PartKind.Constant, shape, null, InOrder(shape.Size));
        for (var i = 0; i < shape.Size; i++)
            starts.Add((values[value].Places[i], numbers[numbers.Length == 1 ? 0 : i]));
        return value;
    }

    /// <summary>The same elements under other axes.</summary>
    public int Relabel(int x, Shape shape) => Moved(shape, values[x].Places);

    /// <summary>Axes in another order: axis i is the value's axis order[i].</summary>
    public int Permute(int x, int[] order)
    {
        var (from, steps) = (values[x].Shape, new int[order.Length]);
        for (var i = 0; i < order.Length; i++)
        {
            steps[i] = 1;
            for (var inner = order[i] + 1; inner < from.Rank; inner++)
                steps[i] *= from[inner];
        }
        return Moved(x, new Shape(Array.ConvertAll(order, axis => from[axis])), place =>
        {
            var at = 0;
            for (var i = order.Length - 1; i >= 0; place /= from[order[i]], i--)
                at += place % from[order[i]] * steps[i];
            return at;
        });
    }

    /// <summary>Axis 0 backwards.</summary>
    public int Flip(int x)
    {
        var shape = values[x].Shape;
        var (size, inner) = (shape[0], shape.Size / shape[0]);
        return Moved(x, shape, place => (size - 1 - place / inner) * inner + place % inner);
    }

    /// <summary>A stretch of an axis.</summary>
    public int Cut(int x, int axis, int start, int length)
    {
        var (size, inner) = Along(x, axis);
        return Moved(x, values[x].Shape.With(axis, length),
            place => (place / inner / length * size + start + place / inner % length) * inner + place % inner);
    }

    /// <summary>An axis of size 1 repeated.</summary>
    public int Repeat(int x, int axis, int size)
    {
        var (_, inner) = Along(x, axis);
        return Moved(x, values[x].Shape.With(axis, size), place => place / inner / size * inner + place % inner);
    }

    /// <summary>Values one after the other along an axis.</summary>
    public int Join(int[] all, int axis)
    {
        var (whole, inner) = (all.Sum(x => values[x].Shape[axis]), Along(all[0], axis).Inner);
        var shape = values[all[0]].Shape.With(axis, whole);
        var (places, before) = (new int[shape.Size], 0);
        foreach (var x in all)
        {
            var (from, size) = (values[x].Places, values[x].Shape[axis]);
            for (var i = 0; i < from.Length; i++)
                places[(i / inner / size * whole + before + i / inner % size) * inner + i % inner] = from[i];
            before += size;
        }
        return Moved(shape, places);
    }

    /// <summary>A number before and after an axis.</summary>
    public int Border(int x, int axis, int before, int after, double number)
    {
        var shape = values[x].Shape;
        var parts = new List<int>();
        if (before > 0)
            parts.Add(Repeated(shape.With(axis, before), number));
        parts.Add(x);
        if (after > 0)
            parts.Add(Repeated(shape.With(axis, after), number));
        return Join([.. parts], axis);
    }

    // One value for all.
    private int Repeated(Shape shape, double number)
    {
        var place = values[Constant([number], new Shape(1))].Places[0];
        var places = new int[shape.Size];
        Array.Fill(places, place);
        return Moved(shape, places);
    }

    private (int Size, int Inner) Along(int x, int axis)
    {
        var (shape, inner) = (values[x].Shape, 1);
        for (var i = axis + 1; i < shape.Rank; i++)
            inner *= shape[i];
        return (shape[axis], inner);
    }

    private int Moved(int x, Shape shape, Func<int, int> from)
    {
        var (places, of) = (new int[shape.Size], values[x].Places);
        for (var i = 0; i < places.Length; i++)
            places[i] = of[from(i)];
        return Moved(shape, places);
    }

    private int Moved(Shape shape, int[] places)
    {
        values.Add(new Value(shape, places));
        return values.Count - 1;
    }

    // New values, of whose elements it is said in which order they lie.
    private int Add(PartKind kind, Shape shape, Bend? bend, int[] order)
    {
        var part = new PathPart(Parts.Count, kind, end, checked(end + (shape.Size + PiecewiseLinear.Group - 1) / PiecewiseLinear.Group
            * PiecewiseLinear.Group))
        { Bend = bend };
        part.IsAffine = !part.IsKinked;
        Parts.Add(part);
        var first = end;
        end = part.End;
        return Moved(shape, Array.ConvertAll(order, place => first + place));
    }

    private void Reads(int made, params ReadOnlySpan<int> read)
    {
        var part = Parts[^1];
        foreach (var x in read)
        {
            foreach (var place in values[x].Places)
                part.Sources.Add(PartAt(place).Index);
        }
        part.IsAffine &= part.Sources.All(source => Parts[source].IsAffine);
    }

    private PathPart PartAt(int place)
    {
        var (low, high) = (0, Parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Parts[middle].First <= place ? (middle, high) : (low, middle - 1);
        }
        return Parts[low];
    }

    private static int[] InOrder(int size)
    {
        var order = new int[size];
        for (var i = 0; i < size; i++)
            order[i] = i;
        return order;
    }

    private static int[] ChannelsLast(Shape shape)
    {
        var order = InOrder(shape.Size);
        if (shape.Rank < 2)
            return order;
        var (channels, positions) = (shape[0], shape.Size / shape[0]);
        for (var i = 0; i < order.Length; i++)
            order[i] = i % positions * channels + i / positions;
        return order;
    }

    // The order in which the value's own elements lie.
    private static int[] Following(int[] places)
    {
        var (sorted, order) = (InOrder(places.Length), new int[places.Length]);
        Array.Sort((int[])places.Clone(), sorted);
        for (var i = 0; i < sorted.Length; i++)
            order[sorted[i]] = i;
        return order;
    }

    internal double[] Starts(int size)
    {
        var all = new double[size];
        foreach (var (value, number) in starts)
            all[value] += number;
        return all;
    }

    internal double[] Pinned(bool back)
    {
        var from = back ? backWeights : weights;
        var pinned = GC.AllocateUninitializedArray<double>(Math.Max(1, from.Count), pinned: true);
        CollectionsMarshal.AsSpan(from).CopyTo(pinned);
        return pinned;
    }

    /// <summary>Strands cut where a group ends, on either side, each with the group that it begins or ends in.</summary>
    internal List<(int Place, Strand Strand)> StrandsBy(Func<Strand, int> place)
    {
        const int Group = PiecewiseLinear.Group;
        var cut = new List<(int, Strand)>();
        foreach (var (from, to, count) in Strands)
        {
            for (var done = 0; done < count;)
            {
                var left = Math.Min(Group - (from + done) % Group, Group - (to + done) % Group);
                var strand = new Strand(from + done, to + done, Math.Min(left, count - done));
                cut.Add((place(strand) / Group, strand));
                done += strand.Count;
            }
        }
        return cut;
    }
}
