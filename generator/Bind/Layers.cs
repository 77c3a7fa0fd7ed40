using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>A layer method and what its attribute says.</summary>
/// <param name="Method">The declaring part of the method.</param>
/// <param name="Kind">The attribute's name without "Attribute".</param>
/// <param name="Arguments">The attribute's arguments by parameter or property name, in lower camel case.</param>
/// <param name="Place">The attribute.</param>
/// <param name="Given">The attribute's Name, or null.</param>
/// <param name="Rule">The attribute's Rule.</param>
/// <param name="IsSound">Whether it can be called: nothing was reported about it, here or by the compiler.</param>
internal sealed record LayerMethod(
    IMethodSymbol Method, string Kind, IReadOnlyList<LayerArgument> Arguments, SyntaxNode? Place, string? Given, RuleChoice Rule,
    bool IsSound)
{
    /// <summary>
    /// Whether the compiler waits for its body: not of a method that says not who may call it, which it refuses as it is, nor of the second
    /// of two alike.
    /// </summary>
    public bool IsUnwritten => Method.IsPartialDefinition && !LayerReader.HasBody(Method) && HasAccess && IsFirst;

    private bool HasAccess => Method.DeclaringSyntaxReferences[0].GetSyntax() is MethodDeclarationSyntax method
        && method.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword
            or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword);

    private bool IsFirst => SymbolEqualityComparer.Default.Equals(Method, Method.ContainingType.GetMembers(Method.Name)
        .OfType<IMethodSymbol>().First(other => other.IsPartialDefinition
            && other.Parameters.Select(one => one.Type).SequenceEqual(
                Method.Parameters.Select(one => one.Type), SymbolEqualityComparer.Default)));

    /// <summary>What its weights may be called in a file, relative to its class.</summary>
    public EquatableArray<string> TensorNames => NamesBelow([]);

    /// <summary>What its weights may be called in a file when these fields lead to it.</summary>
    public EquatableArray<string> NamesBelow(IReadOnlyList<SubNetworkField> fields) =>
        Check.TensorNames.Candidates(fields.Select(field => field.Prefixes), Method.Name, Given, "")
            .Select(name => name.TrimEnd('.'))
            .ToEquatable();

    /// <summary>What the generator writes the layer's body from.</summary>
    public LayerDeclaration Declare()
    {
        var parameters = Method.Parameters.Select(parameter => $"{Modifiers(parameter)}{Full(parameter.Type)} {Escape(parameter.Name)}");
        var syntax = (MethodDeclarationSyntax)Method.DeclaringSyntaxReferences[0].GetSyntax();
        var modifiers = string.Concat(syntax.Modifiers.Select(modifier => modifier.ValueText + " "));
        // A generic layer is wrong, and gets its other half so that this is all that is wrong.
        var constraints = string.Concat(syntax.ConstraintClauses.Select(clause => " " + clause));
        return new(
            $"{modifiers}{(Method.RefKind == RefKind.None ? "" : Method.ReturnsByRef ? "ref " : "ref readonly ")}{Full(Method.ReturnType)} "
                + $"{Escape(Method.Name)}{syntax.TypeParameterList}({string.Join(", ", parameters)}){constraints}",
            Method.Name,
            HasLayersSignature ? Kind : "",
            Arguments.Select(argument => (argument.Name, argument.Expression)).ToEquatable(),
            TensorNames,
            Method.Parameters.Select(
                parameter => Escape(parameter.Name) + (parameter.NullableAnnotation == NullableAnnotation.Annotated ? "!" : ""))
                .ToEquatable(),
            Arguments.SelectMany(argument => argument.Items ?? [argument]).Where(argument => argument.Holder is not null)
                .Select(argument => argument.Expression).Distinct().ToEquatable());
    }

    private bool HasLayersSignature =>
        !Method.IsGenericMethod
            && !Method.IsStatic
            && Method.RefKind == RefKind.None
            && Method.ContainingType.TypeKind != TypeKind.Interface
            && Registry.Find(Kind) is { } op
            && LayerReader.Returns(Method.ReturnType, op.Results, type => type.IsTensor())
            && op.Takes(Method.Parameters.Length)
            && Method.Parameters.All(parameter => parameter.Type.IsTensor() && parameter.RefKind == RefKind.None);

    // Both halves of a method have the same, right or wrong.
    private static string Modifiers(IParameterSymbol parameter) =>
        parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax written
            ? string.Concat(written.Modifiers.Select(modifier => modifier.ValueText + " "))
            : "";

    /// <summary>A name as C# spells it, with @ where it is a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None
            ? name
            : "@" + name;

    private static readonly SymbolDisplayFormat full = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static string Full(ITypeSymbol type) => type.ToDisplayString(full);
}

/// <summary>
/// One argument of a layer attribute: a constant, or the constructor parameter or field that holds it (<paramref name="Holder"/>).
/// </summary>
internal sealed record LayerArgument(string Name, double Value, ISymbol? Holder, string Expression)
{
    /// <summary>Of an argument that is several numbers: each of them; null of one that is one.</summary>
    public IReadOnlyList<LayerArgument>? Items { get; init; }

    /// <summary>The least value that makes sense.</summary>
    public double Least => Name is "epsilon" or "bias" or "perChannel" or "affine"
        || Name.StartsWith("pad", StringComparison.Ordinal)
        || Name.StartsWith("outputPad", StringComparison.Ordinal)
        ? 0
        : 1;
}

/// <summary>Reads layer attributes.</summary>
internal sealed class LayerReader(INamedTypeSymbol type, List<Report> reports)
{
    /// <summary>The layers of a class, in the order in which they are declared.</summary>
    public IEnumerable<LayerMethod> Read() =>
        from method in type.GetMembers().OfType<IMethodSymbol>()
        // A constructor or an accessor can have a layer's attribute only while it is typed; the compiler reports it.
        where method.MethodKind == MethodKind.Ordinary
        let attributes = method.GetAttributes().Where(IsLayer).ToList()
        where attributes.Count > 0
        select Read(method, attributes);

    /// <summary>
    /// Methods that are declared like layers, but for the attribute. They get bodies too, and that it lacks is all that is wrong.
    /// </summary>
    public IEnumerable<LayerMethod> ReadForgotten()
    {
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>().Where(IsLayerButForAttribute))
        {
            reports.Add(new(Problems.LayerForgotten, method.Locations[0], method.Name,
                method.Parameters.IsEmpty ? "[Parameter(...)]" : "one of Whence's, such as [Linear(...)]"));
            yield return new(method, "", [], null, null, default, IsSound: false);
        }
    }

    private static bool IsLayerButForAttribute(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, IsPartialDefinition: true, IsGenericMethod: false }
            && !HasBody(method)
            && method.GetAttributes().IsEmpty
            && method.Parameters.All(parameter => parameter.RefKind == RefKind.None && parameter.Type.IsTensor())
            && (method.ReturnType.IsTensor()
                || method.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple
                    && tuple.TupleElements.All(element => element.Type.IsTensor()));

    /// <summary>Whether a partial method has a body of the user's.</summary>
    public static bool HasBody(IMethodSymbol method) =>
        method.PartialImplementationPart is { } written && !NetworkClass.IsWritten(written);

    /// <summary>
    /// What is wrong with layers in whose place the compiler refuses what is written, without a word of what to write: a method without a
    /// body that is not partial, sizes that the attribute does not have.
    /// </summary>
    public static IEnumerable<Report> Refused(INamedTypeSymbol type)
    {
        var refused = type.GetMembers().OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary
            && method.GetAttributes().Any(attribute => IsLayer(attribute) && (attribute.AttributeConstructor is null || IsBare(method))));
        foreach (var method in refused)
        {
            var reports = new List<Report>();
            new LayerReader(type, reports).Read(method, method.GetAttributes().Where(IsLayer).ToList());
            foreach (var report in reports.Where(report => report.Problem == Problems.TooManySizes
                || report.Problem == Problems.LayerSignature && IsBare(method)))
                yield return report;
        }
    }

    private static bool IsBare(IMethodSymbol method) => !method.IsAbstract && !method.IsExtern && !method.IsPartialDefinition
        && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax { Body: null, ExpressionBody: null };

    /// <summary>Whether an attribute makes a method a layer.</summary>
    public static bool IsLayer(AttributeData attribute)
    {
        for (var type = attribute.AttributeClass?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Is(Known.Layer))
                return true;
        }
        return false;
    }

    private LayerMethod Read(IMethodSymbol method, List<AttributeData> attributes)
    {
        var before = reports.Count;
        var attribute = attributes[0];
        var kind = KindOf(attribute);
        CheckSignature(method, attributes, kind);
        reports.AddRange(AttributeArguments.Undefined(attribute, method.Name));
        var isWritten = attribute.AttributeConstructor is not null;
        var arguments = isWritten ? ReadArguments(method, attribute) : Missing(attribute);
        if (!isWritten)
            CheckCount(method, attribute, kind);
        var rule = ReadRule(method, attribute);
        var given = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Name").Value
            is { Kind: TypedConstantKind.Primitive, Value: string name }
            ? name
            : null;
        if (given?.Trim().Length == 0)
            reports.Add(new(Problems.LayerArgument, AttributeArguments.Place(attribute, "Name"), "Name", method.Name, $"\"{given}\"",
                "what its tensors begin with in the weights file, or left out"));
        else if (given?.Any(char.IsControl) == true)
            reports.Add(new(Problems.LayerArgument, AttributeArguments.Place(attribute, "Name"), "Name", method.Name,
                SafetensorsHeader.Quote(given), "without line breaks and other control characters"));
        return new(method, kind, arguments, Syntax(attribute), given, rule, isWritten && reports.Count == before);
    }

    /// <summary>Sizes of what comes in, which other libraries ask for first.</summary>
    private void CheckCount(IMethodSymbol method, AttributeData attribute, string kind)
    {
        var written = ((AttributeSyntax)Syntax(attribute)!).ArgumentList?.Arguments.Count(argument => argument.NameEquals is null) ?? 0;
        var longest = attribute.AttributeClass!.InstanceConstructors
            .OrderByDescending(constructor => constructor.Parameters.Length)
            .FirstOrDefault();
        if (longest is null || longest.Parameters.Any(parameter => parameter.IsParams) || written <= longest.Parameters.Length)
            return;
        var takes = longest.Parameters.IsEmpty ? "none" : $"({Listing.Of(longest.Parameters.Select(parameter => parameter.Name))})";
        reports.Add(new(Problems.TooManySizes, Syntax(attribute)!.GetLocation(), method.Name, $"{written}", kind, takes));
    }

    private static string KindOf(AttributeData attribute)
    {
        var name = attribute.AttributeClass!.Name;
        return name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
    }

    private void CheckSignature(IMethodSymbol method, List<AttributeData> attributes, string kind)
    {
        var op = Registry.Find(kind);
        if (method.Name == Known.Forward)
            Report(Identifier(method), method,
                "puts the layers together in a body of its own; declare the layer under another name and call it there");
        else if (attributes.Count > 1)
            Report(Syntax(attributes[1]), method, "has two layer attributes; a layer is one operator, and Forward puts several together");
        else if (op is null || !attributes[0].AttributeClass!.ContainingNamespace.Name.Equals("Whence", StringComparison.Ordinal))
            Report(Syntax(attributes[0]), method,
                $"has the attribute {kind}, which the compiler does not know; only the layers of Whence can be compiled");
        else if (!method.IsPartialDefinition && method.PartialDefinitionPart is null || HasBody(method))
            Report(Identifier(method), method, "must be a partial method without a body: its body is written from its attribute");
        else if (method.IsStatic)
            Report(Identifier(method), method, "must not be static, because its weights belong to the network");
        else if (method.IsGenericMethod)
            Report(Identifier(method), method, "must not be generic");
        else if (!op.Takes(method.Parameters.Length)
            || method.Parameters.Any(parameter => parameter.RefKind != RefKind.None || IsWrong(parameter.Type)))
            Report(Identifier(method), method, Takes(op));
        else if (!Returns(method.ReturnType, op.Results, type => !IsWrong(type)))
            Report(Identifier(method), method, op.Results == 1 ? "must return a Tensor" : $"must return a tuple of {op.Results} Tensors");
        else if (method.RefKind != RefKind.None)
            Report(Identifier(method), method, "must return its value, not a reference to one");
    }

    /// <summary>Whether a layer's return type has so many parts, each of which is right.</summary>
    public static bool Returns(ITypeSymbol type, int results, Func<ITypeSymbol, bool> isRight) => results == 1
        ? isRight(type)
        : type.TypeKind == TypeKind.Error && isRight(type)
            || type is INamedTypeSymbol { IsTupleType: true } tuple
                && tuple.TupleElements.Length == results
                && tuple.TupleElements.All(element => isRight(element.Type));

    private static string Takes(Op op) =>
        op.Arity == 0 ? "must have no parameters: its value is the tensor itself" :
        op.Takes(1) && op.Takes(3)
            ? "must take one Tensor, or three: queries, keys and values"
            : op.Arity == 1 ? "must take one Tensor" : $"must take {op.Arity} Tensors";

    /// <summary>Not a tensor; a type that does not exist is the compiler's to report.</summary>
    private static bool IsWrong(ITypeSymbol type) => !type.IsTensor() && type.TypeKind != TypeKind.Error;

    private List<LayerArgument> ReadArguments(IMethodSymbol method, AttributeData attribute)
    {
        var positional = attribute.ConstructorArguments
            .Zip(attribute.AttributeConstructor!.Parameters, (value, parameter) => (parameter.Name, value));
        var named = attribute.NamedArguments.Where(argument => argument.Key is not ("Name" or "Rule"))
            .Select(argument => (Name: AttributeArguments.LowerCamel(argument.Key), argument.Value)).ToList();
        CheckTwice(method, attribute, named);
        return positional.Concat(named)
            .Select(argument => ReadArgument(method, attribute, argument.Name, argument.Item2))
            .OfType<LayerArgument>()
            .GroupBy(argument => argument.Name).Select(same => same.First()).ToList();
    }

    /// <summary>A number and the parameter that holds it, both written.</summary>
    private void CheckTwice(IMethodSymbol method, AttributeData attribute, List<(string Name, TypedConstant)> named)
    {
        foreach (var (name, _) in named.Where(
            argument => named.Exists(other => Setting(other.Name) == argument.Name && other.Name != argument.Name)))
            reports.Add(
                new(Problems.LayerArgumentTwice, AttributeArguments.Place(attribute, name + Holder), method.Name, name, name + Holder));
    }

    /// <summary>What the names of properties that name a parameter end in.</summary>
    private const string Holder = "Parameter";

    /// <summary>The setting that a property is about: StrideParameter is about the stride.</summary>
    private static string Setting(string name) =>
        name.EndsWith(Holder, StringComparison.Ordinal) ? name.Substring(0, name.Length - Holder.Length) : name;

    private LayerArgument? ReadArgument(IMethodSymbol method, AttributeData attribute, string name, TypedConstant constant)
    {
        if (constant.Kind == TypedConstantKind.Array)
            return ReadList(method, attribute, name, constant);
        if (constant is { Kind: TypedConstantKind.Primitive, Value: null }
            && !attribute.NamedArguments.Any(one => AttributeArguments.LowerCamel(one.Key) == name))
        {
            reports.Add(new(Problems.LayerArgument, AttributeArguments.Place(attribute, name), name, method.Name, "null", NumberOrName));
            return new(Setting(name), 1, null, "1");
        }
        if (constant.Kind is not (TypedConstantKind.Primitive or TypedConstantKind.Enum) || constant.Value is null)
            return null;
        if (constant.Value is string holder)
            return ReadHolder(attribute, name, holder);
        if (constant.Kind == TypedConstantKind.Enum)
            return new(name, Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture), null, Spell(constant));
        if (constant.Value is bool flag)
            return new(name, flag ? 1 : 0, null, flag ? "true" : "false");
        var value = Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var argument = new LayerArgument(name, value, null, double.IsNaN(value)
            ? "double.NaN"
            : double.IsInfinity(value) ? $"double.{(value > 0 ? "Positive" : "Negative")}Infinity" : text);
        if (value < argument.Least || double.IsNaN(value) || double.IsInfinity(value))
            reports.Add(new(Problems.LayerArgument, AttributeArguments.Place(attribute, name), name, method.Name, text, AtLeast(argument)));
        return argument;
    }

    /// <summary>An enum's value as C# spells it.</summary>
    private static string Spell(TypedConstant constant)
    {
        var type = constant.Type!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        var member = constant.Type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => Equals(field.ConstantValue, constant.Value));
        return member is null ? $"({type}){constant.Value}" : $"{type}.{member.Name}";
    }

    private const string NumberOrName = "a number, or the name of a constructor parameter or readonly field";
    private const string NumbersOrNames = "whole numbers, or names of constructor parameters or readonly fields";

    /// <summary>Several numbers, whole ones of at least 1 or the names of what holds them.</summary>
    private LayerArgument? ReadList(IMethodSymbol method, AttributeData attribute, string name, TypedConstant list)
    {
        if (list.IsNull)
        {
            reports.Add(new(Problems.LayerArgument, AttributeArguments.Place(attribute, name), name, method.Name, "null", NumbersOrNames));
            return new(name, 0, null, "[]") { Items = [] };
        }
        // What does not exist is the compiler's to report.
        if (list.Values.Any(item => item.Kind == TypedConstantKind.Error))
            return new(name, 0, null, "[]") { Items = [] };
        var items = new List<LayerArgument>();
        for (var i = 0; i < list.Values.Length; i++)
        {
            var (item, before) = (list.Values[i], reports.Count);
            if (item.Kind != TypedConstantKind.Primitive
                || item.Value is not (string or sbyte or byte or short or ushort or int or uint or long or ulong))
                reports.Add(new(Problems.LayerArgument, AttributeArguments.Place(attribute, name), name, method.Name, item.Kind switch
                {
                    TypedConstantKind.Enum => Spell(item),
                    TypedConstantKind.Array => item.IsNull ? "null" : "an array",
                    _ => Convert.ToString(item.IsNull ? "null" : item.Value, CultureInfo.InvariantCulture)!,
                }, NumbersOrNames));
            else if (ReadArgument(method, attribute, name, item) is { } read)
                // One that no int holds is too large a size, which is said where sizes are.
                items.Add(read.Holder is null && read.Value > int.MaxValue ? read with { Expression = "1" } : read);
            for (var wrong = before; wrong < reports.Count; wrong++)
                reports[wrong] = reports[wrong] with { Place = ItemPlace(attribute, name, i, list.Values.Length) };
        }
        return new(name, items.Count, null, $"[{string.Join(", ", items.Select(item => item.Expression))}]") { Items = items };
    }

    public static string AtLeast(LayerArgument argument) => $"at least {argument.Least.ToString(CultureInfo.InvariantCulture)}";

    private LayerArgument? ReadHolder(AttributeData attribute, string name, string holder)
    {
        var symbol = FindHolder(holder);
        if (symbol is null)
            reports.Add(new(Problems.LayerParameter, AttributeArguments.Place(attribute, name), holder, type.Name));
        return new(Setting(name), 1, symbol, symbol is null ? "1" : LayerMethod.Escape(holder));
    }

    /// <summary>The parameter of the primary constructor, or the readonly field or property, of this name.</summary>
    private ISymbol? FindHolder(string name)
    {
        var parameter = NetworkClass.PrimaryConstructor(type)?.Parameters.FirstOrDefault(parameter => parameter.Name == name);
        return parameter is not null
            ? parameter.Type.SpecialType == SpecialType.System_Int32 ? parameter : null
            : type.GetMembers(name).FirstOrDefault(member =>
                member is IFieldSymbol { Type.SpecialType: SpecialType.System_Int32 } field && (field.IsReadOnly || field.IsConst)
                || member is IPropertySymbol { Type.SpecialType: SpecialType.System_Int32, SetMethod: null });
    }

    /// <summary>Stand-ins for the arguments of an attribute that does not compile, so that the layer's body can still be written.</summary>
    private static List<LayerArgument> Missing(AttributeData attribute) =>
        attribute.AttributeClass!.InstanceConstructors
            .FirstOrDefault(constructor => constructor.Parameters.All(
                parameter => parameter.IsParams || parameter.Type.SpecialType == SpecialType.System_Int32))
            ?.Parameters.Select(parameter => parameter.IsParams ? new LayerArgument(parameter.Name, 0, null, "[]") { Items = [] }
                : new LayerArgument(parameter.Name, 1, null, "1")).ToList() ?? [];

    /// <summary>The runtime's Rule.Genomics.</summary>
    private const int GenomicsRule = 3;

    private RuleChoice ReadRule(IMethodSymbol method, AttributeData attribute)
    {
        var argument = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Rule").Value;
        if (argument.Value is not int rule)
            return RuleChoice.Inherit;
        if (rule is (int)RuleChoice.Inherit or (int)RuleChoice.Rescale or (int)RuleChoice.RevealCancel)
            return (RuleChoice)rule;
        if (rule == GenomicsRule)
            reports.Add(new(Problems.RuleOnLayer, AttributeArguments.Place(attribute, "Rule"), method.Name, Known.GenomicsRule));
        return RuleChoice.Inherit;
    }

    private void Report(SyntaxNodeOrToken? place, IMethodSymbol method, string what) =>
        reports.Add(new(Problems.LayerSignature, place?.GetLocation() ?? method.Locations[0], method.Name, what));

    private static SyntaxNodeOrToken? Identifier(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax syntax ? syntax.Identifier : null;

    private static SyntaxNode? Syntax(AttributeData attribute) => attribute.ApplicationSyntaxReference?.GetSyntax();

    /// <summary>One of several numbers, where each is an argument of its own; else the argument that holds them.</summary>
    private static Location ItemPlace(AttributeData attribute, string name, int item, int count)
    {
        var positional = ((AttributeSyntax)Syntax(attribute)!).ArgumentList?.Arguments
            .Where(argument => argument.NameColon is null && argument.NameEquals is null)
            .ToList()
            ?? [];
        return positional.Count == count ? positional[item].Expression.GetLocation() : AttributeArguments.Place(attribute, name);
    }
}
