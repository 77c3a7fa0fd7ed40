namespace Whence;

using System.Numerics;

/// <summary>
/// Makes references: rows for <see cref="References{T}"/>. What is random is drawn from a seed, the same on every platform; an input's
/// draws depend neither on its batch nor on how many are made. Shapes are of one input, in the user's axis order.
/// </summary>
public static class ReferenceRows
{
    /// <summary>The same value everywhere.</summary>
    /// <returns>[size].</returns>
    public static T[] Constant<T>(Shape shape, T value) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireFinite<T>([value], nameof(value));
        var row = new T[shape.Size];
        Array.Fill(row, value);
        return row;
    }

    /// <summary>
    /// One value a channel at every position, such as a genome's base frequencies .3, .2, .2, .3 (DeepLIFT, arXiv 1704.02685, section 4.2).
    /// </summary>
    /// <param name="shape">[channels, ...].</param>
    /// <param name="values">One for each channel.</param>
    /// <returns>[size].</returns>
    /// <exception cref="ArgumentException">There are not as many values as channels, or one is not finite.</exception>
    public static T[] PerChannel<T>(Shape shape, params ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape[0])
            throw new ArgumentException($"Each channel has one value; {shape} has {shape[0]} channels, but values has {values.Length}.",
                nameof(values));
        RequireFinite(values, nameof(values));
        var row = new T[shape.Size];
        var inner = row.Length / values.Length;
        for (var i = 0; i < row.Length; i++)
            row[i] = values[i / inner];
        return row;
    }

    /// <summary>
    /// Each input blurred by a normal curve along its positions, as DeepLIFT's supplement L compares with for photographs: the sum of
    /// weights exp(-d^2 / 2 radius^2) up to d = 4 radius, rounded, divided by the sum of the weights; beyond its edges an input goes on as
    /// at the edge.
    /// </summary>
    /// <param name="x">[count, size].</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="shape">[channels, length], or [channels, height, width] to blur along both.</param>
    /// <param name="radius">The curve's standard deviation in positions.</param>
    /// <returns>[count, size], for <see cref="References.PerInput{T}(ReadOnlySpan{T})"/>.</returns>
    /// <exception cref="ArgumentException">Lengths, shape or radius do not fit, or a number is not finite.</exception>
    public static T[] Blurred<T>(ReadOnlySpan<T> x, int count, Shape shape, double radius)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(x, count, shape);
        if (shape.Rank is not (2 or 3))
            throw new ArgumentException($"Inputs [channels, length] or [channels, height, width] can be blurred, but shape is {shape}.",
                nameof(shape));
        if (!(radius > 0 && radius <= 10_000))
            throw new ArgumentOutOfRangeException(nameof(radius), radius,
                FormattableString.Invariant($"The radius is over 0 and at most 10000 positions, but is {radius}."));
        var weights = Weights(radius);
        var blurred = new double[x.Length];
        for (var i = 0; i < blurred.Length; i++)
            blurred[i] = double.CreateTruncating(x[i]);
        blurred = Blur(blurred, shape[shape.Rank - 1], 1, weights);
        if (shape.Rank == 3)
            blurred = Blur(blurred, shape[1], shape[2], weights);
        return Array.ConvertAll(blurred, T.CreateTruncating);
    }

    /// <summary>The positions of each sequence in random order: every letter as often as before.</summary>
    /// <param name="x">[count, size]: sequences, usually one-hot.</param>
    /// <param name="count">How many sequences.</param>
    /// <param name="shape">[channels, length].</param>
    /// <param name="each">How many shuffles of each.</param>
    /// <param name="seed">Where the draws begin.</param>
    /// <returns>[count, each, size], for <see cref="References.SeveralPerInput{T}(ReadOnlySpan{T}, int)"/>.</returns>
    /// <exception cref="ArgumentException">Lengths, shape or numbers do not fit, or an element is not finite.</exception>
    public static T[] Shuffled<T>(ReadOnlySpan<T> x, int count, Shape shape, int each = 10, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSequences(x, count, shape, each);
        var order = new int[shape[1]];
        var rows = new T[each * x.Length];
        for (var row = 0; row < count * each; row++)
        {
            var draws = new Draws(seed, (ulong)(row % each));
            draws.Permute(order);
            Take(x.Slice(row / each * shape.Size, shape.Size), order, rows.AsSpan(row * shape.Size, shape.Size));
        }
        return rows;
    }

    /// <summary>
    /// Each sequence in a random order that has every pair of neighbouring letters as often as before; the first and the last letter stay
    /// (DeepLIFT, arXiv 1704.02685, supplement J; a random Euler walk over the letters, each letter's last successor staying its last,
    /// after Altschul and Erickson 1985). Letters are the sequence's different columns, so that an unknown base is one more letter.
    /// </summary>
    /// <inheritdoc cref="Shuffled"/>
    public static T[] DinucleotideShuffled<T>(ReadOnlySpan<T> x, int count, Shape shape, int each = 10, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSequences(x, count, shape, each);
        var rows = new T[each * x.Length];
        for (var input = 0; input < count; input++)
        {
            var sequence = x.Slice(input * shape.Size, shape.Size);
            var letters = Letters(sequence, shape);
            for (var copy = 0; copy < each; copy++)
                Take(sequence, EulerWalk(letters, new Draws(seed, (ulong)copy)),
                    rows.AsSpan((input * each + copy) * shape.Size, shape.Size));
        }
        return rows;
    }

    /// <summary>
    /// A random sample of a population's rows, none twice, in the order drawn: the background of DeepSHAP (arXiv 1705.07874).
    /// </summary>
    /// <param name="rows">[how many, size].</param>
    /// <param name="size">Elements of a row.</param>
    /// <param name="each">How many are drawn.</param>
    /// <param name="seed">Where the draws begin.</param>
    /// <returns>[each, size], for <see cref="References.Several{T}(ReadOnlySpan{T}, int)"/>.</returns>
    /// <exception cref="ArgumentException">The rows are not whole, or fewer than are to be drawn.</exception>
    public static T[] Population<T>(ReadOnlySpan<T> rows, int size, int each, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (size < 1 || rows.Length % size != 0)
            throw new ArgumentException($"A population is whole rows of {size} elements, but has {rows.Length}.", nameof(rows));
        var order = new int[rows.Length / size];
        if (each < 1 || each > order.Length)
            throw new ArgumentOutOfRangeException(nameof(each), each,
                $"Of {order.Length} rows 1 to {order.Length} can be drawn, but {each} were asked for.");
        RequireFinite(rows, nameof(rows));
        new Draws(seed, 0).Permute(order);
        var drawn = new T[each * size];
        for (var i = 0; i < each; i++)
            rows.Slice(order[i] * size, size).CopyTo(drawn.AsSpan(i * size));
        return drawn;
    }

    /// <summary>Writes a sequence's columns in another order.</summary>
    private static void Take<T>(ReadOnlySpan<T> sequence, ReadOnlySpan<int> order, Span<T> taken)
    {
        for (var i = 0; i < sequence.Length; i++)
            taken[i] = sequence[i / order.Length * order.Length + order[i % order.Length]];
    }

    /// <summary>The number of each position's letter: equal columns are the same letter.</summary>
    private static int[] Letters<T>(ReadOnlySpan<T> sequence, Shape shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var length = shape[1];
        var letters = new int[length];
        var firsts = new List<int>();
        for (var position = 0; position < length; position++)
        {
            var letter = 0;
            while (letter < firsts.Count && !SameColumn(sequence, length, firsts[letter], position))
                letter++;
            if (letter == firsts.Count)
                firsts.Add(position);
            letters[position] = letter;
        }
        return letters;
    }

    private static bool SameColumn<T>(ReadOnlySpan<T> sequence, int length, int one, int other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < sequence.Length; row += length)
        {
            if (sequence[row + one] != sequence[row + other])
                return false;
        }
        return true;
    }

    /// <summary>The positions in the order of a walk that goes from each letter to each of its successors once.</summary>
    private static int[] EulerWalk(int[] letters, Draws draws)
    {
        var successors = Enumerable.Range(0, letters.Max() + 1)
            .Select(letter => Enumerable.Range(1, letters.Length - 1).Where(next => letters[next - 1] == letter).ToArray())
            .ToArray();
        foreach (var next in successors)
        {
            // The last stays, or the walk could be caught before it has been everywhere.
            for (var i = next.Length - 2; i > 0; i--)
            {
                var j = draws.Below(i + 1);
                (next[i], next[j]) = (next[j], next[i]);
            }
        }
        var taken = new int[successors.Length];
        var walk = new int[letters.Length];
        for (var step = 1; step < walk.Length; step++)
        {
            var letter = letters[walk[step - 1]];
            walk[step] = successors[letter][taken[letter]++];
        }
        return walk;
    }

    private static double[] Weights(double radius)
    {
        var reach = (int)(4 * radius + 0.5);
        var weights = new double[reach + 1];
        for (var distance = 0; distance <= reach; distance++)
            weights[distance] = Math.Exp(-distance * (double)distance / (2 * radius * radius));
        var sum = weights[0] + 2 * weights.AsSpan(1).ToArray().Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    /// <summary>Blurs along one axis of <paramref name="length"/> elements that lie <paramref name="stride"/> apart.</summary>
    private static double[] Blur(double[] values, int length, int stride, double[] weights)
    {
        var blurred = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var at = i / stride % length;
            var sum = weights[0] * values[i];
            for (var distance = 1; distance < weights.Length; distance++)
            {
                var (before, after) = (Math.Max(0, at - distance), Math.Min(length - 1, at + distance));
                sum += weights[distance] * (values[i + (before - at) * stride] + values[i + (after - at) * stride]);
            }
            blurred[i] = sum;
        }
        return blurred;
    }

    private static void RequireSequences<T>(ReadOnlySpan<T> x, int count, Shape shape, int each)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(x, count, shape);
        if (shape.Rank != 2)
            throw new ArgumentException($"A sequence is [channels, length], but shape is {shape}.", nameof(shape));
        ArgumentOutOfRangeException.ThrowIfLessThan(each, 1);
        if ((long)each * x.Length > Array.MaxLength)
            throw Check.TooLong((long)each * x.Length, nameof(each), $"{each} shuffles of each sequence");
    }

    private static void Require<T>(ReadOnlySpan<T> x, int count, Shape shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (x.Length != (long)count * shape.Size)
            throw new ArgumentException($"x must hold {count} inputs of shape {shape}, {(long)count * shape.Size} elements, but holds "
                + $"{x.Length}.", nameof(x));
        RequireFinite(x, nameof(x));
    }

    private static void RequireFinite<T>(ReadOnlySpan<T> values, string argument) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Rows.FirstNonFinite(values) is var at and >= 0)
            throw new ArgumentException($"{argument} must be finite, but element {at} is {values[at]}.", argument);
    }
}
