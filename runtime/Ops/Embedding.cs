using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// The row of a table for each token: a [Tokens] input [length] to [length, width]. Explanations are about these rows. Weights, as
/// PyTorch's Embedding has them: weight [vocabulary, width].
/// </summary>
public sealed class EmbeddingAttribute : LayerAttribute
{
    /// <summary>A table of this many tokens, each a row of this width.</summary>
    public EmbeddingAttribute(int vocabulary, int width) => (Vocabulary, Width) = (vocabulary, width);

    /// <summary>A table whose number of tokens is the constructor parameter or readonly field of this name.</summary>
    public EmbeddingAttribute(string vocabulary, int width) => (VocabularyParameter, Width) = (vocabulary, width);

    /// <summary>A table whose width is the constructor parameter or readonly field of this name.</summary>
    public EmbeddingAttribute(int vocabulary, string width) => (Vocabulary, WidthParameter) = (vocabulary, width);

    /// <summary>A table whose number of tokens and width are the constructor parameters or readonly fields of these names.</summary>
    public EmbeddingAttribute(string vocabulary, string width) => (VocabularyParameter, WidthParameter) = (vocabulary, width);

    /// <summary>The number of tokens; 0 if a constructor parameter or field gives it.</summary>
    public int Vocabulary { get; }

    /// <summary>The constructor parameter or field that gives the number of tokens, or null.</summary>
    public string? VocabularyParameter { get; }

    /// <summary>The width; 0 if a constructor parameter or field gives it.</summary>
    public int Width { get; }

    /// <summary>The constructor parameter or field that gives the width, or null.</summary>
    public string? WidthParameter { get; }
}

public static partial class Nn
{
    /// <summary>The rows of a table for tokens. tokens [length], weight [vocabulary, width], to [length, width].</summary>
    /// <exception cref="ArgumentException">A token is no whole number from 0 to the vocabulary's last.</exception>
    public static Tensor Embedding(Tensor tokens, Tensor weight)
    {
        Expect.Rank(tokens, 1, nameof(Embedding), "tokens [length]");
        Expect.Rank(weight, 2, nameof(Embedding), "a weight [vocabulary, width]");
        var (vocabulary, width) = (weight.Shape[0], weight.Shape[1]);
        var shape = new Shape(tokens.Shape.Size, width);
        var y = new double[shape.Size];
        for (var position = 0; position < tokens.Shape.Size; position++)
        {
            var token = tokens.Values[position];
            if (token != Math.Floor(token) || token < 0 || token >= vocabulary)
                throw new ArgumentException($"{nameof(Embedding)} takes tokens from 0 to {vocabulary - 1}, but token {position} is "
                    + $"{token}.", nameof(tokens));
            weight.Values.Slice((int)token * width, width).CopyTo(y.AsSpan(position * width));
        }
        return Tensor.Own(shape, y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="EmbeddingAttribute"/>
    public static Tensor Embedding(WeightScope scope, string[] names, Tensor tokens, int vocabulary, int width) =>
        Nn.Embedding(tokens, scope.Tensors(names, LayerParameters.Embedding(vocabulary, width))["weight"]);
}
