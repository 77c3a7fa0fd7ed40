namespace Whence.Import;

/// <summary>An input or output as the file has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Axes">Sizes or symbols; null where the file does not say them.</param>
public sealed record SurveyedValue(string Name, string Type, IReadOnlyList<string>? Axes);

/// <summary>What is in a model, and all that stands in the way of its import.</summary>
/// <param name="Producer">What wrote the file.</param>
/// <param name="Opset">The version of ONNX's operators.</param>
/// <param name="Inputs">Its inputs, initialisers left out.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Operators">How many nodes of each operator the file has, branches included.</param>
/// <param name="Findings">What stands in the way; empty if nothing does.</param>
public sealed record ModelSurvey(string Producer, long Opset, IReadOnlyList<SurveyedValue> Inputs, IReadOnlyList<SurveyedValue> Outputs,
    IReadOnlyDictionary<string, int> Operators, IReadOnlyList<Finding> Findings);
