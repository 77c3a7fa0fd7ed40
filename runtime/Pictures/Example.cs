namespace Whence.Pictures;

/// <summary>One input of the network and its explanations.</summary>
public sealed record Example
{
    /// <summary>What the input is, such as "Test digit 0: a seven".</summary>
    public required string Title { get; init; }

    /// <summary>What else is to be said about it, such as the network's answer; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>The input's shape: [features], [channels, length] or [channels, height, width].</summary>
    public required Shape Shape { get; init; }

    /// <summary>The input, in the user's axis order.</summary>
    public required ReadOnlyMemory<float> Input { get; init; }

    /// <summary>Names of the features of a table or of the channels of a sequence; those not named go by their number.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>
    /// Whether the input is a text, whose words the <see cref="Names"/> are: scores of rank 1, one a word, are then shown as the words in
    /// their order, each in the colour of its score.
    /// </summary>
    public bool IsText { get; init; }

    /// <summary>The explanations, in the order in which they are shown.</summary>
    public required IReadOnlyList<Explained> Explanations { get; init; }
}
