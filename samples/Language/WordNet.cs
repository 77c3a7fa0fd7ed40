using Whence;
using static Whence.Nn;

namespace Language;

/// <summary>
/// The small word-level language model of Zaremba, Sutskever and Vinyals (arXiv 1409.2329), with which Gradients of Counterfactuals
/// (arXiv 1611.02639) explains next words: ten words to the chances of each word of the vocabulary to come next.
/// </summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale, Backends = Backends.Cpu | Backends.Gpu,
    Weights = "language.safetensors")]
public sealed partial class WordNet
{
    private const int Vocabulary = 3000;

    [Embedding(Vocabulary, 200)] private partial Tensor Words(Tensor text);
    [Lstm(200)] private partial Tensor Lstm1(Tensor sequence);
    [Lstm(200, LastState = true)] private partial Tensor Lstm2(Tensor sequence);
    [Linear(Vocabulary)] private partial Tensor Next(Tensor state);

    public Tensor Forward([Tokens(Section.Length)] Tensor text) => Softmax(Next(Lstm2(Lstm1(Words(text)))));
}
