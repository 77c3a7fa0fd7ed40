using Microsoft.CodeAnalysis;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>The runtime's Methods, read off its own members: their names, and the interfaces that they give.</summary>
internal static class MethodsEnum
{
    /// <summary>What the value of [Network(Explain = ...)] asks for.</summary>
    public static AskedMethods Asked(TypedConstant explain) =>
        explain is { Type: INamedTypeSymbol type, Value: int bits } ? Asked(type, bits) : AskedMethods.None;

    /// <summary>Everything that can be asked for.</summary>
    public static AskedMethods All(Compilation compilation) =>
        compilation.GetTypeByMetadataName(Known.Methods) is { } type ? Asked(type, -1) : AskedMethods.None;

    /// <summary>
    /// Whether a network of which this is asked answers what is put to an interface, which every network does if no method gives that.
    /// </summary>
    public static bool Answers(Compilation compilation, int bits, ITypeSymbol network)
    {
        var members = compilation.GetTypeByMetadataName(Known.Methods) is { } type ? Members(type).ToList() : [];
        return !members.Any(member => SymbolEqualityComparer.Default.Equals(member.Gives, network))
            || members.Any(member => Holds(bits, member.Bits) && member.Gives is { } gives && Is(gives, network));
    }

    /// <summary>The name of the method that gives an interface; of several, the one that stands for most.</summary>
    public static string? Giver(Compilation compilation, ITypeSymbol network) =>
        compilation.GetTypeByMetadataName(Known.Methods) is not { } type ? null
            : Members(type).Where(member => SymbolEqualityComparer.Default.Equals(member.Gives, network))
                .OrderByDescending(member => Count(member.Bits))
                .Select(member => member.Name)
                .FirstOrDefault();

    private static AskedMethods Asked(INamedTypeSymbol type, int bits)
    {
        var asked = Members(type).Where(member => Holds(bits, member.Bits)).ToList();
        var given = asked.Select(member => member.Gives).OfType<INamedTypeSymbol>().ToList();
        return new(asked.Select(member => member.Name).ToEquatable(),
            given.Where(one => !given.Any(other => !SymbolEqualityComparer.Default.Equals(one, other) && Is(other, one)))
                .Select(one => one.Name)
                .Distinct()
                .ToEquatable());
    }

    private static IEnumerable<(string Name, int Bits, INamedTypeSymbol? Gives)> Members(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(member => member.ConstantValue is int and not 0).Select(member =>
            (member.Name, (int)member.ConstantValue!, member.Attribute(Known.Gives)?.ConstructorArguments[0].Value as INamedTypeSymbol));

    private static bool Holds(int bits, int member) => (bits & member) == member;

    private static bool Is(INamedTypeSymbol type, ITypeSymbol network) =>
        type.AllInterfaces.Cast<ITypeSymbol>().Append(type).Any(one => SymbolEqualityComparer.Default.Equals(one, network));

    private static int Count(int bits)
    {
        var count = 0;
        for (; bits != 0; bits &= bits - 1)
            count++;
        return count;
    }
}
