namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;

/// <summary>
/// One input's contributions (arXiv 1704.02685) for each answer, summed over its references; those parts that are not asked for are empty.
/// </summary>
internal readonly unsafe ref struct Contributions<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Span<double> scores;
    private readonly Span<double> positive;
    private readonly Span<double> negative;
    private readonly Span<double> multipliers;
    private readonly Span<double> hypothetical;

    public Contributions(scoped in Job<T> job, scoped in Arena<double> arena, int size)
    {
        size = checked(size * job.Answers);
        scores = arena.Take(size);
        positive = job.Positive == null ? default : arena.Take(size);
        negative = job.Negative == null ? default : arena.Take(size);
        multipliers = job.Multipliers == null ? default : arena.Take(size);
        hypothetical = job.Hypothetical == null ? default : arena.Take(size);
    }

    private Contributions(scoped in Contributions<T> all, int answer, int size)
    {
        scores = all.scores.Slice(answer * size, size);
        positive = all.positive.IsEmpty ? default : all.positive.Slice(answer * size, size);
        negative = all.negative.IsEmpty ? default : all.negative.Slice(answer * size, size);
        multipliers = all.multipliers.IsEmpty ? default : all.multipliers.Slice(answer * size, size);
        hypothetical = all.hypothetical.IsEmpty ? default : all.hypothetical.Slice(answer * size, size);
    }

    /// <summary>Those of one of so many answers.</summary>
    public Contributions<T> Of(int answer, int answers) => answers == 1 ? this : new(this, answer, scores.Length / answers);

    public void Clear()
    {
        scores.Clear();
        positive.Clear();
        negative.Clear();
        multipliers.Clear();
        hypothetical.Clear();
    }

    /// <summary>Adds the multipliers of both parts times the parts of the inputs' difference.</summary>
    public void AddInputs(IReadOnlyList<TensorInfo> inputs, ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x, ReadOnlySpan<T> x0)
    {
        // Of slopes both parts are one.
        if (m == n && positive.IsEmpty && negative.IsEmpty && multipliers.IsEmpty)
            Rows.AddTimes(scores, m, x, x0);
        else
            AddMoves(m, n, x, x0);
        if (!hypothetical.IsEmpty)
            AddHypothetical(inputs, m, n, x0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddMoves(ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x, ReadOnlySpan<T> x0)
    {
        var ends = Rows.Lanes(x);
        var starts = Rows.Lanes(x0);
        for (var v = 0; v < ends.Length; v++)
        {
            Rows.Move(ends[v], starts[v], out var low, out var high);
            Add(v, Rows.Lanes(m)[v], Rows.Lanes(n)[v], Rises(low), Rises(high), Falls(low), Falls(high));
        }
        for (var i = ends.Length * Vector<float>.Count; i < scores.Length; i++)
        {
            var difference = Rows.Move(x[i], x0[i]);
            Add(i, double.CreateTruncating(m[i]), double.CreateTruncating(n[i]), Math.Max(difference, 0), Math.Min(difference, 0));
        }
    }

    /// <summary>Adds the multipliers of both parts times the parts of a layer's difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddLayer(ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> rises, ReadOnlySpan<T> falls)
    {
        var up = Rows.Lanes(rises);
        var down = Rows.Lanes(falls);
        for (var v = 0; v < up.Length; v++)
        {
            Vector.Widen(up[v], out var lowRise, out var highRise);
            Vector.Widen(down[v], out var lowFall, out var highFall);
            Add(v, Rows.Lanes(m)[v], Rows.Lanes(n)[v], lowRise, highRise, lowFall, highFall);
        }
        for (var i = up.Length * Vector<float>.Count; i < scores.Length; i++)
        {
            Add(i, double.CreateTruncating(m[i]), double.CreateTruncating(n[i]),
                double.CreateTruncating(rises[i]), double.CreateTruncating(falls[i]));
        }
    }

    /// <summary>Writes the means.</summary>
    public void Write(in Job<T> job, int answer, int input, double divisor)
    {
        var at = job.ScorePlace(answer, input);
        Write(scores, job.Scores, at, divisor);
        Write(positive, job.Positive, at, divisor);
        Write(negative, job.Negative, at, divisor);
        Write(multipliers, job.Multipliers, at, divisor);
        Write(hypothetical, job.Hypothetical, at, divisor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int i, double m, double n, double rise, double fall)
    {
        (rise, fall) = (Rows.Times(m, rise), Rows.Times(n, fall));
        scores[i] += rise + fall;
        if (!positive.IsEmpty)
            positive[i] += rise;
        if (!negative.IsEmpty)
            negative[i] += fall;
        if (!multipliers.IsEmpty)
            multipliers[i] += (m + n) / 2;
    }

    // A vector of floats' elements, each as it is alone: its lower half and its higher one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int v, Vector<float> m, Vector<float> n, Vector<double> lowRise, Vector<double> highRise, Vector<double> lowFall,
        Vector<double> highFall)
    {
        Vector.Widen(m, out var lowM, out var highM);
        Vector.Widen(n, out var lowN, out var highN);
        Add(2 * v, lowM, lowN, lowRise, lowFall);
        Add(2 * v + 1, highM, highN, highRise, highFall);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int v, Vector<double> m, Vector<double> n, Vector<double> rise, Vector<double> fall)
    {
        (rise, fall) = (Rows.Times(m, rise), Rows.Times(n, fall));
        Rows.Lanes(scores)[v] += rise + fall;
        if (!positive.IsEmpty)
            Rows.Lanes(positive)[v] += rise;
        if (!negative.IsEmpty)
            Rows.Lanes(negative)[v] += fall;
        if (!multipliers.IsEmpty)
            Rows.Lanes(multipliers)[v] += (m + n) / 2;
    }

    // What is not a number is neither above nor below zero, and stays.
    private static Vector<double> Rises(Vector<double> difference) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(difference, Vector<double>.Zero), Vector<double>.Zero, difference);

    private static Vector<double> Falls(Vector<double> difference) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(difference, Vector<double>.Zero), Vector<double>.Zero, difference);

    // Per position, for each channel b: the sum over channels c of (1{c = b} - reference_c) multiplier_c.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddHypothetical(IReadOnlyList<TensorInfo> inputs, ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x0)
    {
        var start = 0;
        for (var input = 0; input < inputs.Count; input++)
        {
            var size = Sizes.Of(inputs[input].Shape);
            var positions = size / inputs[input].Shape[0];
            for (var position = 0; position < positions; position++)
            {
                var expected = 0.0;
                for (var i = start + position; i < start + size; i += positions)
                    expected += Rows.Times(Mean(m[i], n[i]), double.CreateTruncating(x0[i]));
                for (var i = start + position; i < start + size; i += positions)
                    hypothetical[i] += Mean(m[i], n[i]) - expected;
            }
            start += size;
        }
    }

    private static double Mean(T m, T n) => (double.CreateTruncating(m) + double.CreateTruncating(n)) / 2;

    private static void Write(Span<double> sums, T* to, long at, double divisor) =>
        Rows.Means<T>(sums, divisor, new Span<T>(to + at, sums.Length));
}
