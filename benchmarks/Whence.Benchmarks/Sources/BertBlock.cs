using static Whence.Nn;

namespace Whence.Benchmarks;

/// <summary>
/// One layer of BERT-base (Devlin et al., arXiv 1810.04805) over 128 tokens, and two classes read off the first. Its tensors have the names
/// of PyTorch's nn.TransformerEncoderLayer.
/// </summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
public sealed partial class BertBlock
{
    [MultiHeadAttention(12, Name = "self_attn")] private partial Tensor Attend(Tensor x);
    [LayerNorm] private partial Tensor Norm1(Tensor x);
    [Linear(3072)] private partial Tensor Linear1(Tensor x);
    [Linear(768)] private partial Tensor Linear2(Tensor x);
    [LayerNorm] private partial Tensor Norm2(Tensor x);
    [Linear(2)] private partial Tensor Head(Tensor x);

    public Tensor Forward([Shape(128, 768)] Tensor tokens)
    {
        var seen = Norm1(tokens + Attend(tokens));
        var encoded = Norm2(seen + Linear2(Gelu(Linear1(seen))));
        return Head(Reshape(Slice(encoded, axis: 0, start: 0, length: 1), 768));
    }
}
