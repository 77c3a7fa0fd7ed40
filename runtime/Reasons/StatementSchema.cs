using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Whence.Reasons;

/// <summary>The JSON Schema of statements, as it follows from their classes, with what each property says.</summary>
internal static class StatementSchema
{
    private static readonly Dictionary<(Type Type, string Name), string> says = new()
    {
        [(typeof(StatementOfReasons), "schema")] = $"The form: \"{StatementOfReasons.CurrentSchema}\".",
        [(typeof(StatementOfReasons), "subject")] = "What it is about, such as an application's number; may be empty.",
        [(typeof(StatementOfReasons), "date")] = "The date that the caller gave.",
        [(typeof(StatementOfReasons), "target")] = "What was explained.",
        [(typeof(StatementOfReasons), "direction")] = "Which way the reasons move the target.",
        [(typeof(StatementOfReasons), "reasons")] = "The strongest first.",
        [(typeof(StatementOfReasons), "others")] = "What all scores that are among no reason add together. "
            + "referenceOutput + the reasons' scores + others + gap = output.",
        [(typeof(StatementOfReasons), "output")] = "The target at the example.",
        [(typeof(StatementOfReasons), "referenceOutput")] = "The target at the population, averaged.",
        [(typeof(StatementOfReasons), "gap")] = "output - referenceOutput - the sum of all scores.",
        [(typeof(StatementOfReasons), "relativeGap")] = "The gap beyond rounding, over the sizes of the scores and of the difference.",
        [(typeof(StatementOfReasons), "tolerance")] = "The largest relative gap that was allowed.",
        [(typeof(StatementOfReasons), "method")] = "The method of attribution.",
        [(typeof(StatementOfReasons), "rule")] = "DeepLIFT's rule; null for other methods.",
        [(typeof(StatementOfReasons), "steps")] = "Steps on the path; null for methods without one.",
        [(typeof(StatementOfReasons), "population")] = "What the example was compared with.",
        [(typeof(StatementOfReasons), "groups")] = "Every group of features and its score, in the network's order.",
        [(typeof(StatementOfReasons), "provenance")] = "Which program gave the answer.",
        [(typeof(Reason), "rank")] = "1 for the strongest.",
        [(typeof(Reason), "feature")] = "The group of features.",
        [(typeof(Reason), "code")] = "The user's code; may be empty.",
        [(typeof(Reason), "words")] = "The user's words.",
        [(typeof(Reason), "score")] = "What the group adds to the target.",
        [(typeof(Reason), "share")] = "Its part of all scores that move the target its way.",
        [(typeof(GroupScore), "feature")] = "The group's name.",
        [(typeof(GroupScore), "name")] = "What it is called in a letter.",
        [(typeof(GroupScore), "score")] = "What it adds to the target.",
        [(typeof(GroupScore), "value")] = "The example's value; null where the group is not one number.",
        [(typeof(GroupScore), "valueText")] = "The value or the category as a letter has it; may be empty.",
        [(typeof(GroupScore), "isMissing")] = "Whether the example had no value, and this one stood for it.",
        [(typeof(GroupScore), "typical")] = "The mean of the population's values; null where the group is not one number.",
        [(typeof(GroupScore), "typicalText")] = "The mean, or the most frequent category and its share; may be empty.",
        [(typeof(ReferencePopulation), "description")] = "Who they are, in the user's words.",
        [(typeof(ReferencePopulation), "rows")] = "How many.",
        [(typeof(ReferencePopulation), "sha256")] = "SHA-256 of their values in single precision, little-endian.",
        [(typeof(Provenance), "network")] = "The network's class.",
        [(typeof(Provenance), "networkHash")] = "SHA-256 of what it is compiled to, and of its names and shapes.",
        [(typeof(Provenance), "networkVersion")] = "The version of the assembly that it is compiled in.",
        [(typeof(Provenance), "weightsHash")] = "SHA-256 of the weights file.",
        [(typeof(Provenance), "whenceVersion")] = "The version of Whence.",
        [(typeof(Provenance), "vectorBits")] = "How wide the processor's vectors are, on which last bits depend.",
    };

    /// <summary>The schema's text.</summary>
    public static string Text { get; } = Made();

    private static string Made()
    {
        var schema = StatementJson.Default.StatementOfReasons.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Told,
        });
        schema.AsObject().Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.AsObject().Insert(1, "title", "Statement of reasons");
        return schema.ToJsonString(StatementJson.Default.Options) + "\n";
    }

    private static JsonNode Told(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.PropertyInfo is { } property && says.TryGetValue((property.DeclaringType, property.Name), out var text)
            && node is JsonObject of)
            of.Insert(0, "description", text);
        return node;
    }
}
