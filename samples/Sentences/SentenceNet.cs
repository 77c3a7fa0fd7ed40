using Whence;
using static Whence.Nn;

namespace Sentences;

/// <summary>
/// A sentence's embedding: the mean over its tokens of what MiniLM makes of them, of length 1. The product of two is their similarity.
/// </summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale)]
internal sealed partial class SentenceNet
{
    /// <summary>The longest sentence, in tokens: [CLS] and [SEP] count.</summary>
    public const int Longest = 32;

    // Its weights have the names of the file they come from.
    [Name("")] private readonly MiniLm model = new();

    public Tensor Forward([Tokens(Longest, Variable = true)] Tensor sentence)
    {
        var mean = Mean(model.Forward(sentence), 0);
        return mean / Sqrt(Sum(Square(mean), 0));
    }
}
