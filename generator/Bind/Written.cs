using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>What is written in place of an array or a span: how many elements it has, and which.</summary>
internal static class Written
{
    /// <summary>How many elements; null if that is not known.</summary>
    public static int? Length(IOperation? value) => Once.Value(value) switch
    {
        null => null,
        IArrayCreationOperation { DimensionSizes: [var size] } => Whole(size),
        ICollectionExpressionOperation collection when !collection.Elements.Any(element => element is ISpreadOperation) =>
            collection.Elements.Length,
        IInvocationOperation call => Part(call),
        IObjectCreationOperation { Type: { } type, Arguments: [{ Value: var whole }, ..] arguments } when IsSpan(type) =>
            Part(whole, arguments.Skip(1).Select(argument => argument.Value).ToList()),
        IImplicitIndexerReferenceOperation { Instance: var whole, Argument: IRangeOperation range } => Cut(whole, range),
        IArrayElementReferenceOperation { ArrayReference: var whole, Indices: [IRangeOperation range] } => Cut(whole, range),
        { Syntax: StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax } onStack => OnStack(onStack),
        _ => null,
    };

    /// <summary>The elements, if nothing could have changed them since; none, if they are not known.</summary>
    public static IEnumerable<IOperation> Elements(IOperation? value) => Once.Content(value) switch
    {
        ICollectionExpressionOperation collection => collection.Elements,
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        IObjectCreationOperation { Type: { } type, Arguments: [{ Value: var inner }] } when IsSpan(type) => Elements(inner),
        IInvocationOperation { TargetMethod: { Name: "AsSpan" } method, Arguments: [{ Value: var inner }] } when IsOfMemory(method) =>
            Elements(inner),
        _ => [],
    };

    // AsSpan(array, start, length), span.Slice(start, length), span.ToArray().
    private static int? Part(IInvocationOperation call)
    {
        var arguments = call.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue)
            .OrderBy(argument => argument.Parameter?.Ordinal).Select(argument => argument.Value).ToList();
        return call.TargetMethod.Name switch
        {
            "AsSpan" or "AsMemory" when IsOfMemory(call.TargetMethod) && arguments.Count > 0 =>
                Part(arguments[0], arguments.Skip(1).ToList()),
            "Slice" or "ToArray" when call.Instance is { Type: { } type } whole && IsSpan(type) => Part(whole, arguments),
            _ => null,
        };
    }

    private static int? Part(IOperation whole, IReadOnlyList<IOperation> bounds) => bounds.Count switch
    {
        0 => Length(whole),
        1 => Length(whole) - Whole(bounds[0]),
        2 => Whole(bounds[1]),
        _ => null,
    };

    private static int? Cut(IOperation whole, IRangeOperation range)
    {
        var end = range.RightOperand is { } right ? Bound(whole, right) : Length(whole);
        return end - (range.LeftOperand is { } left ? Bound(whole, left) : 0);
    }

    // 3, or ^3 from the end.
    private static int? Bound(IOperation whole, IOperation bound) => Doors.Plain(bound) switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat, Operand: var back } => Length(whole) - Whole(back),
        var from => Whole(from),
    };

    private static int? OnStack(IOperation made) => made.Syntax switch
    {
        ImplicitStackAllocArrayCreationExpressionSyntax { Initializer.Expressions.Count: var count } => count,
        StackAllocArrayCreationExpressionSyntax { Initializer.Expressions.Count: var count } => count,
        StackAllocArrayCreationExpressionSyntax { Type: ArrayTypeSyntax { RankSpecifiers: [{ Sizes: [var size] }] } } =>
            made.SemanticModel?.GetConstantValue(size) is { HasValue: true, Value: int whole }
                ? whole
                : made.SemanticModel?.GetOperation(size) is { } held ? Whole(held) : null,
        _ => null,
    };

    private static int? Whole(IOperation? value) => Once.Constant(value) as int?;

    private static bool IsSpan(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", Arity: 1, ContainingNamespace.Name: "System" };

    private static bool IsOfMemory(IMethodSymbol method) => method.ContainingType.Is("System.MemoryExtensions");
}
