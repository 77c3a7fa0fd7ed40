using static Whence.Nn;

namespace Whence.Trials.Tests;

/// <summary>A sentence of up to twelve words, each weighed against the others.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
public sealed partial class Sentence
{
    [Embedding(vocabulary: 50, width: 8)] private partial Tensor Embed(Tensor text);
    [Linear(6)] private partial Tensor Hidden(Tensor x);
    [Linear(1, Bias = false)] private partial Tensor Weigh(Tensor x);
    [Linear(3)] private partial Tensor Head(Tensor x);

    public Tensor Forward([Tokens(12, Variable = true)] Tensor text)
    {
        var hidden = Tanh(Hidden(Embed(text)));
        var seen = Sum(hidden * Softmax(Weigh(hidden), axis: 0), axis: 0);
        return Softmax(Head(Concat(seen, Mean(hidden, axis: 0))));
    }
}

/// <summary>A row of numbers, a code of three letters and a mask, and two outputs.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
public sealed partial class Ticket
{
    [Embedding(26, 4)] private partial Tensor Letters(Tensor code);
    [Linear(5)] private partial Tensor Numbers(Tensor x);
    [Linear(1)] private partial Tensor Price(Tensor x);
    [Linear(2)] private partial Tensor Class(Tensor x);

    public (Tensor Price, Tensor Class) Forward([Shape(4)] Tensor rows, [Tokens(3)] Tensor code, [Mask(5)] Tensor known)
    {
        var all = Concat(Relu(Numbers(rows)) * known, Flatten(Letters(code)));
        return (Price(all), Softmax(Class(all)));
    }
}

/// <summary>Networks over tokens, as their users write and call them.</summary>
public sealed class TokenTests
{
    private static readonly Sentence sentence = Sentence.Load(Weights.Random(4));
    private static readonly Ticket ticket = Ticket.Load(Weights.Random(4));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public void PredictIsForwardOfTheSameTokens(int length)
    {
        var tokens = Tokens(length);
        Same(sentence.Forward(Tensor.Tokens(tokens)), sentence.Predict(tokens));
    }

    [Fact]
    public void ABatchIsEachExampleByItself()
    {
        int[] lengths = [3, 12, 1];
        var (padded, together) = (new int[3 * 12], new float[3 * 3]);
        // What is past the end is not read, so that it may be anything.
        Array.Fill(padded, -1);
        for (var i = 0; i < 3; i++)
            Tokens(lengths[i]).CopyTo(padded, i * 12);
        sentence.Predict(padded, lengths, together, 3);
        for (var i = 0; i < 3; i++)
            Assert.Equal(sentence.Predict(Tokens(lengths[i])), together[(i * 3)..(i * 3 + 3)]);
    }

    [Fact]
    public void AnExplanationIsOneLine()
    {
        var explained = sentence.IntegratedGradients(sentence.Embed(Tokens(5)), Target.Unit(1));
        var words = explained.PerToken();
        Assert.Equal(12, words.Length);
        Assert.All(words[5..], score => Assert.Equal(0, score));
        Assert.All(words[..5], score => Assert.NotEqual(0, score));
        Assert.True(explained.RelativeGap < 1e-3, $"The gap is {explained.Gap}.");
        for (var i = 0; i < 5; i++)
            Assert.Equal(explained.ScoresOf("text").Slice(i * 8, 8).ToArray().Sum(score => (double)score), words[i], 1e-6);
        Assert.Equal(words, explained.SumOver(1));
        Assert.Equal(words, sentence.IntegratedGradients(sentence.Embed(Tokens(5)), 1, Target.Unit(1)).PerToken()[0]);
    }

    [Fact]
    public void AReferenceIsMadeOfTokensToo()
    {
        int[] spaces = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7];
        var explained = sentence.DeepLift(sentence.Embed(Tokens(4)), Target.Unit(0), references: sentence.Embed(spaces));
        Assert.True(explained.RelativeGap < 1e-5, $"The gap is {explained.Gap}.");
        // Past the end a reference is not read either.
        Assert.Equal(explained.Scores.ToArray(),
            sentence.DeepLift(sentence.Embed(Tokens(4)), Target.Unit(0), references: sentence.Embed(spaces[..4])).Scores.ToArray());
        Assert.All(explained.PerToken()[4..], score => Assert.Equal(0, score));
    }

    [Fact]
    public void TokensGoWithNumbersAndMasks()
    {
        float[] rows = [0.5f, -1, 2, 0.25f, 1, 0, -2, 1];
        int[] codes = [0, 25, 3, 9, 9, 1];
        float[] known = [1, 0, 1, 1, 0, 0, 1, 1, 1, 1];
        var (prices, classes) = (new float[2], new float[4]);
        ticket.Predict(rows, codes, known, prices, classes, 2);
        for (var i = 0; i < 2; i++)
        {
            var (price, kind) = ticket.Forward(new Tensor(new Shape(4), rows.AsSpan(i * 4, 4)), Tensor.Tokens(codes.AsSpan(i * 3, 3)),
                new Tensor(new Shape(5), known.AsSpan(i * 5, 5)));
            Same(price, prices[i..(i + 1)]);
            Same(kind, classes[(i * 2)..(i * 2 + 2)]);
        }
        var explained = ticket.DeepLift(ticket.Embed(rows.AsSpan(0, 4), codes.AsSpan(0, 3), known.AsSpan(0, 5)), Target.Unit(0));
        Assert.Equal(["rows", "code", "known"], explained.Tensors.Select(tensor => tensor.Name));
        Assert.All(explained.ScoresOf("known").ToArray(), score => Assert.Equal(0, score));
        Assert.Equal(3, explained.PerToken("code").Length);
        Assert.True(explained.RelativeGap < 1e-5, $"The gap is {explained.Gap}.");
        Assert.Contains("say to which", Assert.Throws<ArgumentException>(() => explained.PerToken()).Message, StringComparison.Ordinal);
        Assert.Contains("\"words\"", Assert.Throws<ArgumentException>(() => explained.SumOver(0, "words")).Message,
            StringComparison.Ordinal);
        Assert.Contains("axes are 0 to 1", Assert.Throws<ArgumentException>(() => explained.SumOver(2, "code")).Message,
            StringComparison.Ordinal);
    }

#pragma warning disable WH206, WH505 // What the analyzer says of these constants is what the calls say when they run.
    [Fact]
    public void TokensOutsideTheVocabularyAreRefused()
    {
        Refuses("text takes tokens from 0 to 49, but token 2 of example 0 is 50.", () => sentence.Predict([1, 2, 50]));
        Refuses("text takes tokens from 0 to 49, but token 0 of example 1 is -3.",
            () => sentence.Predict([.. Tokens(12), -3, .. Tokens(11)], [12, 1], new float[6], 2));
        Refuses("Embedding takes tokens from 0 to 49, but token 1 is 50.", () => sentence.Forward(Tensor.Tokens(1, 50)));
        Refuses("Embedding takes tokens from 0 to 49, but token 0 is 0.5.", () => sentence.Forward(new double[] { 0.5 }));
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        Refuses("text takes 1 to 12 tokens, but was given 0.", () => sentence.Predict([]));
        Refuses("text takes 1 to 12 tokens, but was given 13.", () => sentence.Embed(Tokens(13)));
        Refuses("text takes 1 to 12 tokens, but example 1 has a length of 0.",
            () => sentence.Predict(Tokens(24), [12, 0], new float[6], 2));
        Refuses("one length for each of 2 examples", () => sentence.Predict(Tokens(24), [12], new float[6], 2));
        Refuses("text must have 24 tokens (2 examples of 12), but has 23.", () => sentence.Predict(Tokens(23), [12, 11], new float[6], 2));
        Refuses("code must have 3 tokens (1 examples of 3), but has 2.", () => ticket.Embed(new float[4], [1, 2], new float[5]));
        Refuses("output must have 6 elements", () => sentence.Predict(Tokens(24), [12, 11], new float[5], 2));
        Refuses("The rows of input must have", () => sentence.Embed(Tokens(24), [12, 11], new float[5], 2));
    }
#pragma warning restore WH206, WH505

    [Fact]
    public void OneInterfaceEmbedsForAny()
    {
        ITokenNetwork any = sentence;
        Assert.Equal(new TokenInput("text", 12, true, 50), Assert.Single(any.TokenInputs));
        Assert.Equal(sentence.Embed([1, 2, 3]), any.Embed(1, 2, 3));
        ITokenNetwork mixed = ticket;
        Refuses("Ticket has more inputs than the tokens code", () => mixed.Embed(1, 2, 3));
    }

    [Fact]
    public void EmbeddingAndPredictingAllocateNothing()
    {
        var (tokens, lengths) = (Tokens(24), new[] { 12, 5 });
        var (rows, y) = (new float[2 * sentence.Embed(Tokens(1)).Length], new float[6]);
        var scores = new float[rows.Length];
        void Ask()
        {
            sentence.Embed(tokens, lengths, rows, 2);
            sentence.Predict(tokens, lengths, y, 2);
            SpanExplainers.IntegratedGradients<float>(sentence, rows, 2, Target.Unit(0), default, scores);
            SpanExplainers.DeepLift<float>(sentence, rows, 2, Target.Unit(0), Rule.Rescale, default, scores);
        }
        Assert.Equal(0, Allocated.By(Ask));
    }

    private static int[] Tokens(int length) => [.. Enumerable.Range(0, length).Select(i => (5 + 11 * i) % 50)];

    private static void Refuses(string says, Action call) =>
        Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);

    private static void Same(Tensor expected, float[] actual)
    {
        Assert.Equal(expected.Shape.Size, actual.Length);
        for (var i = 0; i < actual.Length; i++)
            Assert.Equal(expected.Values[i], actual[i], 1e-5);
    }
}
