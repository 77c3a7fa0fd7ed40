using Whence;

namespace Sentences;

/// <summary>How similar two sentences are, and what each word of each has to do with it.</summary>
internal sealed class Similarity
{
    private const int Steps = 100;

    private Similarity(Sentence left, Sentence right) => (Left, Right) = (left, right);

    public Sentence Left { get; }

    public Sentence Right { get; }

    /// <summary>The cosine of the angle between the embeddings.</summary>
    public required double Cosine { get; init; }

    /// <summary>What is asked of each sentence, the other held fixed.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Compares two sentences: each is explained from as many [MASK] tokens, towards the embedding of the other.</summary>
    public static Similarity Of(SentenceNet net, Sentence left, Sentence right)
    {
        var (a, b) = (net.Predict(left.Tokens), net.Predict(right.Tokens));
        return new(left, right)
        {
            Cosine = a.Zip(b, (x, y) => (double)x * y).Sum(),
            Answers = [.. Explain(net, left, b), .. Explain(net, right, a)],
        };
    }

    private static IEnumerable<Answer> Explain(SentenceNet net, Sentence sentence, float[] other)
    {
        var towards = Target.Weights([.. other.Select(value => (double)value)]);
        var (row, masked) = (net.Embed(sentence.Tokens), net.Embed(sentence.Masked));
        yield return Answered("DeepLIFT, Rescale", net.DeepLift(row, towards, Rule.Rescale, References.One(masked)));
        yield return Answered("integrated gradients",
            net.IntegratedGradients(row, towards, References.One(masked), new PathOptions { Steps = Steps }));

        Answer Answered(string method, Attribution why) => new(method, sentence, why, sentence.PerWord(why.PerToken()));
    }
}

/// <summary>What a method says of one of two sentences.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Sentence">The sentence.</param>
/// <param name="Why">The scores of its embedding's elements.</param>
/// <param name="Words">Their sums over each word.</param>
internal sealed record Answer(string Method, Sentence Sentence, Attribution Why, double[] Words);
