using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Reads where a call's answers are written to, <c>new float[8]</c>, and says if there is not room for them.</summary>
internal sealed class AnswerReader(Askable network, IInvocationOperation call)
{
    private static readonly HashSet<string> ofInputs =
    [
        "Gradient", "GradientTimesInput", "GuidedBackprop", "GuidedBackpropTimesInput", "GuidedBackpropRescale", "DeconvNet",
        "DeconvNetTimesInput", "LrpEpsilon", "IntegratedGradients", "ExpectedGradients", "DeepLift", "NeuronConductance", "SmoothGrad",
        "VarGrad",
    ];

    private static readonly HashSet<string> ofLayers =
    [
        "LayerDeepLift", "LayerGradient", "LayerGradientTimesActivation", "LayerIntegratedGradients", "Conductance", "InternalInfluence",
        "LayerActivation",
    ];

    /// <summary>What is wrong with a span, or with several.</summary>
    public IEnumerable<Report> Read(IOperation value, IParameterSymbol parameter)
    {
        if (Room(parameter.Name) is not var (size, what) || Doors.Count(call) is not { } count || count < 0)
            return [];
        // As many again for each further target: of that nothing is said.
        return Spans(value, parameter.Name)
            .Where(span => Written.Length(span.Value) is { } length && (length < count * size || IsExact && length != count * size))
            .Select(span => new Report(Problems.LengthWrong, span.Value.Syntax.GetLocation(), span.Name, $"{count * size}", what,
                $"{Written.Length(span.Value)}"));
    }

    /// <summary>Whether more room than is needed is refused as well: that of rows of input.</summary>
    private bool IsExact => call.TargetMethod.Name == "Embed";

    /// <summary>How many numbers an answer about one input has, and what they are; null if that is not known.</summary>
    private (int Size, string What)? Room(string parameter)
    {
        var name = call.TargetMethod.Name;
        if (ofInputs.Contains(name))
            return (network.RowSize, $"one for each of {network.Row}");
        if (ofLayers.Contains(name))
            return Once.Constant(Argument("layer")) is string layer && network.LayerScores(layer) is { } shape
                ? (shape.Size, $"{layer} {shape}")
                : null;
        if (name == "Embed")
            return (network.RowSize, network.Row);
        if (name is not ("Predict" or "PredictUnchecked"))
            return null;
        var spans = call.TargetMethod.Parameters.Count(one => one.Type is INamedTypeSymbol { Name: "Span" });
        var outputs = network.Outputs.Where(output => spans == 1 || output.Name == parameter).ToList();
        return outputs.Count == 0 ? null
            : (outputs.Sum(output => output.Shape.Size), Listing.Of(outputs.Select(output => $"{output.Name} {output.Shape}"), " then "));
    }

    private static IEnumerable<(string Name, IOperation Value)> Spans(IOperation value, string name)
    {
        if (Once.Value(value) is not IObjectCreationOperation { Type: { } type } made || !type.Is(Known.ScoreSpans))
            return [(name, value)];
        return (made.Initializer?.Initializers ?? []).OfType<ISimpleAssignmentOperation>()
            .Where(one => one.Target is IFieldReferenceOperation { Field.Name: not "Sums" })
            .Select(one => (((IFieldReferenceOperation)one.Target).Field.Name, one.Value));
    }

    private IOperation? Argument(string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value;
}
