using Whence;
using static Whence.Nn;

namespace Sentences;

/// <summary>Imported from an ONNX model (pytorch, opset 13): [32] to [32, 384].</summary>
[Network]
public sealed partial class MiniLm
{
    [Name("encoder.layer.0")] private readonly EncoderLayer layer0 = new();
    [Name("encoder.layer.1")] private readonly EncoderLayer layer1 = new();
    [Name("encoder.layer.2")] private readonly EncoderLayer layer2 = new();
    [Name("encoder.layer.3")] private readonly EncoderLayer layer3 = new();
    [Name("encoder.layer.4")] private readonly EncoderLayer layer4 = new();
    [Name("encoder.layer.5")] private readonly EncoderLayer layer5 = new();

    [Embedding(30522, 384, Name = "embeddings.word_embeddings")] private partial Tensor WordEmbeddings(Tensor tokens);
    [Parameter(1, 384, Name = "embeddings.token_type_embeddings")] private partial Tensor TokenTypeEmbeddings();
    [Parameter(32, 384, Name = "embeddings.position_embeddings")] private partial Tensor PositionEmbeddings();
    [LayerNorm(Epsilon = 1e-12, Name = "embeddings.LayerNorm")] private partial Tensor EmbeddingsLayerNorm(Tensor x);

    public Tensor Forward(Tensor inputIds)
    {
        var x = WordEmbeddings(inputIds) + TokenTypeEmbeddings() + Slice(PositionEmbeddings(), 0, 0, length: inputIds.Shape[0]);
        x = layer0.Forward(EmbeddingsLayerNorm(x));
        x = layer1.Forward(x);
        x = layer2.Forward(x);
        x = layer3.Forward(x);
        x = layer4.Forward(x);
        return layer5.Forward(x);
    }
}

[Network]
public sealed partial class EncoderLayer
{
    [MultiHeadAttention(12)] private partial Tensor Attention(Tensor x);
    [LayerNorm(Epsilon = 1e-12, Name = "attention.output.LayerNorm")] private partial Tensor AttentionOutputLayerNorm(Tensor x);
    [Linear(1536, Name = "intermediate.dense")] private partial Tensor IntermediateDense(Tensor x);
    [Linear(384, Name = "output.dense")] private partial Tensor OutputDense(Tensor x);
    [LayerNorm(Epsilon = 1e-12, Name = "output.LayerNorm")] private partial Tensor OutputLayerNorm(Tensor x);

    public Tensor Forward(Tensor x)
    {
        x = AttentionOutputLayerNorm(Attention(x) + x);
        return OutputLayerNorm(OutputDense(Gelu(IntermediateDense(x))) + x);
    }
}
