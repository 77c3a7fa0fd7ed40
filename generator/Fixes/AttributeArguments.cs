using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Whence.Generator.Fixes;

/// <summary>Gives an attribute a named argument.</summary>
internal static class AttributeArguments
{
    /// <summary>The attribute with <c>name = value</c>: in place of the argument's value, if it is there, else behind the others.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="name">The property.</param>
    /// <param name="value">The value, given the one that is there, or null.</param>
    public static AttributeSyntax With(this AttributeSyntax attribute, string name, Func<ExpressionSyntax?, ExpressionSyntax> value)
    {
        var list = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        if (list.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name) is { } given)
            return attribute.ReplaceNode(given.Expression, value(given.Expression).WithTriviaFrom(given.Expression));
        var sign = SyntaxFactory.Token(SyntaxKind.EqualsToken)
            .WithLeadingTrivia(SyntaxFactory.Space)
            .WithTrailingTrivia(SyntaxFactory.Space);
        var argument = SyntaxFactory.AttributeArgument(value(null))
            .WithNameEquals(SyntaxFactory.NameEquals(SyntaxFactory.IdentifierName(name), sign));
        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        var commas = list.Arguments.GetSeparators().Concat(list.Arguments.Count > 0 ? [comma] : []);
        return attribute.WithArgumentList(list.WithArguments(SyntaxFactory.SeparatedList(list.Arguments.Append(argument), commas)));
    }
}
