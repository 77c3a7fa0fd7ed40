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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddInputs(IReadOnlyList<TensorInfo> inputs, ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x, ReadOnlySpan<T> x0)
    {
        // Of slopes both parts are one.
        var isOne = m == n && positive.IsEmpty && negative.IsEmpty && multipliers.IsEmpty;
        for (var i = 0; i < scores.Length; i++)
        {
            var difference = Rows.Move(x[i], x0[i]);
            if (isOne)
                scores[i] += Rows.Times(double.CreateTruncating(m[i]), difference);
            else
                Add(i, double.CreateTruncating(m[i]), double.CreateTruncating(n[i]), Math.Max(difference, 0), Math.Min(difference, 0));
        }
        if (!hypothetical.IsEmpty)
            AddHypothetical(inputs, m, n, x0);
    }

    /// <summary>Adds the multipliers of both parts times the parts of a layer's difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddLayer(ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> rises, ReadOnlySpan<T> falls)
    {
        for (var i = 0; i < scores.Length; i++)
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

    // Per position, for each channel b: the sum over channels c of (1{c = b} - reference_c) multiplier_c.
    private void AddHypothetical(IReadOnlyList<TensorInfo> inputs, ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x0)
    {
        var start = 0;
        for (var input = 0; input < inputs.Count; input++)
        {
            var size = Sizes.Of(inputs[input].Shape);
            var positions = size / inputs[input].Shape[0];
            for (var position = start; position < start + positions; position++)
            {
                var expected = 0.0;
                for (var i = position; i < start + size; i += positions)
                    expected += Rows.Times(Mean(m[i], n[i]), double.CreateTruncating(x0[i]));
                for (var i = position; i < start + size; i += positions)
                    hypothetical[i] += Mean(m[i], n[i]) - expected;
            }
            start += size;
        }
    }

    private static double Mean(T m, T n) => (double.CreateTruncating(m) + double.CreateTruncating(n)) / 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(Span<double> sums, T* to, long at, double divisor)
    {
        for (var i = 0; i < sums.Length; i++)
            to[at + i] = T.CreateTruncating(sums[i] / divisor);
    }
}
