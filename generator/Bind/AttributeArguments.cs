using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>Where the arguments of an attribute stand, and whether their values are any that there are.</summary>
internal static class AttributeArguments
{
    /// <summary>The argument of this name in the source, or the whole attribute.</summary>
    public static Location Place(AttributeData attribute, string name)
    {
        var syntax = (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax();
        return Find(attribute, syntax, name)?.Expression.GetLocation() ?? syntax.GetLocation();
    }

    /// <summary>One element of an argument that is an array, or the whole argument.</summary>
    public static Location ElementPlace(AttributeData attribute, string name, int index)
    {
        var syntax = (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax();
        SyntaxNode? element = Find(attribute, syntax, name)?.Expression switch
        {
            CollectionExpressionSyntax collection => collection.Elements.ElementAtOrDefault(index),
            ArrayCreationExpressionSyntax array => array.Initializer?.Expressions.ElementAtOrDefault(index),
            ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions.ElementAtOrDefault(index),
            _ => null,
        };
        return element?.GetLocation() ?? Place(attribute, name);
    }

    /// <summary>A name as a property and as a parameter: Stride and stride.</summary>
    public static string LowerCamel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>The arguments of enums that are no value of theirs: C# takes any number for one.</summary>
    public static IEnumerable<Report> Undefined(AttributeData attribute, string owner)
    {
        var positional = attribute.AttributeConstructor?.Parameters
            .Zip(attribute.ConstructorArguments, (parameter, value) => (parameter.Name, Value: value))
            ?? [];
        foreach (var (name, value) in positional.Concat(attribute.NamedArguments.Select(argument => (argument.Key, argument.Value))))
        {
            if (value is { Kind: TypedConstantKind.Enum, Value: not null, Type: INamedTypeSymbol type } && !IsDefined(type, value.Value))
                yield return new(Problems.ValueUndefined, Place(attribute, name), name, owner, $"{value.Value}", type.Name,
                    string.Join(", ", Members(type).Select(member => member.Name)));
        }
    }

    /// <summary>Whether an enum has a value, or flags that make it.</summary>
    public static bool IsDefined(INamedTypeSymbol type, object value)
    {
        if (!type.GetAttributes().Any(attribute => attribute.AttributeClass.Is("System.FlagsAttribute")))
            return Members(type).Any(member => value.Equals(member.ConstantValue));
        var all = Members(type).Aggregate(0L,
            (flags, member) => flags | Convert.ToInt64(member.ConstantValue, System.Globalization.CultureInfo.InvariantCulture));
        return (Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) & ~all) == 0;
    }

    /// <summary>An enum's values.</summary>
    public static IEnumerable<IFieldSymbol> Members(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue);

    private static AttributeArgumentSyntax? Find(AttributeData attribute, AttributeSyntax syntax, string name)
    {
        var arguments = syntax.ArgumentList?.Arguments ?? default;
        var ordinal = attribute.AttributeConstructor?.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Ordinal ?? -1;
        return arguments.FirstOrDefault(
            argument => (argument.NameColon?.Name ?? argument.NameEquals?.Name)?.Identifier.ValueText is { } written
                && LowerCamel(written) == LowerCamel(name))
            ?? (ordinal >= 0 && ordinal < arguments.Count ? arguments[ordinal] : null);
    }
}
