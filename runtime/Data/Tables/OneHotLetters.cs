namespace Whence.Data;

/// <summary>Letters of DNA as one-hot elements, in the order A, C, G, T; small letters are the same.</summary>
/// <param name="Length">How many letters there are.</param>
/// <param name="LettersFirst">Whether elements are [4, Length]; else [Length, 4].</param>
/// <param name="Others">What any other letter becomes.</param>
internal sealed record OneHotLetters(int Length, bool LettersFirst, OtherLetters Others)
{
    private const string Alphabet = "ACGT";

    /// <summary>How a network of one free input, [4, length] or [length, 4], takes them; null of any other network.</summary>
    public static OneHotLetters? Of(Signature network, OtherLetters others) =>
        network.Inputs is not [{ IsMask: false, Shape: { Rank: 2 } shape }] ? null
        : shape[0] == Alphabet.Length ? new OneHotLetters(shape[1], true, others)
        : shape[1] == Alphabet.Length ? new OneHotLetters(shape[0], false, others)
        : null;

    /// <summary>How many elements they become.</summary>
    public int Width => Alphabet.Length * Length;

    /// <summary>Writes as many letters as there are to be, to elements that arrive as zeros.</summary>
    /// <returns>What is wrong with them, or null.</returns>
    public string? Write(ReadOnlySpan<char> letters, Span<float> elements)
    {
        for (var position = 0; position < Length; position++)
        {
            var letter = Alphabet.IndexOf((char)(letters[position] & ~0x20), StringComparison.Ordinal);
            if (letter >= 0)
                elements[Place(letter, position)] = 1;
            else if (Others == OtherLetters.Refuse)
                return $"the letter \"{letters[position]}\" at position {position} is none of {Alphabet}";
            else if (Others == OtherLetters.Even)
                SpreadEvenly(elements, position);
        }
        return null;
    }

    private void SpreadEvenly(Span<float> elements, int position)
    {
        for (var letter = 0; letter < Alphabet.Length; letter++)
            elements[Place(letter, position)] = 1f / Alphabet.Length;
    }

    private int Place(int letter, int position) => LettersFirst ? letter * Length + position : position * Alphabet.Length + letter;

    /// <summary>The position that an element is of.</summary>
    public int PositionOf(int element) => LettersFirst ? element % Length : element / Alphabet.Length;
}
