using System.Globalization;

namespace Whence.Reasons;

/// <summary>Whether reasons are what lowers the target, what raises it, or both.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<ReasonDirection>))]
public enum ReasonDirection
{
    /// <summary>What lowers it: where the target is what was wished for, and was not reached.</summary>
    Lowers,
    /// <summary>What raises it: where the target is what was found.</summary>
    Raises,
    /// <summary>Both, the largest scores first.</summary>
    Both,
}

/// <summary>What a reason is called to whom it is told, for one group of features.</summary>
/// <param name="Feature">The group's name (<see cref="FeatureGroups.Names"/>): of a table its column.</param>
/// <param name="Lowers">The reason where the group lowers the target: "Income is low for the amount asked for".</param>
/// <param name="Raises">The reason where it raises the target.</param>
public sealed record ReasonWords(string Feature, string Lowers, string Raises)
{
    /// <summary>The same words for both directions.</summary>
    public ReasonWords(string feature, string words)
        : this(feature, words, words)
    {
    }

    /// <summary>What the group is called beside the reason; <see cref="Feature"/> if empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>A code of the user's own for the reason, such as a regulator's; may be empty.</summary>
    public string Code { get; init; } = "";

    /// <summary>How a number is written, as .NET's custom format: "0.0 %", "#,##0 'EUR'".</summary>
    public string Format { get; init; } = "G6";

    /// <summary>The words for one direction.</summary>
    internal string Of(double score) => score < 0 ? Lowers : Raises;

    /// <summary>A number as the letter has it.</summary>
    internal string Written(double value) => value.ToString(Format, CultureInfo.InvariantCulture);

    /// <exception cref="ArgumentException">Words are empty, or the format is none.</exception>
    internal void Check(string argument)
    {
        if (string.IsNullOrWhiteSpace(Feature) || string.IsNullOrWhiteSpace(Lowers) || string.IsNullOrWhiteSpace(Raises))
            throw new ArgumentException($"Words are given for each direction, but those of \"{Feature}\" are empty.", argument);
        try
        {
            _ = Written(-1.5);
        }
        catch (FormatException)
        {
            throw new ArgumentException($"\"{Format}\", the format of \"{Feature}\", is no format of a number; take one as \"0.00\".",
                argument);
        }
    }
}

/// <summary>How reasons are chosen; immutable.</summary>
public sealed record ReasonOptions
{
    /// <summary>The most reasons that a statement has. Fewer are told where fewer groups move the target that way.</summary>
    public int Count { get; init; } = 4;

    /// <summary>Which way a reason moves the target.</summary>
    public ReasonDirection Direction { get; init; }

    /// <summary>
    /// The largest <see cref="Attribution.RelativeGap"/> of an explanation that is told; one that is further from adding up is not.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>
    /// What shares a reason, with names; null for the columns that the network's names say (<see cref="FeatureGroups.OfColumns"/>).
    /// </summary>
    public FeatureGroups? Groups { get; init; }

    /// <summary>What the target is, in words: "the log-odds that a loan is repaid"; the target's own notation if empty.</summary>
    public string TargetWords { get; init; } = "";
}
