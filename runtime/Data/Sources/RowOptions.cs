namespace Whence.Data;

/// <summary>What an unknown letter of a sequence (N, or any other than A, C, G, T) becomes.</summary>
public enum OtherLetters
{
    /// <summary>Its row is refused.</summary>
    Refuse,
    /// <summary>Zeros at all four letters.</summary>
    None,
    /// <summary>A quarter at each of the four letters.</summary>
    Even,
}

/// <summary>How a file is read as rows of a network's input; immutable.</summary>
public sealed record RowOptions
{
    internal static readonly RowOptions Default = new();

    /// <summary>The columns of a table; null for what the network's names say (<see cref="TableSchema.Of(Signature)"/>).</summary>
    public TableSchema? Schema { get; init; }

    /// <summary>A column of a table with a name for each row, which results then have too.</summary>
    public string? IdColumn { get; init; }

    /// <summary>What letters other than A, C, G, T become, in FASTA files and in columns of sequences.</summary>
    public OtherLetters OtherLetters { get; init; }

    /// <summary>
    /// Whether each letter at each position of a sequence has a score of its own: else one a position, their sum.
    /// </summary>
    public bool EachLetter { get; init; }

    /// <summary>
    /// What an IDX file's numbers are divided by: 255 for a network that takes pixels from 0 to 1. A network that scales its pixels itself
    /// has reasons in pixels, and needs 1.
    /// </summary>
    public float Divisor { get; init; } = 1;

    /// <summary>The tensor of a safetensors file, where it has several; [rows, ...].</summary>
    public string? Tensor { get; init; }
}
