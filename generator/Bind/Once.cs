using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>What a local stands for that is given its value where it is declared, and never another.</summary>
internal static class Once
{
    // A chain of locals, each declared by the one before, may be this long.
    private const int Most = 16;

    /// <summary>The operation that gives a value, through conversions and such locals; what cannot be followed as it is.</summary>
    public static IOperation? Value(IOperation? operation)
    {
        for (var i = 0; i < Most; i++)
        {
            operation = Doors.Plain(operation);
            if (operation is not ILocalReferenceOperation reference || Initial(reference) is not { } value)
                return operation;
            operation = value;
        }
        return operation;
    }

    /// <summary>A constant, also one that such a local holds; null of all else.</summary>
    public static object? Constant(IOperation? operation)
    {
        // A conversion may change it.
        if (operation?.ConstantValue is { HasValue: true, Value: var constant })
            return constant;
        return operation is ILocalReferenceOperation reference && Initial(reference) is { } value ? Constant(value) : null;
    }

    /// <summary>
    /// The same of an array or a span whose elements are wanted: what locals hold counts only if nothing is done with them that could write
    /// an element.
    /// </summary>
    public static IOperation? Content(IOperation? operation)
    {
        for (var i = 0; i < Most; i++)
        {
            operation = Doors.Plain(operation);
            if (operation is not ILocalReferenceOperation reference || Initial(reference) is not { } value)
                return operation;
            if (References(reference).Any(MayWrite))
                return null;
            operation = value;
        }
        return operation;
    }

    private static IEnumerable<ILocalReferenceOperation> References(ILocalReferenceOperation reference) => Root(reference).Descendants()
        .OfType<ILocalReferenceOperation>().Where(other => Is(other.Local, reference.Local));

    // All that is not known to read: another name for it, a call that is given it.
    private static bool MayWrite(ILocalReferenceOperation reference)
    {
        IOperation value = reference;
        while (value.Parent is IConversionOperation conversion)
            value = conversion;
        return value.Parent switch
        {
            IArgumentOperation { Parameter: { } parameter } => !IsRead(parameter),
            IPropertyReferenceOperation { Property.Name: "Length" } => false,
            IArrayElementReferenceOperation element => element.Parent is IAssignmentOperation assignment && assignment.Target == element
                || element.Parent is IIncrementOrDecrementOperation or IAddressOfOperation or ITupleOperation
                    or IArgumentOperation { Parameter.RefKind: not RefKind.None } or IVariableInitializerOperation,
            IForEachLoopOperation => false,
            _ => true,
        };
    }

    // What this library is given it reads, but for spans that it writes its answers to.
    private static bool IsRead(IParameterSymbol parameter) => parameter.RefKind == RefKind.None
        && (parameter.Type is INamedTypeSymbol { Name: "ReadOnlySpan" }
            || parameter.Type is not INamedTypeSymbol { Name: "Span" }
                && parameter.ContainingType?.ContainingNamespace is { Name: "Whence", ContainingNamespace.IsGlobalNamespace: true });

    private static IOperation Root(IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;
        return operation;
    }

    private static IOperation? Initial(ILocalReferenceOperation reference)
    {
        var local = reference.Local;
        if (local.RefKind != RefKind.None || reference.IsDeclaration)
            return null;
        IOperation? value = null;
        foreach (var operation in Root(reference).Descendants())
        {
            // What is half written may read a local in its own declaration, or above it: those would lead round in a circle.
            if (operation is IVariableDeclaratorOperation declarator && Is(declarator.Symbol, local)
                && declarator.Syntax.Span.End <= reference.Syntax.SpanStart)
                value = declarator.GetVariableInitializer()?.Value;
            else if (operation is ILocalReferenceOperation other && Is(other.Local, local) && MayChange(other))
                return null;
        }
        return value;
    }

    private static bool Is(ISymbol symbol, ISymbol local) => SymbolEqualityComparer.Default.Equals(symbol, local);

    private static bool MayChange(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference || assignment is ISimpleAssignmentOperation { IsRef: true },
        IIncrementOrDecrementOperation or IAddressOfOperation or IReDimClauseOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        // Of a deconstruction, or of a value that could be one.
        ITupleOperation => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None } } => true,
        _ => false,
    };
}
