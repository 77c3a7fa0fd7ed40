namespace Whence.Tool.Given;

/// <summary>What a file, or a text, gives for one input of a network.</summary>
/// <param name="Title">What it is, for people.</param>
internal sealed record GivenInput(string Title)
{
    /// <summary>The values, in the order of the input's axes; of tokens, the tokens.</summary>
    public float[] Numbers { get; init; } = [];

    /// <summary>Names of the features along axis 0; of a text, its tokens as they are written. Empty if they have none.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The token that stands for one left out, for references; null where none is known.</summary>
    public int? Blank { get; init; }

    /// <summary>Of a text, whether each of its tokens is one that every text has, such as [CLS].</summary>
    public IReadOnlyList<bool> IsFrame { get; init; } = [];

    /// <summary>What was done to make it fit, as a sentence; empty if nothing was.</summary>
    public string Note { get; init; } = "";
}

/// <summary>What the command line says of how files become numbers.</summary>
/// <param name="Row">Which row of a table, from 0.</param>
/// <param name="Start">Where in a sound to begin, in seconds.</param>
/// <param name="Black">What a black pixel is.</param>
/// <param name="White">What a white pixel is.</param>
/// <param name="Mean">Subtracted from each channel; empty if nothing is.</param>
/// <param name="Deviation">What each channel is divided by behind it; empty if by nothing.</param>
/// <param name="Vocabulary">The file of the words of a BERT model, a line each; null if texts are numbers.</param>
internal sealed record Reading(int Row, double Start, double Black, double White, double[] Mean, double[] Deviation, string? Vocabulary);
