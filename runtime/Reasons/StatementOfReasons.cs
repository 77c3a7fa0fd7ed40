using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Whence.Reasons;

/// <summary>
/// Why a network answered as it did about one example, for those who must be told and those who must check it: the reasons in the user's
/// words, all scores that they were chosen from, and which program, weights and population they are of. Immutable. The same input gives
/// the same bytes: its date is given, and no clock, machine or culture is asked.
/// </summary>
/// <remarks>ReferenceOutput + the reasons' scores + Others + Gap = Output, but for the rounding of these sums in double.</remarks>
public sealed record StatementOfReasons
{
    /// <summary>The form of the JSON that this version writes and reads.</summary>
    public const string CurrentSchema = "whence/statement-of-reasons/1";

    /// <summary>The form of the JSON: <see cref="CurrentSchema"/>.</summary>
    public required string Schema { get; init; }

    /// <summary>What it is about, such as an application's number; may be empty.</summary>
    public required string Subject { get; init; }

    /// <summary>The date that the caller gave.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What was explained, in the user's words or in the target's notation.</summary>
    public required string Target { get; init; }

    /// <summary>Which way the reasons move the target.</summary>
    public required ReasonDirection Direction { get; init; }

    /// <summary>The reasons, the strongest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What all scores that are among no reason add together.</summary>
    public required double Others { get; init; }

    /// <summary>The target at the example.</summary>
    public required double Output { get; init; }

    /// <summary>The target at the references, averaged.</summary>
    public required double ReferenceOutput { get; init; }

    /// <summary>Output - ReferenceOutput - the sum of all scores.</summary>
    public required double Gap { get; init; }

    /// <summary>The gap beyond rounding, over the sizes of the scores (<see cref="Completeness.RelativeGap"/>).</summary>
    public required double RelativeGap { get; init; }

    /// <summary>The largest relative gap that was allowed.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The method: "DeepLift".</summary>
    public required string Method { get; init; }

    /// <summary>DeepLIFT's rule; null for other methods.</summary>
    public required string? Rule { get; init; }

    /// <summary>Steps on the path; null for methods without one.</summary>
    public required int? Steps { get; init; }

    /// <summary>What the example was compared with.</summary>
    public required ReferencePopulation Population { get; init; }

    /// <summary>Every group of features and its score, in the network's order.</summary>
    public required IReadOnlyList<GroupScore> Groups { get; init; }

    /// <summary>Which program gave the answer.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>
    /// The JSON Schema (draft 2020-12) of what <see cref="ToJson"/> writes, as it follows from this class.
    /// </summary>
    public static string JsonSchema => StatementSchema.Text;

    /// <summary>All of it as JSON, indented, with lines that end in a line feed on every system.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StatementJson.Default.StatementOfReasons) + "\n";

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is no statement, or one of another form.</exception>
    public static StatementOfReasons FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        StatementOfReasons? read;
        try
        {
            read = JsonSerializer.Deserialize(json, StatementJson.Default.StatementOfReasons);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"This is no statement of reasons: {error.Message}", error);
        }
        return read is { Schema: CurrentSchema } ? read : throw new InvalidDataException(
            $"A statement of reasons has the form \"{CurrentSchema}\", but this has \"{read?.Schema}\".");
    }

    /// <summary>Whether both say the same.</summary>
    public bool Equals(StatementOfReasons? other) => other is not null && ToJson() == other.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, Date, Output, Reasons.Count);
}

/// <summary>One of a statement's reasons.</summary>
/// <param name="Rank">1 for the strongest.</param>
/// <param name="Feature">The group of features.</param>
/// <param name="Code">The user's code for it; may be empty.</param>
/// <param name="Words">The user's words for it.</param>
/// <param name="Score">What the group adds to the target.</param>
/// <param name="Share">Its part of all scores that move the target its way; of both ways, of all scores' sizes.</param>
public sealed record Reason(int Rank, string Feature, string Code, string Words, double Score, double Share);

/// <summary>A group of features, what it holds, and its score.</summary>
/// <param name="Feature">The group's name.</param>
/// <param name="Name">What it is called in a letter.</param>
/// <param name="Score">What it adds to the target.</param>
/// <param name="Value">The example's value, in the network's units; null where the group is not one number.</param>
/// <param name="ValueText">The value as a letter has it, or the category; empty where there is neither.</param>
/// <param name="IsMissing">Whether the example had no value, and this one stood for it.</param>
/// <param name="Typical">The mean of the population's values; null where the group is not one number.</param>
/// <param name="TypicalText">The mean as a letter has it, or the most frequent category and its share; empty where there is
/// neither.</param>
public sealed record GroupScore(
    string Feature, string Name, double Score, float? Value, string ValueText, bool IsMissing, double? Typical, string TypicalText);

/// <summary>What an example was compared with.</summary>
/// <param name="Description">Who they are, in the user's words: "400 loans that were repaid, drawn from those of 2024".</param>
/// <param name="Rows">How many; 1 of a single reference, as of zeros.</param>
/// <param name="Sha256">SHA-256 of their values, [Rows, InputSize] in single precision, little-endian; of zeros, of one row.</param>
public sealed record ReferencePopulation(string Description, int Rows, string Sha256);

/// <summary>What the compiler writes of how a statement is serialised, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StatementOfReasons))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class StatementJson : JsonSerializerContext;
