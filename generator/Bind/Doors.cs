using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Constants in calls that this network cannot have: a unit, an output, a layer, a rule, the length of a row. Calls are known by the types
/// of their parameters, whatever they are named; what a parameter is about is said here alone. What is not constant is never reported.
/// </summary>
internal static class Doors
{
    /// <summary>What is wrong with a call.</summary>
    public static IEnumerable<Report> Of(IInvocationOperation call, Compilation compilation, CancellationToken cancellation)
    {
        if (NetworkOf(call) is not { } type)
            return [];
        var checks = call.Arguments.Select(argument => (argument, Check: CheckOf(argument, call))).Where(pair => pair.Check is not null)
            .ToList();
        if (checks.Count == 0 || Askable.Of(type, compilation, cancellation) is not { } network)
            return [];
        return checks.SelectMany(pair => pair.Check!(network, pair.argument.Value).Select(report => Within(call, pair.argument, report)))
            .ToList();
    }

    /// <summary>A report at the call: of what a local holds, where the call reads it.</summary>
    private static Report Within(IInvocationOperation call, IArgumentOperation argument, Report report) =>
        call.Syntax.Span.Contains(report.Place.SourceSpan) ? report : report with { Place = argument.Value.Syntax.GetLocation() };

    /// <summary>The network that is asked: what the method is called on, or its first argument.</summary>
    private static INamedTypeSymbol? NetworkOf(IInvocationOperation call)
    {
        var receiver = call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
        var type = Plain(receiver)?.Type as INamedTypeSymbol;
        return type.IsNetwork()
            && (IsOurs(call.TargetMethod.ContainingType) || SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, type))
            ? type
            : null;
    }

    private delegate IEnumerable<Report> Check(Askable network, IOperation value);

    /// <summary>What a parameter is about; null if it is about nothing that is known.</summary>
    private static Check? CheckOf(IArgumentOperation argument, IInvocationOperation call)
    {
        if (argument.Parameter is not { } parameter)
            return null;
        if (parameter.Type.Is(Known.Groups))
            return (network, value) => new PlayersReader(network, call).Groups(value, argument.ArgumentKind == ArgumentKind.DefaultValue);
        if (parameter.Type.Is(Known.MutagenesisOptions))
            return (network, value) => new PlayersReader(network, call).Letters(value, argument.ArgumentKind == ArgumentKind.DefaultValue);
        if (argument.ArgumentKind == ArgumentKind.DefaultValue)
            return null;
        if (parameter.Type.Is(Known.References))
            return (network, value) => References(network, value, parameter, call);
        if (parameter.Type.Is(Known.SlidingWindow))
            return (network, value) => new PlayersReader(network, call).Window(value);
        if (parameter is { Name: "unit", Type.SpecialType: SpecialType.System_Int32 })
            return (network, value) => Unit(network, value, call);
        if (parameter.Type.Is(Known.Target) || parameter.Type.Is(Known.Targets))
            return (network, value) => new TargetReader(network).Read(value, Count(call));
        if (parameter.Type.Is(Known.Rule))
            return Rule;
        if (parameter.Type.Is(Known.PathOptions))
            return (network, value) => new ExactReader(network, call).Read(value);
        if (parameter is { Name: "layer", Type.SpecialType: SpecialType.System_String })
            return (network, value) => Layer(network, value);
        if (parameter.Type.Is(Known.ScoreSpans) || IsSpanOfFloats(parameter.Type, "Span"))
            return (network, value) => new AnswerReader(network, call).Read(value, parameter);
        var isOwn = SymbolEqualityComparer.Default.Equals(parameter.ContainingType, NetworkOf(call));
        if (isOwn && parameter.Type is INamedTypeSymbol { Name: "ReadOnlySpan" })
            return (network, value) => network.Sequence(parameter.Name) is null
                ? Length(network, value, parameter, call)
                : new SequenceReader(network, call).Read(value, parameter.Name);
        return IsSpanOfFloats(parameter.Type, "ReadOnlySpan") ? (network, value) => Length(network, value, parameter, call) : null;
    }

    /// <summary>A layer's name that the network was not compiled for.</summary>
    public static IEnumerable<Report> Layer(Askable network, IOperation name)
    {
        if (Once.Constant(name) is string layer && network.Layer(layer) is null)
            yield return new(Problems.LayerNotAsked, name.Syntax.GetLocation(), network.Name, SafetensorsHeader.Quote(layer),
                network.Instead(layer))
            {
                Nearest = network.CouldAsk(layer) ? layer : null,
            };
    }

    // The runtime's Rule, in order, each a method of the same name; Inherit takes what there is.
    private static readonly string[] rules = ["Inherit", "Rescale", "RevealCancel", "Genomics"];

    private static IEnumerable<Report> Rule(Askable network, IOperation value)
    {
        if (Once.Constant(value) is int rule
            && rule > 0
            && rule < rules.Length
            && !network.Explain.Has(rules[rule]))
            yield return new(Problems.RuleNotAsked, value.Syntax.GetLocation(), network.Name, rules[rule])
            {
                Nearest = $"Methods.{rules[rule]}",
            };
    }

    /// <summary>The length of a row, or of as many as a constant count says.</summary>
    private static IEnumerable<Report> Length(Askable network, IOperation value, IParameterSymbol parameter, IInvocationOperation call)
    {
        var isOwn = SymbolEqualityComparer.Default.Equals(parameter.ContainingType, NetworkOf(call));
        if ((isOwn ? network.InputSize(parameter.Name) : parameter.Name is "x" or "references" ? network.RowSize : null) is not { } size)
            yield break;
        if (Written.Length(value) is not { } length)
            yield break;
        // Prepare takes any number of rows, and a count that is not known any number of inputs.
        var count = parameter.Name == "references" ? null : Count(call);
        // That there are fewer than none is said of the count.
        if (count is not < 0 && Rows(length, size, count) is { } rows)
            yield return new(Problems.LengthWrong, value.Syntax.GetLocation(), parameter.Name, rows,
                isOwn ? $"{parameter.Name} of {network.Name}" : network.Row, $"{length}");
    }

    /// <summary>
    /// What so many numbers should be instead, if a row has so many; null if they are whole rows, as many as are asked for.
    /// </summary>
    private static string? Rows(int length, int size, long? count) =>
        count is { } rows ? length == rows * size ? null : $"{rows * size}" : length % size == 0 ? null : $"rows of {size}";

    /// <summary>How many inputs a call is about; null if that is not constant.</summary>
    public static long? Count(IInvocationOperation call)
    {
        var counts = call.Arguments
            .Where(argument => argument.Parameter is { Name: "count" or "each", Type.SpecialType: SpecialType.System_Int32 })
            .ToList();
        return counts.Count == 0 ? 1 : Once.Constant(counts[0].Value) as int?;
    }

    /// <summary>The length of references: of one, one for each input, or several.</summary>
    private static IEnumerable<Report> References(Askable network, IOperation value, IParameterSymbol parameter, IInvocationOperation call)
    {
        var rows = value;
        long? count = 1;
        if (Once.Value(value) is IInvocationOperation made)
        {
            if (!made.TargetMethod.ContainingType.Is(Known.ReferencesMade) || made.Arguments.Length == 0)
                yield break;
            rows = made.Arguments[0].Value;
            var each = made.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "each")?.Value;
            count = each is null ? 1 : Once.Constant(each) as int?;
            if (made.TargetMethod.Name.EndsWith("PerInput", StringComparison.Ordinal))
                count *= Count(call);
        }
        if (count is not < 1 && Written.Length(rows) is { } length && Rows(length, network.RowSize, count) is { } expected)
            yield return new(Problems.LengthWrong, rows.Syntax.GetLocation(), parameter.Name, expected, network.Row, $"{length}");
    }

    /// <summary>A unit of the layer that the call is about.</summary>
    private static IEnumerable<Report> Unit(Askable network, IOperation value, IInvocationOperation call)
    {
        if (Once.Constant(value) is int unit
            && Once.Constant(call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "layer")?.Value) is string layer
            && network.LayerScores(layer) is { } shape
            && (unit < 0 || unit >= shape.Size))
            yield return new(Problems.UnitUnknown, value.Syntax.GetLocation(), network.Name, $"unit {unit}",
                shape.Size == 1 ? $"{layer} is {shape}, one unit" : $"{layer} is {shape}, counted from 0 to {shape.Size - 1}");
    }

    private static bool IsSpanOfFloats(ITypeSymbol type, string name) =>
        type is INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_Single }] } && type.Name == name;

    private static bool IsOurs(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "Whence", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>An operation without the conversions around it.</summary>
    public static IOperation? Plain(IOperation? operation)
    {
        while (operation is IConversionOperation conversion)
            operation = conversion.Operand;
        return operation;
    }
}
