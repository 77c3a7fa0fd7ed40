namespace Whence.Evaluate;

/// <summary>
/// The scores of many sequences, [count, length, 4]: a window is one stretch of them, and read from its end it is the other strand's, since
/// A, C, G, T from the end are T, G, C, A.
/// </summary>
internal sealed class SeqletTracks
{
    private readonly double[] values;

    public SeqletTracks(ReadOnlySpan<float> scores, ReadOnlySpan<float> sequences, int count)
    {
        (Count, Length) = (count, scores.Length / (4 * count));
        values = new double[scores.Length];
        for (var sequence = 0; sequence < count; sequence++)
        {
            var own = scores.Slice(sequence * 4 * Length, 4 * Length);
            var letters = sequences.IsEmpty ? default : sequences.Slice(sequence * 4 * Length, 4 * Length);
            for (var position = 0; position < Length; position++)
                Place(own, letters, position, values.AsSpan(4 * (sequence * Length + position), 4));
        }
    }

    public int Count { get; }

    public int Length { get; }

    /// <summary>[4 * width]: a window's scores.</summary>
    public ReadOnlySpan<double> Window(int sequence, int start, int width) =>
        values.AsSpan(4 * (sequence * Length + start), 4 * width);

    private void Place(ReadOnlySpan<float> scores, ReadOnlySpan<float> letters, int position, Span<double> to)
    {
        for (var letter = 0; letter < 4; letter++)
            to[letter] = scores[letter * Length + position];
        if (letters.IsEmpty)
            return;
        var sum = to[0] + to[1] + to[2] + to[3];
        for (var letter = 0; letter < 4; letter++)
            to[letter] = sum * letters[letter * Length + position];
    }

    /// <summary>[length - width + 1]: the sum of the sizes of the positions' scores of each window.</summary>
    public double[] Strengths(int sequence, int width)
    {
        var sizes = new double[Length];
        for (var position = 0; position < Length; position++)
        {
            foreach (var score in Window(sequence, position, 1))
                sizes[position] += score;
            sizes[position] = Math.Abs(sizes[position]);
        }
        var strengths = new double[Length - width + 1];
        for (var start = 0; start < strengths.Length; start++)
        {
            // Each window is summed by itself: no bit of it depends on those before.
            for (var i = 0; i < width; i++)
                strengths[start] += sizes[start + i];
        }
        return strengths;
    }
}
