namespace Whence;

using System.Numerics;

/// <summary>Moments of any method's scores over noisy copies of each input: SmoothGrad is their mean, VarGrad their variance.</summary>
internal static class OverNoise
{
    public static void Run<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores, NoiseOptions? options,
        Explanation<T>? method, bool variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        options ??= NoiseOptions.Default;
        method ??= Plain<T>.Gradient;
        if (options.Samples is < 1 or > Check.MostRows)
            throw new ArgumentOutOfRangeException(nameof(options), options.Samples,
                $"NoiseOptions.Samples is at least 1 and at most {Check.MostRows}, but is {options.Samples}.");
        if (!(options.Deviation >= 0) || !double.IsFinite(options.Deviation))
            throw new ArgumentOutOfRangeException(nameof(options), options.Deviation,
                $"NoiseOptions.Deviation is at least 0, but is {options.Deviation}.");
        Check.Input(net.Signature, x, count);
        Check.Targets(targets, count);
        var size = net.Signature.InputSize;
        Check.Output(scores.Length, (long)targets.Answers * count * size, nameof(scores));
        using var doubles = Arena<double>.Enter();
        var means = doubles.Take(checked(targets.Answers * size));
        var squares = doubles.Take(means.Length);
        for (var input = 0; input < count; input++)
        {
            Moments(net, x.Slice(input * size, size), input, targets.At(input), options, method, means, squares);
            for (var answer = 0; answer < targets.Answers; answer++)
                Write(means.Slice(answer * size, size), squares.Slice(answer * size, size),
                    scores.Slice((answer * count + input) * size, size), variance);
            options.Progress?.Report((input + 1.0) / count);
        }
    }

    // The mean of each score, and of its square's distance to the mean's (Welford's update, which does not cancel).
    private static void Moments<T>(IModel<T> net, ReadOnlySpan<T> x, int input, Targets targets, NoiseOptions options,
        Explanation<T> method, Span<double> means, Span<double> squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var arena = Arena<T>.Enter();
        var chunk = Math.Min(net.Signature.ChunkRows, options.Samples);
        var noisy = arena.Take(checked(chunk * x.Length));
        var drawn = arena.Take(checked(targets.Answers * chunk * x.Length));
        var deviation = options.Absolute ? options.Deviation : options.Deviation * Range(net.Signature, x);
        means.Clear();
        squares.Clear();
        for (var first = 0; first < options.Samples; first += chunk)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(chunk, options.Samples - first);
            for (var i = 0; i < rows; i++)
            {
                Disturb(x, deviation, new Draws(options.Seed, (ulong)(first + i)), noisy.Slice(i * x.Length, x.Length));
                Masks.Copy(net.Signature, x, noisy.Slice(i * x.Length, x.Length));
            }
            var scores = drawn[..(targets.Answers * rows * x.Length)];
            try
            {
                method(net, noisy[..(rows * x.Length)], rows, targets, scores);
            }
            catch (NonFiniteException error)
            {
                throw new NonFiniteException($"Of input {input}'s noisy copies, as inputs from {first} on: {error.Message}", input, error);
            }
            for (var row = 0; row < targets.Answers * rows; row++)
            {
                var (answer, sample) = Math.DivRem(row, rows);
                Update(means.Slice(answer * x.Length, x.Length), squares.Slice(answer * x.Length, x.Length),
                    scores.Slice(row * x.Length, x.Length), first + sample + 1);
            }
        }
        foreach (ref var square in squares)
            square /= options.Samples;
    }

    private static void Update<T>(Span<double> means, Span<double> squares, ReadOnlySpan<T> scores, int samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < means.Length; i++)
        {
            var score = double.CreateTruncating(scores[i]);
            var before = score - means[i];
            means[i] += before / samples;
            squares[i] += before * (score - means[i]);
        }
    }

    private static void Disturb<T>(ReadOnlySpan<T> x, double deviation, Draws draws, Span<T> noisy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++)
            noisy[i] = T.CreateTruncating(double.CreateTruncating(x[i]) + deviation * draws.Normal());
    }

    private static double Range<T>(Signature signature, ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (least, most) = (T.PositiveInfinity, T.NegativeInfinity);
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            var values = x[..Sizes.Of(signature.Inputs[i].Shape)];
            x = x[values.Length..];
            foreach (var value in signature.Inputs[i].IsMask ? default : values)
                (least, most) = (T.Min(least, value), T.Max(most, value));
        }
        return most < least ? 0 : double.CreateTruncating(most) - double.CreateTruncating(least);
    }

    private static void Write<T>(ReadOnlySpan<double> means, ReadOnlySpan<double> squares, Span<T> scores, bool variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(variance ? squares[i] : means[i]);
    }

    private static class Plain<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly Explanation<T> Gradient = static (net, x, count, targets, scores) =>
            SpanExplainers.Gradient(net, x, count, targets, scores);
    }
}
