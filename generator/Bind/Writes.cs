using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>What a piece of code may give another value: variables, members, and arrays and lists by their elements.</summary>
internal static class Writes
{
    private static readonly HashSet<string> mutators =
    [
        "Add", "AddRange", "Clear", "Insert", "InsertRange", "Remove", "RemoveAll", "RemoveAt", "RemoveRange", "Reverse", "Sort",
        "SetValue", "Initialize", "AsSpan",
    ];

    /// <summary>The variables and members written, each with where.</summary>
    public static IEnumerable<(ISymbol Symbol, SyntaxNode Place)> In(IOperation code) =>
        code.DescendantsAndSelf().SelectMany(Of).Select(target => (target.Symbol.OriginalDefinition, target.Place));

    /// <summary>
    /// Whether running code does no more than compute: it writes nothing, and calls nothing in whose body something might be written.
    /// </summary>
    public static bool IsFree(IOperation code) =>
        !In(code).Any()
            && !code.Descendants().Any(part => part is IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction }
                or IAnonymousFunctionOperation or IEventAssignmentOperation);

    /// <summary>Whether what is read by this reference may be written through it; says how, and null if it cannot.</summary>
    public static (SyntaxNode Place, string How)? Through(IOperation reference)
    {
        var parent = reference.Parent;
        if (Of(parent, reference) is { } written)
            return (written, "is changed here");
        return parent switch
        {
            IConversionOperation or IParenthesizedOperation when IsMutable(parent.Type) => Through(parent),
            IArrayElementReferenceOperation element when element.ArrayReference == reference => Through(parent),
            IPropertyReferenceOperation { Arguments.IsEmpty: false } indexer when indexer.Instance == reference => Through(parent),
            IFieldReferenceOperation { Instance: { Type.IsValueType: true } whole } when whole == reference => Through(parent),
            ITupleOperation or IDeclarationExpressionOperation => Through(parent),
            IConditionalOperation condition when condition.Condition != reference && IsMutable(parent.Type) => Through(parent),
            IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation call }
                when IsMutable(parameter.Type) && !IsReader(call.TargetMethod) =>
                (reference.Syntax, $"is given here to {Describe.Called(call.TargetMethod)}, which may change it"),
            IArgumentOperation { Parameter: { } parameter, Parent: IObjectCreationOperation made } when IsMutable(parameter.Type) =>
                (reference.Syntax, $"is given here to a new {made.Type?.Name}, which may change it"),
            _ when !IsMutable(reference.Type) => null,
            IVariableInitializerOperation or IReturnOperation or IAssignmentOperation or IPropertyInitializerOperation
                or IFieldInitializerOperation =>
                (reference.Syntax, "gets another name here, under which it may be changed"),
            _ => null,
        };
    }

    /// <summary>Whether what is held by this type can be changed through it.</summary>
    public static bool IsMutable(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol => true,
        INamedTypeSymbol { TypeArguments.Length: 1 } named =>
            named.Name is "List" or "IList" or "ICollection" or "Span" or "Memory" or "Collection",
        INamedTypeSymbol { SpecialType: SpecialType.System_Array } => true,
        INamedTypeSymbol named => named.Name is "IList" or "ICollection",
        _ => false,
    };

    /// <summary>A method that only reads the arrays it is given.</summary>
    private static bool IsReader(IMethodSymbol method) => method.ContainingType.Is(Known.Functions) || method.ContainingType.IsTensor();

    private static IEnumerable<(ISymbol Symbol, SyntaxNode Place)> Of(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => Targets(assignment.Target),
        IIncrementOrDecrementOperation increment => Targets(increment.Target),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Targets(argument.Value),
        IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation call } argument
            when IsMutable(parameter.Type) && !IsReader(call.TargetMethod) => Targets(argument.Value),
        IVariableDeclaratorOperation { Symbol.IsRef: true } local when local.GetVariableInitializer() is { } initializer =>
            Targets(initializer.Value),
        IInvocationOperation { Instance: { } instance } call when IsMutable(instance.Type) && mutators.Contains(call.TargetMethod.Name) =>
            Targets(instance),
        _ => [],
    };

    /// <summary>Where an operation writes to one of its parts, or to an element of it; null if it does not.</summary>
    private static SyntaxNode? Of(IOperation? operation, IOperation part)
    {
        var isWritten = operation switch
        {
            IAssignmentOperation assignment => assignment.Target == part,
            IIncrementOrDecrementOperation => true,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
            IInvocationOperation { Instance: { } instance } call =>
                instance == part && IsMutable(instance.Type) && mutators.Contains(call.TargetMethod.Name),
            _ => false,
        };
        return isWritten ? (operation is IArgumentOperation or IVariableInitializerOperation ? part : operation!).Syntax : null;
    }

    private static IEnumerable<(ISymbol Symbol, SyntaxNode Place)> Targets(IOperation target) => target switch
    {
        ILocalReferenceOperation local => [(local.Local, local.Syntax)],
        IParameterReferenceOperation parameter => [(parameter.Parameter, parameter.Syntax)],
        // A part of a tuple is a part of what holds the tuple.
        IFieldReferenceOperation { Instance: { Type.IsValueType: true } whole } and not { Instance: IInstanceReferenceOperation } =>
            Targets(whole),
        IFieldReferenceOperation field => [(field.Field, field.Syntax)],
        IPropertyReferenceOperation { Arguments.IsEmpty: true } property => [(property.Property, property.Syntax)],
        IPropertyReferenceOperation { Instance: { } instance } => Targets(instance),
        IArrayElementReferenceOperation element => Targets(element.ArrayReference),
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        IConversionOperation conversion => Targets(conversion.Operand),
        IParenthesizedOperation inner => Targets(inner.Operand),
        IDeclarationExpressionOperation declaration => Targets(declaration.Expression),
        IConditionalOperation { WhenFalse: { } other } either => Targets(either.WhenTrue).Concat(Targets(other)),
        _ => [],
    };
}
