namespace Whence;

using System.Numerics;

/// <summary>
/// Where a method of <see cref="SpanExplainers"/> writes: the scores, and beside them what is wanted. A span alone converts to it.
/// </summary>
public ref struct ScoreSpans<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// [count, the method's score size], as each method says; of several targets [targets, count, ...]. Of DeepLIFT what each element of
    /// the input adds to the difference of the output from the reference output: its contribution.
    /// </summary>
    public Span<T> Scores;
    /// <summary>
    /// [count], or empty if not wanted: what the scores of each input sum to and what they are of, in double. Of methods with scores of
    /// their own for each point, [count, points].
    /// </summary>
    public Span<Completeness> Sums;
    /// <summary>
    /// Of DeepLIFT, as large as the scores or empty: the part of the contribution that the positive part of the element's difference adds,
    /// multiplier+ times positive part.
    /// </summary>
    public Span<T> Positive;
    /// <summary>
    /// Of DeepLIFT, as large as the scores or empty: the part of the contribution that the negative part of the element's difference adds,
    /// multiplier- times negative part.
    /// </summary>
    public Span<T> Negative;
    /// <summary>Of DeepLIFT, as large as the scores or empty: the mean of the multipliers of both parts.</summary>
    public Span<T> Multipliers;
    /// <summary>
    /// Of DeepLIFT of the inputs, as large as the scores or empty; for one-hot inputs [channels, ...], what each channel would contribute
    /// were it the one present at its position: the sum over channels c of (1{c = b} - reference c) times multiplier c. An estimate, by the
    /// multipliers of the actual input.
    /// </summary>
    public Span<T> Hypothetical;

    /// <summary>Only the scores.</summary>
    public static implicit operator ScoreSpans<T>(Span<T> scores) => new() { Scores = scores };

    /// <summary>Only the scores.</summary>
    public static implicit operator ScoreSpans<T>(T[] scores) => new() { Scores = scores };
}
