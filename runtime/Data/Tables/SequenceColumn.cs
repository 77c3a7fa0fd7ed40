namespace Whence.Data;

/// <summary>
/// A column of DNA as text, which becomes a network's one-hot input, [4, length] or [length, 4], in the order A, C, G, T. Its scores are a
/// list: one a position, or one for each letter at each position.
/// </summary>
public sealed class SequenceColumn : Column
{
    private readonly OneHotLetters letters;

    internal SequenceColumn(string name, OneHotLetters letters, bool eachLetter)
        : base(name, letters.Width) => (this.letters, EachLetter) = (letters, eachLetter);

    /// <summary>How many letters a value has.</summary>
    public int Length => letters.Length;

    /// <summary>Whether each letter has a score of its own: else one a position, their sum.</summary>
    public bool EachLetter { get; }

    /// <summary>The place of an element's score among the column's.</summary>
    internal int SlotOf(int element) => EachLetter ? element : letters.PositionOf(element);

    /// <summary>How many scores the column has.</summary>
    internal int Slots => EachLetter ? Width : Length;

    /// <inheritdoc/>
    public override Column WithMissing(string value) =>
        throw new ArgumentException($"The column \"{Name}\" holds sequences, which no one value stands for.", nameof(value));

    internal override bool IsMissing(Cell cell) => false;

    internal override string? Write(Cell cell, Span<float> elements)
    {
        var text = cell.Text.Trim();
        if (cell.Kind == CellKind.Missing || (cell.Kind == CellKind.Text && text.Length == 0))
            return "no value";
        if (cell.Kind != CellKind.Text)
            return "no text, where a sequence should be";
        return text.Length == Length ? letters.Write(text, elements) : $"{text.Length} letters, but the network takes {Length}";
    }
}
