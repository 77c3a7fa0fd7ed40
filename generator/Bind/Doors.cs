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
        return checks.SelectMany(pair => pair.Check!(network, pair.argument.Value)).ToList();
    }

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
        if (argument.ArgumentKind == ArgumentKind.DefaultValue || argument.Parameter is not { } parameter)
            return null;
        if (parameter.Type.Is(Known.Target) || parameter.Type.Is(Known.Targets))
            return (network, value) => new TargetReader(network).Read(value);
        if (parameter.Type.Is(Known.Rule))
            return Rule;
        if (parameter is { Name: "layer", Type.SpecialType: SpecialType.System_String })
            return (network, value) => Layer(network, value);
        return IsSpanOfFloats(parameter.Type) ? (network, value) => Length(network, value, parameter, call) : null;
    }

    /// <summary>A layer's name that the network was not compiled for.</summary>
    public static IEnumerable<Report> Layer(Askable network, IOperation name)
    {
        if (name.ConstantValue is { HasValue: true, Value: string layer } && network.Layer(layer) is null)
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
        if (value.ConstantValue is { HasValue: true, Value: int rule }
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
        if (ConstantLength(value) is not { } length)
            yield break;
        var counts = call.Arguments
            .Where(argument => argument.Parameter is { Name: "count" or "each", Type.SpecialType: SpecialType.System_Int32 })
            .ToList();
        var count = counts.Count == 0 ? 1 : counts[0].Value.ConstantValue is { HasValue: true, Value: int given } ? given : (int?)null;
        // Prepare takes any number of rows, and a count that is not known any number of inputs.
        var isWrong = count is null || parameter.Name == "references" ? length % size != 0 : length != (long)count * size;
        if (isWrong)
            yield return new(Problems.LengthWrong, value.Syntax.GetLocation(), parameter.Name,
                count is null || parameter.Name == "references" ? $"rows of {size}" : $"{(long)count * size}",
                isOwn ? $"{parameter.Name} of {network.Name}" : network.Row, $"{length}");
    }

    /// <summary>How many elements an array has that is written in place; null if that is not known.</summary>
    public static int? ConstantLength(IOperation value) => Plain(value) switch
    {
        IArrayCreationOperation { DimensionSizes: [{ ConstantValue: { HasValue: true, Value: int length } }] } => length,
        ICollectionExpressionOperation collection when !collection.Elements.Any(element => element is ISpreadOperation) =>
            collection.Elements.Length,
        _ => null,
    };

    private static bool IsSpanOfFloats(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: [{ SpecialType: SpecialType.System_Single }] };

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
