namespace Whence.Import.Read;

/// <summary>A constant tensor. Numbers are read from the file when they are first asked for.</summary>
internal sealed class Literal
{
    private readonly Lazy<Array> numbers;

    public Literal(ElementType type, int[] axes, Func<Array> read, string? origin = null)
    {
        (Type, Axes, Origin) = (type, axes, origin);
        Count = CountOf(axes);
        numbers = new(read);
    }

    /// <summary>A constant of numbers: floats, doubles, or longs where the type is whole.</summary>
    public Literal(ElementType type, int[] axes, Array numbers, string? origin = null)
        : this(type, axes, () => numbers, origin)
    {
    }

    public ElementType Type { get; }

    public int[] Axes { get; }

    public int Count { get; }

    public int Rank => Axes.Length;

    /// <summary>The initialiser that it is, or is made of; null if it has no name of its own.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether it holds numbers that need not be whole.</summary>
    public bool IsReal => HasReals(Type);

    /// <summary>A float[], double[] or long[].</summary>
    public Array Numbers => numbers.Value;

    public double this[int index] => Numbers switch
    {
        float[] singles => singles[index],
        double[] doubles => doubles[index],
        long[] wholes => wholes[index],
        _ => throw new InvalidOperationException("A constant of neither reals nor whole numbers."),
    };

    /// <summary>The number, whole.</summary>
    public long Whole(int index) => Numbers is long[] wholes ? wholes[index] : (long)this[index];

    /// <summary>All its numbers, whole.</summary>
    public long[] Wholes() => [.. Enumerable.Range(0, Count).Select(Whole)];

    /// <summary>All its numbers.</summary>
    public double[] Reals() => [.. Enumerable.Range(0, Count).Select(index => this[index])];

    /// <summary>Whether every element is this number.</summary>
    public bool IsAll(double number)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i] != number)
                return false;
        }
        return true;
    }

    public static bool HasReals(ElementType type) =>
        type is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16;

    public static int CountOf(IEnumerable<int> axes) => axes.Aggregate(1, (count, axis) => count * axis);

    public static Literal OfWholes(params long[] wholes) => new(ElementType.Int64, [wholes.Length], wholes);

    /// <summary>The same numbers under other axes.</summary>
    /// <exception cref="ArgumentException">Those are of another count.</exception>
    public Literal Reshaped(params int[] axes) => CountOf(axes) == Count ? new(Type, axes, () => Numbers, Origin)
        : throw new ArgumentException($"{Count} numbers are not the {CountOf(axes)} of [{string.Join(", ", axes)}].", nameof(axes));

    /// <summary>
    /// Another tensor whose element i is this one's element at source(i): if there is none, an <see cref="ImportException"/> when the
    /// numbers are asked for.
    /// </summary>
    public Literal Moved(int[] axes, Func<int, int> source)
    {
        Array Read() => Numbers switch
        {
            float[] singles => Pick(singles),
            double[] doubles => Pick(doubles),
            _ => Pick((long[])Numbers),
        };
        T[] Pick<T>(T[] from)
        {
            var to = new T[CountOf(axes)];
            for (var i = 0; i < to.Length; i++)
                to[i] = (uint)source(i) is var at && at < (uint)from.Length ? from[at] : throw Beyond(axes);
            return to;
        }
        return new(Type, axes, Read, Origin);
    }

    private ImportException Beyond(int[] axes) => new(
        $"The tensor {(Origin is null ? "that is computed" : $"'{Printable.Line(Origin)}'")} has axes [{string.Join(", ", Axes)}], "
        + $"of which its operator would make [{string.Join(", ", axes)}]: the model is damaged.");

    /// <summary>The matrix with its axes exchanged.</summary>
    public Literal Turned() => Permuted([1, 0]);

    /// <summary>Its axes in another order.</summary>
    public Literal Permuted(int[] order)
    {
        var axes = order.Select(axis => Axes[axis]).ToArray();
        var strides = Places.Strides(Axes);
        var turned = order.Select(axis => strides[axis]).ToArray();
        return Moved(axes, index => Places.Offset(index, axes, turned));
    }

    /// <summary>Each number by a function, in single precision where the type is single.</summary>
    public Literal Each(Func<double, double> function) => new(Type, Axes, () => From(Type, Count, i => function(this[i])), Origin);

    /// <summary>An array for the type, filled.</summary>
    public static Array From(ElementType type, int count, Func<int, double> number)
    {
        if (type == ElementType.Double)
        {
            var doubles = new double[count];
            for (var i = 0; i < count; i++)
                doubles[i] = number(i);
            return doubles;
        }
        if (HasReals(type))
        {
            var singles = new float[count];
            for (var i = 0; i < count; i++)
                singles[i] = (float)number(i);
            return singles;
        }
        var wholes = new long[count];
        for (var i = 0; i < count; i++)
            wholes[i] = Saturated(number(i));
        return wholes;
    }

    private static long Saturated(double number) => double.IsNaN(number) ? 0
        : number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue : (long)number;
}
