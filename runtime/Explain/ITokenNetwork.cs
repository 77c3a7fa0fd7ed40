namespace Whence;

/// <summary>An input of Forward that holds tokens.</summary>
/// <param name="Name">Its name in Forward.</param>
/// <param name="Length">How many tokens an example has, or at most has.</param>
/// <param name="Variable">Whether an example may have fewer.</param>
/// <param name="Vocabulary">Tokens are below this.</param>
public sealed record TokenInput(string Name, int Length, bool Variable, int Vocabulary);

/// <summary>
/// A network whose inputs hold tokens. Its rows of input hold their embeddings, which is what explanations are about. For an input of
/// variable length a row also says which positions are present, as an input held fixed.
/// </summary>
public interface ITokenNetwork : INetwork
{
    /// <summary>The inputs that hold tokens, in Forward's order.</summary>
    IReadOnlyList<TokenInput> TokenInputs { get; }

    /// <summary>Writes the embeddings of one input's tokens into rows of input, and leaves the other inputs' places as they are.</summary>
    /// <param name="input">An index into <see cref="TokenInputs"/>.</param>
    /// <param name="tokens">[count, length]; of a single example of variable length, its tokens alone.</param>
    /// <param name="lengths">For an input of variable length how many tokens each example has; what is past them is not read. Empty if all
    /// have all.</param>
    /// <param name="rows">[count, InputSize].</param>
    /// <param name="count">How many examples.</param>
    /// <exception cref="ArgumentException">A token lies outside the vocabulary, or a span has another length.</exception>
    void Embed(int input, ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, Span<float> rows, int count);
}
