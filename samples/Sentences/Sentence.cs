using Microsoft.ML.Tokenizers;

namespace Sentences;

/// <summary>A sentence as words, and as the word pieces that the model reads.</summary>
internal sealed class Sentence
{
    private Sentence(string text) => Text = text;

    public string Text { get; }

    /// <summary>The word pieces by their numbers, between [CLS] and [SEP].</summary>
    public required int[] Tokens { get; init; }

    /// <summary>The same sentence with [MASK] in place of every piece: as long, and without a word.</summary>
    public required int[] Masked { get; init; }

    /// <summary>The words as they are written.</summary>
    public required string[] Words { get; init; }

    /// <summary>For each token, the word that it is a piece of; -1 of [CLS] and [SEP].</summary>
    public required int[] WordOf { get; init; }

    /// <summary>Cuts a text.</summary>
    /// <exception cref="ArgumentException">It has no word, or more tokens than the network takes.</exception>
    public static Sentence Read(string text, BertTokenizer tokenizer)
    {
        var pieces = tokenizer.EncodeToTokens(text, out var normalised).ToArray();
        normalised ??= text;
        var inner = pieces.Where(piece => piece.Id != tokenizer.ClassificationTokenId && piece.Id != tokenizer.SeparatorTokenId).ToArray();
        if (inner.Length == 0)
            throw new ArgumentException($"\"{text}\" has no words.");
        if (inner.Length + 2 > SentenceNet.Longest)
            throw new ArgumentException($"\"{text}\" is {inner.Length + 2} tokens long, and the network takes {SentenceNet.Longest}.");
        var words = new List<string>();
        var wordOf = new List<int> { -1 };
        foreach (var piece in inner)
        {
            // A piece that begins where the one before it ends continues its word.
            var part = normalised[piece.Offset];
            if (piece.Value.StartsWith("##", StringComparison.Ordinal) && words.Count > 0)
                words[^1] += part;
            else
                words.Add(part);
            wordOf.Add(words.Count - 1);
        }
        return new(text)
        {
            Tokens = [tokenizer.ClassificationTokenId, .. inner.Select(piece => piece.Id), tokenizer.SeparatorTokenId],
            Masked =
            [
                tokenizer.ClassificationTokenId, .. Enumerable.Repeat(tokenizer.MaskingTokenId, inner.Length), tokenizer.SeparatorTokenId,
            ],
            Words = [.. words],
            WordOf = [.. wordOf, -1],
        };
    }

    /// <summary>Scores of tokens, summed over the pieces of each word.</summary>
    public double[] PerWord(ReadOnlySpan<float> tokens)
    {
        var sums = new double[Words.Length];
        for (var i = 0; i < WordOf.Length; i++)
        {
            if (WordOf[i] >= 0)
                sums[WordOf[i]] += tokens[i];
        }
        return sums;
    }
}
