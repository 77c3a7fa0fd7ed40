using static Whence.Nn;

namespace Whence.Benchmarks;

/// <summary>The next of 63 characters after fifty. What is measured are its rows of input, embedded characters [50, 64].</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Weights = "lstm_lm.safetensors", Backends = Measured.On)]
public sealed partial class LstmLm
{
    [Embedding(63, 64)] private partial Tensor Emb(Tensor text);
    [Lstm(128)] private partial Tensor Lstm(Tensor sequence);
    [Linear(63)] private partial Tensor Head(Tensor x);

    public Tensor Forward([Tokens(50)] Tensor text) => Head(Last(Lstm(Emb(text))));
}
