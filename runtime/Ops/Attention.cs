using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// Attention of several heads (Vaswani et al., arXiv 1706.03762, section 3.2.2), with the weights of PyTorch's nn.MultiheadAttention. The
/// method takes one tensor [tokens, features], whose tokens attend to each other, or queries [tokens, features], keys and values
/// [others, features]; it gives [tokens, features]. Weights: in_proj_weight [3 features, features], in_proj_bias [3 features],
/// out_proj.weight [features, features], out_proj.bias [features]. A file may have queries, keys and values apart, [features, features]
/// each: q_proj, k_proj, v_proj; query, key, value, perhaps in self; q_lin, k_lin, v_lin; and out_proj as o_proj, out_lin or output.dense.
/// </summary>
public sealed class MultiHeadAttentionAttribute : LayerAttribute
{
    /// <summary>Attention of this many heads, which divide the features.</summary>
    public MultiHeadAttentionAttribute(int heads) => Heads = heads;

    /// <summary>Attention whose number of heads is the constructor parameter or readonly field of this name.</summary>
    public MultiHeadAttentionAttribute(string heads) => HeadsParameter = heads;

    /// <summary>The number of heads; 0 if a constructor parameter or field gives it.</summary>
    public int Heads { get; }

    /// <summary>The constructor parameter or field that gives the number of heads, or null.</summary>
    public string? HeadsParameter { get; }

    /// <summary>Whether the products add biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Whether a token attends only to itself and to those before it.</summary>
    public bool Causal { get; init; }
}

public static partial class Nn
{
    /// <summary>
    /// softmax(q k^T / sqrt(E) + mask) v (Vaswani et al., arXiv 1706.03762, section 3.2.1): queries [queries, E], keys [keys, E] and values
    /// [keys, V] give [queries, V]; all may have heads as an axis before.
    /// </summary>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="mask">What is added to the scores, [queries, keys] or with heads: 0, or minus infinity where a query must not see a
    /// key. A query that sees none gets zeros, as in PyTorch since 2.5, and nothing is attributed through it. Any number of at most -1e30
    /// means minus infinity.</param>
    /// <param name="causal">Whether a query sees no key after its own place.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor ScaledDotProductAttention(Tensor q, Tensor k, Tensor v, Tensor? mask = null, bool causal = false)
    {
        ArgumentNullException.ThrowIfNull(q);
        if (q.Shape.Rank is not (2 or 3))
            throw Expect.Refusal($"{nameof(ScaledDotProductAttention)} takes [tokens, features] or [heads, tokens, features], but was "
                + $"given {q.Shape}.", nameof(q));
        var scores = MatMul(q, k, transposeB: true) * (1 / Math.Sqrt(q.Shape[q.Shape.Rank - 1]));
        if (mask is not null)
            scores += mask.Shape.Rank == scores.Shape.Rank ? mask : Reshape(mask, [1, .. mask.Shape.ToArray()]);
        if (causal)
            scores = WithoutLater(scores);
        return MatMul(Exp(LogSoftmax(scores, scores.Shape.Rank - 1, mask is null ? double.NegativeInfinity : Hidden)), v);
    }

    // A query whose scores are all below it sees no key: its shares are 0.
    private const double Hidden = -1e29;

    /// <summary>
    /// Attention of several heads, which are stretches of the features: queries [tokens, features], keys and values [others, features].
    /// </summary>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="weight">The products before, [3 features, features]: for queries, keys and values.</param>
    /// <param name="bias">[3 features], or null.</param>
    /// <param name="outWeight">The product after, [features, features].</param>
    /// <param name="outBias">[features], or null.</param>
    /// <param name="heads">The number of heads, which divides the features.</param>
    /// <param name="causal">Whether a query sees no key after its own place.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor MultiHeadAttention(Tensor q, Tensor k, Tensor v, Tensor weight, Tensor? bias, Tensor outWeight, Tensor? outBias,
        int heads, bool causal = false)
    {
        Expect.Rank(q, 2, nameof(MultiHeadAttention), "[tokens, features]");
        ArgumentNullException.ThrowIfNull(weight);
        var features = q.Shape[1];
        Expect.AtLeast(1, heads, nameof(heads), nameof(MultiHeadAttention));
        if (features % heads != 0)
            throw Expect.Refusal($"{nameof(MultiHeadAttention)} needs heads that divide its features, but was given {heads} for "
                + $"{features}.", nameof(heads));
        Expect.Shape(weight, new Shape(Shape.Axis(3L * features), features), nameof(weight), nameof(MultiHeadAttention));
        Tensor Heads(Tensor x, int part)
        {
            var product = Linear(x, Slice(weight, 0, part * features, features),
                bias is null ? null : Slice(bias, 0, part * features, features));
            return Permute(Reshape(product, x.Shape[0], heads, features / heads), 1, 0, 2);
        }
        var attended = ScaledDotProductAttention(Heads(q, 0), Heads(k, 1), Heads(v, 2), causal: causal);
        return Linear(Reshape(Permute(attended, 1, 0, 2), q.Shape.ToArray()), outWeight, outBias);
    }

    private static Tensor WithoutLater(Tensor scores)
    {
        var keys = scores.Shape[scores.Shape.Rank - 1];
        var queries = scores.Shape[scores.Shape.Rank - 2];
        var masked = scores.Values.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            if (i % keys > i / keys % queries)
                masked[i] = double.NegativeInfinity;
        }
        return Tensor.Own(scores.Shape, masked);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="MultiHeadAttentionAttribute"/>
    public static Tensor MultiHeadAttention(WeightScope scope, string[] names, Tensor x, int heads, bool bias = true,
        bool causal = false) =>
        MultiHeadAttention(scope, names, x, x, x, heads, bias, causal);

    /// <inheritdoc cref="MultiHeadAttentionAttribute"/>
    public static Tensor MultiHeadAttention(WeightScope scope, string[] names, Tensor q, Tensor k, Tensor v, int heads, bool bias = true,
        bool causal = false)
    {
        var w = scope.Tensors(names, LayerParameters.MultiHeadAttention(q.Shape, bias));
        return Nn.MultiHeadAttention(q, k, v, w["in_proj_weight"], w.GetValueOrDefault("in_proj_bias"), w["out_proj.weight"],
            w.GetValueOrDefault("out_proj.bias"), heads, causal);
    }
}
