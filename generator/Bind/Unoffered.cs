using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Members and operators that people write of tensors, because others' tensors or sequences have them, and of which the compiler says no
/// more than that there are none: what to write instead.
/// </summary>
internal static class Unoffered
{
    /// <summary>The syntax that may be such a use.</summary>
    public static readonly ImmutableArray<SyntaxKind> Kinds =
    [
        SyntaxKind.SimpleMemberAccessExpression, SyntaxKind.QueryExpression,
        SyntaxKind.LessThanExpression, SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanExpression,
        SyntaxKind.GreaterThanOrEqualExpression,
        SyntaxKind.ModuloExpression, SyntaxKind.BitwiseAndExpression, SyntaxKind.BitwiseOrExpression, SyntaxKind.ExclusiveOrExpression,
        SyntaxKind.LogicalAndExpression, SyntaxKind.LogicalOrExpression, SyntaxKind.LeftShiftExpression, SyntaxKind.RightShiftExpression,
        SyntaxKind.AddExpression, SyntaxKind.SubtractExpression, SyntaxKind.MultiplyExpression, SyntaxKind.DivideExpression,
        SyntaxKind.AddAssignmentExpression, SyntaxKind.SubtractAssignmentExpression, SyntaxKind.MultiplyAssignmentExpression,
        SyntaxKind.DivideAssignmentExpression, SyntaxKind.ModuloAssignmentExpression,
        SyntaxKind.LogicalNotExpression, SyntaxKind.BitwiseNotExpression, SyntaxKind.PreIncrementExpression,
        SyntaxKind.PreDecrementExpression, SyntaxKind.PostIncrementExpression, SyntaxKind.PostDecrementExpression,
    ];

    /// <summary>Other libraries' and sequences' names for functions of Nn.</summary>
    private static readonly Dictionary<string, string> others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["View"] = "Reshape", ["T"] = "Transpose", ["Average"] = "Mean", ["Dot"] = "MatMul", ["Cat"] = "Concat", ["Narrow"] = "Slice",
    };

    private static readonly Dictionary<string, string> parts = new()
    {
        ["First"] = "[..1]", ["Take"] = "[..n]", ["Skip"] = "[n..]", ["TakeLast"] = "[^n..]", ["SkipLast"] = "[..^n]",
        ["ElementAt"] = "[n..(n + 1)]",
    };

    /// <summary>A use of a tensor that it does not offer; null of all else.</summary>
    public static Report? Of(SyntaxNode use, SemanticModel model, CancellationToken cancellation) => use switch
    {
        MemberAccessExpressionSyntax member => Member(member, model, cancellation),
        QueryExpressionSyntax query => IsTensor(query.FromClause.Expression, model, cancellation)
            ? Said(query, "query", Scan(query.FromClause.Expression))
            : null,
        BinaryExpressionSyntax binary => Operator(binary, binary.OperatorToken, binary.Left, binary.Right, model, cancellation),
        AssignmentExpressionSyntax compound =>
            Operator(compound, compound.OperatorToken, compound.Left, compound.Right, model, cancellation),
        PrefixUnaryExpressionSyntax unary => Operator(unary, unary.OperatorToken, unary.Operand, null, model, cancellation),
        PostfixUnaryExpressionSyntax unary => Operator(unary, unary.OperatorToken, unary.Operand, null, model, cancellation),
        _ => null,
    };

    private static Report? Member(MemberAccessExpressionSyntax member, SemanticModel model, CancellationToken cancellation)
    {
        var name = member.Name.Identifier.ValueText;
        var x = Describe.Words(member.Expression);
        if (model.GetTypeInfo(member.Expression, cancellation).Type is not INamedTypeSymbol type)
            return null;
        var what = type.IsTensor() ? Instead(name, x, model.Compilation)
            : type.Is("Whence.Shape") && name is "Length" or "Count" ? $"write {x}.Rank"
            : null;
        return what is null || IsKnown(member, model, cancellation) ? null : Said(member.Name, name, what, type.Name);
    }

    private static string? Instead(string name, string x, Compilation compilation)
    {
        if (name is "Rank" or "Size")
            return $"write {x}.Shape.{name}";
        if (name is "Length" or "Count")
            return $"write {x}.Shape[0], or {x}.Shape.Size";
        if (parts.TryGetValue(name, out var part))
            return $"write {x}{part}";
        if (Function(name, compilation) is { } function)
            return Describe.IsOfWeights(function)
                ? $"declare it as a layer, [{function.Name}]"
                : $"write {function.Name}({(function.Name is "Concat" or "Stack" ? "..." : x)}"
                    + $"{(function.Parameters.Length > 1 && function.Name is not ("Concat" or "Stack") ? ", ..." : "")})";
        return compilation.GetTypeByMetadataName("System.Linq.Enumerable")?.GetMembers(name).IsEmpty == false ? Scan(x) : null;
    }

    /// <summary>The function of Nn that a name means, in whatever case and with or without underscores.</summary>
    private static IMethodSymbol? Function(string name, Compilation compilation)
    {
        var plain = name.Replace("_", "");
        var meant = others.TryGetValue(plain, out var other) ? other : plain;
        return compilation.GetTypeByMetadataName(Known.Functions)?.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(
            method => method.DeclaredAccessibility == Accessibility.Public
                && method.Name.Equals(meant, StringComparison.OrdinalIgnoreCase));
    }

    private static Report? Operator(ExpressionSyntax use, SyntaxToken sign, ExpressionSyntax left, ExpressionSyntax? right,
        SemanticModel model, CancellationToken cancellation)
    {
        var isOfTensor = IsTensor(left, model, cancellation) || right is not null && IsTensor(right, model, cancellation);
        if (!isOfTensor
            || IsUnclear(left, model, cancellation)
            || right is not null && IsUnclear(right, model, cancellation)
            || IsKnown(use, model, cancellation))
            return null;
        var what = sign.Kind() switch
        {
            SyntaxKind.PlusPlusToken or SyntaxKind.MinusMinusToken =>
                $"write {Describe.Words(left)} = {Describe.Words(left)} {sign.Text[0]} 1",
            SyntaxKind.LessThanToken or SyntaxKind.LessThanEqualsToken or SyntaxKind.GreaterThanToken
                or SyntaxKind.GreaterThanEqualsToken =>
                "a network goes the same way whatever its numbers are; Max, Min, Clamp and Relu choose element by element",
            SyntaxKind.PlusToken or SyntaxKind.MinusToken or SyntaxKind.AsteriskToken or SyntaxKind.SlashToken
                or SyntaxKind.PlusEqualsToken or SyntaxKind.MinusEqualsToken or SyntaxKind.AsteriskEqualsToken
                or SyntaxKind.SlashEqualsToken => IsDecimal(left, model, cancellation) || IsDecimal(right!, model, cancellation)
                    ? "a decimal is no number of a network; write a double, as 2.5 for 2.5m"
                    : null,
            _ => "tensors know + - * /; the functions of tensors are in Nn",
        };
        return what is null ? null : Said(use, sign.Text, what);
    }

    private static bool IsDecimal(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellation) =>
        model.GetTypeInfo(expression, cancellation).Type?.SpecialType == SpecialType.System_Decimal;

    private static string Scan(SyntaxNode x) => Scan(Describe.Words(x));

    private static string Scan(string x) =>
        $"foreach (var part in {x}) goes over its parts along axis 0, and Stack(list) puts parts together";

    private static Report Said(SyntaxNode place, string name, string what, string type = "Tensor") =>
        new(Problems.TensorLacks, place.GetLocation(), type, name, what);

    private static bool IsTensor(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellation) =>
        model.GetTypeInfo(expression, cancellation).Type.IsTensor();

    // What is wrong in itself is said there.
    private static bool IsUnclear(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellation) =>
        model.GetTypeInfo(expression, cancellation).Type is not { TypeKind: not TypeKind.Error };

    private static bool IsKnown(SyntaxNode use, SemanticModel model, CancellationToken cancellation) =>
        model.GetSymbolInfo(use, cancellation) is { Symbol: not null } or { CandidateSymbols.IsEmpty: false };
}
