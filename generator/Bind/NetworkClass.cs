using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>A [Network] class as it is declared: all but what Forward says.</summary>
internal sealed class NetworkClass
{
    // Of every network's class, and of one that is compiled by itself.
    private static readonly HashSet<string> reserved = ["WhenceAttach", "whenceScope"];
    private static readonly HashSet<string> taken = ["Predict", "PredictUnchecked", "Load", "WhenceCompiled", "whenceCompiled"];

    private readonly Dictionary<ISymbol, LayerMethod> layers = new(SymbolEqualityComparer.Default);

    public NetworkClass(INamedTypeSymbol type, Sources sources)
    {
        Type = type;
        var reports = new List<Report>();
        var isNetwork = CheckKind(reports);
        CanBeWritten = type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface
            && !Around(type).Prepend(type).Any(one => one.IsFileLocal);
        Reports = reports;
        if (!isNetwork)
            reports = [];
        var reader = new LayerReader(type, reports);
        Layers = [.. reader.Read(), .. reader.ReadForgotten()];
        foreach (var layer in Layers)
            layers[layer.Method] = layer;
        Fields = new FieldReader(type, sources, reports).Read();
        var inputs = new InputReader(type, reports);
        // A layer of that name is refused as a layer.
        Forward = inputs.Forward() is { } forward && !layers.ContainsKey(forward) ? forward : null;
        var asked = type.Attribute(Known.Network);
        if (asked is not null)
            reports.AddRange(AttributeArguments.Undefined(asked, type.Name));
        Explain = MethodsEnum.Asked(Argument(asked, "Explain"));
        Inputs = Forward is null ? null : inputs.Inputs(Forward, !IsMade, !Explain.IsEmpty);
        CheckNames(reports);
        CheckRequired(reports);
    }

    public INamedTypeSymbol Type { get; }

    /// <summary>What is wrong with the declarations; of a class that cannot be a network at all, only that.</summary>
    public IReadOnlyList<Report> Reports { get; }

    /// <summary>
    /// Whether the layers' bodies can be written into another file: also for a class that is no network for another reason, so that one
    /// mistake is one error.
    /// </summary>
    public bool CanBeWritten { get; }

    public IReadOnlyList<LayerMethod> Layers { get; }

    /// <summary>The layer that a method is; null of any other method.</summary>
    public LayerMethod? Layer(IMethodSymbol method) => layers.TryGetValue(method, out var layer) ? layer : null;

    public IReadOnlyList<SubNetworkField> Fields { get; }

    /// <summary>The sub-network that a field holds; null of any other field.</summary>
    public SubNetworkField? Field(IFieldSymbol field) =>
        Fields.FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Field, field));

    /// <summary>Forward, or null if it cannot be compiled.</summary>
    public IMethodSymbol? Forward { get; }

    /// <summary>Forward's inputs; null for a block.</summary>
    public IReadOnlyList<DeclaredInput>? Inputs { get; }

    public AskedMethods Explain { get; }

    public EquatableArray<string> ConstructorParameters =>
        Constructors(Type).SelectMany(constructor => constructor.Parameters).Select(parameter => parameter.Name).Distinct().ToEquatable();

    /// <summary>An argument of the [Network] attribute.</summary>
    public static TypedConstant Argument(AttributeData? attribute, string name) =>
        attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value ?? default;

    /// <summary>The constructor in the class's own header, or null.</summary>
    public static IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) =>
        Constructors(type).FirstOrDefault(
            constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax));

    private bool IsMade => Made(Type) is not null || IsStateless;

    private bool IsStateless => CannotHold(Type);

    /// <summary>Whether a type can hold nothing, so that it is no network: a static class or an interface.</summary>
    private static bool CannotHold(INamedTypeSymbol type) => type.IsStatic || type.TypeKind == TypeKind.Interface;

    /// <summary>Whether a place for the weights, and the method that fills it, can be written beside what is there.</summary>
    private static bool HasScope(INamedTypeSymbol type) => !CannotHold(type) && !reserved.Contains(type.Name)
        && !reserved.SelectMany(name => type.GetMembers(name)).Any(member => !IsWritten(member))
        && !Constructors(type).SelectMany(constructor => constructor.Parameters).Any(parameter => reserved.Contains(parameter.Name));

    /// <summary>The constructor that <c>new Net()</c> calls; null if it can call none, or several alike.</summary>
    public static IMethodSymbol? Made(INamedTypeSymbol type)
    {
        var callable = type.InstanceConstructors
            .Where(constructor =>
                !IsWritten(constructor) && constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams))
            .ToList();
        return callable.Find(constructor => constructor.Parameters.IsEmpty) ?? (callable.Count == 1 ? callable[0] : null);
    }

    public static Location Identifier(INamedTypeSymbol type)
    {
        var reference = type.Attribute(Known.Network)?.ApplicationSyntaxReference?.GetSyntax().FirstAncestorOrSelf<TypeDeclarationSyntax>()
            ?? Declarations(type).FirstOrDefault();
        return reference?.Identifier.GetLocation() ?? type.Locations[0];
    }

    /// <summary>The network as values, without what Forward computes.</summary>
    public Network Declare()
    {
        var attribute = Type.Attribute(Known.Network);
        return new Network
        {
            Namespace = string.Join(".", Namespaces(Type).Select(LayerMethod.Escape)),
            Containers = Around(Type).Reverse().Select(Header).ToEquatable(),
            Name = Name(Type),
            Keyword = Keyword(Type),
            Overrides = IsStateless ? EquatableArray.Of<string>() : Written().Select(Signature).Where(IsOverride).ToEquatable(),
            HasSignature = HasSignature,
            HasScope = HasScope(Type),
            MetadataName = MetadataName(Type),
            ConstructorParameters = ConstructorParameters,
            Layers = Layers.Where(layer => layer.IsUnwritten).Select(layer => layer.Declare()).ToEquatable(),
            Fields = Fields.Where(field => field.IsSound && field.Field.Type is INamedTypeSymbol held && HasScope(held))
                .Select(field => new FieldDeclaration(LayerMethod.Escape(field.Field.Name), field.Prefixes.ToEquatable()))
                .ToEquatable(),
            Graph = null,
            Members = Missing(),
            Explain = Explain,
            Points = Points(attribute).OfType<string>().Distinct().ToEquatable(),
            Features = (Inputs ?? []).Select(input => input.Features).OfType<InputFeatures>().ToEquatable(),
            MaxPoolGradient = Argument(attribute, "MaxPool").Value is 1,
            IsOnGpu = IsOnGpu,
            SoftmaxElementwise = Argument(attribute, "Softmax").Value is 1,
            LrpEpsilon = Argument(attribute, "LrpEpsilon").Value is double epsilon ? epsilon : Generator.Derive.LrpEpsilon.DefaultEpsilon,
        };
    }

    // Backends.Gpu of the runtime, with Backends.Cpu or without; other numbers are reported as none of its values.
    private bool IsOnGpu => Argument(Type.Attribute(Known.Network), "Backends").Value is 2 or 3;

    /// <summary>The names in Layers = [...].</summary>
    public static IEnumerable<string?> Points(AttributeData? attribute) =>
        Argument(attribute, "Layers") is { Kind: TypedConstantKind.Array, IsNull: false } list
            ? list.Values.Select(value => value.Value as string)
            : [];

    private static IEnumerable<IMethodSymbol> Constructors(INamedTypeSymbol type) =>
        type.InstanceConstructors.Where(constructor => !constructor.IsImplicitlyDeclared && !IsWritten(constructor));

    /// <summary>Whether a member is among those that the generator wrote, which an analyzer sees too.</summary>
    public static bool IsWritten(ISymbol member) =>
        member.DeclaringSyntaxReferences is [var reference, ..]
            && reference.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal);

    private const string FileLocal = "a file class cannot be continued in another file; leave out file";

    private static string NotAClass(INamedTypeSymbol type) => type.TypeKind == TypeKind.Struct
        ? "a struct is copied, and its weights with it; write a class"
        : "an interface has no weights to hold; write a class";

    private bool CheckKind(List<Report> reports)
    {
        var what =
            Type.TypeKind != TypeKind.Class ? NotAClass(Type) :
            Type.IsRecord ? "a record has equality and copying of its own; write a class" :
            Type.IsStatic ? "a static class has no weights to hold; leave out static" :
            Type.IsAbstract ? "an abstract class cannot be made; leave out abstract" :
            Type.IsFileLocal || Around(Type).Any(outer => outer.IsFileLocal) ? FileLocal :
            Type.IsGenericType ? "it is generic, and a network is compiled once, for known sizes; use constructor parameters" :
            Around(Type).Any(outer => outer.IsGenericType)
                ? "it lies in a generic type, and a network is compiled once, for known sizes; move it out"
                : null;
        if (what is not null)
            reports.Add(new(Problems.NotANetwork, Identifier(Type), Type.Name, what));
        reports.AddRange(NotPartial(Type));
        return what is null;
    }

    /// <summary>
    /// What is wrong with a network's declaration that makes it, or what is written beside it, wrong to the compiler too.
    /// </summary>
    public static IEnumerable<Report> Misdeclared(INamedTypeSymbol network) =>
        network.TypeKind != TypeKind.Class ? [new(Problems.NotANetwork, Identifier(network), network.Name, NotAClass(network))] :
        network.IsFileLocal ? [new(Problems.NotANetwork, Identifier(network), network.Name, FileLocal)] :
        NotPartial(network);

    /// <summary>Whether the network, or a type around it, is not partial.</summary>
    public static bool IsNotPartial(INamedTypeSymbol network) => Around(network).Prepend(network).Any(type => Unpartial(type) is not null);

    // Of a type around several networks the first of them says it; a network says it of itself.
    private static IEnumerable<Report> NotPartial(INamedTypeSymbol network)
    {
        var around = Around(network).Where(type => !type.IsNetwork() && IsFirst(network, type));
        foreach (var type in around.Prepend(network))
        {
            if (Unpartial(type) is { } declaration)
                yield return new(Problems.NotPartial, declaration.Identifier.GetLocation(), type.Name);
        }
    }

    private static TypeDeclarationSyntax? Unpartial(INamedTypeSymbol type)
    {
        var declarations = Declarations(type)
            .Where(declaration => !declaration.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
            .ToList();
        return declarations.Count == 1 && !declarations[0].Modifiers.Any(SyntaxKind.PartialKeyword) ? declarations[0] : null;
    }

    private static bool IsFirst(INamedTypeSymbol network, INamedTypeSymbol outer) =>
        SymbolEqualityComparer.Default.Equals(Within(outer).FirstOrDefault(type => type.IsNetwork()), network);

    private static IEnumerable<INamedTypeSymbol> Within(INamedTypeSymbol outer) =>
        outer.GetTypeMembers().SelectMany(type => Within(type).Prepend(type));

    /// <summary>Load makes the network, and has no value for what must be given one.</summary>
    private void CheckRequired(List<Report> reports)
    {
        if (Inputs is null || Made(Type) is not { } made || made.GetAttributes()
            .Any(attribute => attribute.AttributeClass.Is("System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute")))
            return;
        foreach (var member in Bases(Type).Prepend(Type).SelectMany(type => type.GetMembers())
            .Where(member => member is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true }))
        {
            var isOwn = SymbolEqualityComparer.Default.Equals(member.ContainingType, Type);
            reports.Add(new(Problems.RequiredMember, isOwn ? member.Locations[0] : Identifier(Type),
                $"{member.ContainingType.Name}.{member.Name}", Type.Name));
        }
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            yield return ancestor;
    }

    /// <summary>Whether a written method takes the place of a virtual or abstract one of a base class.</summary>
    private bool IsOverride(string signature)
    {
        var hidden = Bases(Type).SelectMany(ancestor => ancestor.GetMembers(signature.Substring(0, signature.IndexOf('('))))
            .OfType<IMethodSymbol>().FirstOrDefault(method => $"{method.Name}({Parameters(method)})" == signature);
        return hidden is { IsSealed: false, DeclaredAccessibility: Accessibility.Public }
            && (hidden.IsVirtual || hidden.IsAbstract || hidden.IsOverride)
            && hidden.ReturnType.ToDisplayString() == Result(signature);
    }

    // What has the name already stays what it is, and ours is reached by the interface alone.
    private bool HasSignature => Type.Name == SignatureName
        || Bases(Type).Prepend(Type).SelectMany(type => type.GetMembers(SignatureName)).Any(member => !IsWritten(member))
        || Constructors(Type).SelectMany(constructor => constructor.Parameters).Any(parameter => parameter.Name == SignatureName);

    private const string SignatureName = "Signature";

    // Those that return what they make have no place to write it to.
    private static string Result(string signature) => signature.EndsWith("int)", StringComparison.Ordinal) ? "void" : "float[]";

    private void CheckNames(List<Report> reports)
    {
        var members = Type.GetMembers().Where(member => !member.IsImplicitlyDeclared && !IsWritten(member)).ToList();
        var methods = members.OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary).ToList();
        var names = new HashSet<string>(Inputs is null ? reserved : reserved.Concat(taken).Concat(HasRows ? ["Embed"] : []));
        // What looks like a layer should not be called like Predict and Load; Embed is a layer's name too, which is another overload.
        var layers = methods.Where(
            method => taken.Contains(method.Name) && Layers.Any(layer => SymbolEqualityComparer.Default.Equals(layer.Method, method)));
        var clashing = members.Where(
            member => names.Contains(member.Name) && (member is not IMethodSymbol || reserved.Contains(member.Name))
                || member.Name.StartsWith(LayerDeclaration.HeldPrefix, StringComparison.Ordinal));
        if (IsOnGpu)
            clashing = clashing.Concat(members.Where(member => member.Name is "OnGpu" or "GpuNetwork"));
        clashing = clashing.Concat(
            Constructors(Type).SelectMany(constructor => constructor.Parameters).Where(parameter => reserved.Contains(parameter.Name)));
        if (Inputs is not null)
            clashing = clashing.Concat(layers)
                .Concat(methods.Where(method => Written().Any(written => Signature(written) == $"{method.Name}({Parameters(method)})")));
        foreach (var member in clashing.Distinct(SymbolEqualityComparer.Default)
            .Where(member => member is not IMethodSymbol { AssociatedSymbol: not null }))
            reports.Add(new(Problems.NameTaken, member!.Locations[0], member.Name, Type.Name));
        if (names.Contains(Type.Name))
            reports.Add(new(Problems.NameTaken, Identifier(Type), Type.Name, Type.Name));
    }

    /// <summary>Whether rows of input are made of what Forward takes.</summary>
    private bool HasRows => Inputs!.Any(input => IsRow(input.Kind));

    private static bool IsRow(InputKind kind) => IsTokens(kind) || kind == InputKind.VariableLive;

    private static bool IsTokens(InputKind kind) => kind is InputKind.Tokens or InputKind.VariableTokens;

    /// <summary>Whether the class is a network by itself, or would be if nothing were wrong, and no block.</summary>
    public bool IsMeant => !Explain.IsEmpty || Forwards.Count == 0
        || Forwards.SelectMany(forward => forward.Parameters).Any(parameter => InputReader.Kind(parameter) is not null);

    private List<IMethodSymbol> Forwards => Type.GetMembers(Known.Forward).OfType<IMethodSymbol>().ToList();

    /// <summary>
    /// The methods that are written into the class, or would be if nothing were wrong: of a Forward that cannot be read, those that it
    /// comes nearest to.
    /// </summary>
    private IEnumerable<WrittenMethod> Written()
    {
        (string, string) path = ("string", "path"), weights = ("global::Whence.Weights", "weights"), count = ("int", "count"),
            cancellation = ("global::System.Threading.CancellationToken", "cancellation");
        var forward = Forward ?? Forwards.FirstOrDefault();
        var inputs = (forward?.Parameters ?? [])
            .Where(parameter => parameter.Type.IsTensor() || InputReader.Kind(parameter) is not null)
            .Select((parameter, i) => (parameter.Name, Kind: Inputs?[i].Kind ?? InputReader.Kind(parameter) ?? InputKind.Live))
            .DefaultIfEmpty((Name: "x", Kind: InputKind.Live))
            .ToList();
        var outputs = forward?.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements.Length : 1;
        var hasRows = inputs.Exists(input => IsRow(input.Kind));
        var one = inputs.ConvertAll(input => (Span(input.Kind), input.Name));
        var many = inputs.SelectMany(input => input.Kind is InputKind.VariableTokens or InputKind.VariableLive
            ? new[] { (Span(input.Kind), input.Name), ("global::System.ReadOnlySpan<int>", $"{input.Name}Lengths") }
            : [(Span(input.Kind), input.Name)]).ToList();
        foreach (var from in new[] { path, weights })
        {
            yield return new($"static {Name(Type)}", "Load", [from]);
            yield return new($"static {Name(Type)}", "Load", [from, cancellation]);
        }
        var results = Enumerable.Range(0, outputs).Select(i => ("global::System.Span<float>", "output" + (i == 0 ? "" : $"{i}")));
        foreach (var predict in new[] { "Predict", "PredictUnchecked" })
        {
            yield return new("void", predict, [.. many, .. results, count]);
            if (outputs == 1 && (one.Count == 1 || hasRows))
                yield return new("float[]", predict, one);
        }
        if (!hasRows)
            yield break;
        yield return new("void", "Embed", [.. many, ("global::System.Span<float>", "rows"), count]);
        yield return new("float[]", "Embed", one);
    }

    private static string Span(InputKind kind) =>
        $"global::System.ReadOnlySpan<{(IsTokens(kind) ? "int" : "float")}>";

    /// <summary>A written method: what it returns, its name, and its parameters with their types.</summary>
    private sealed record WrittenMethod(string Returns, string Name, IReadOnlyList<(string Type, string Name)> Parameters);

    /// <summary>A method by its name and the types of its parameters.</summary>
    private static string Signature(WrittenMethod method) =>
        $"{method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.Type))})";

    /// <summary>The members that the class would have if nothing were wrong, as far as their names are not the user's.</summary>
    private MissingMembers? Missing() => IsStateless ? null : new(
        Written().Where(method => !IsTaken(method)).GroupBy(Signature).Select(same => Header(same.First())).ToEquatable(),
        (Forward ?? Forwards.FirstOrDefault())?.Parameters.Any(
            parameter => InputReader.Kind(parameter) is { } kind && IsTokens(kind)) == true,
        IsOnGpu && Type.Name is not ("OnGpu" or "GpuNetwork")
            && !Type.GetMembers("OnGpu").Concat(Type.GetMembers("GpuNetwork")).Any(member => !IsWritten(member)));

    private bool IsTaken(WrittenMethod method) => method.Name == Type.Name
        || Type.GetMembers(method.Name).Where(member => !IsWritten(member)).Any(member =>
            member is not IMethodSymbol other || $"{other.Name}({Parameters(other)})" == Signature(method));

    // A parameter that has another's name gets one that says its place.
    private static string Header(WrittenMethod method)
    {
        var names = new HashSet<string>();
        var parameters = method.Parameters.Select((parameter, place) =>
            $"{parameter.Type} @{(parameter.Name.Length > 0 && names.Add(parameter.Name) ? parameter.Name : $"p{place}")}");
        return $"{method.Returns} {method.Name}({string.Join(", ", parameters)})";
    }

    private static string Parameters(IMethodSymbol method) =>
        string.Join(", ", method.Parameters.Select(parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)));

    private static IEnumerable<TypeDeclarationSyntax> Declarations(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>();

    /// <summary>The types around this one, innermost first.</summary>
    private static IEnumerable<INamedTypeSymbol> Around(INamedTypeSymbol type)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            yield return outer;
    }

    private static string Header(INamedTypeSymbol type) => $"partial {Keyword(type)} {Name(type)}";

    private static string Keyword(INamedTypeSymbol type) => (type.IsRecord, type.TypeKind) switch
    {
        (true, TypeKind.Struct) => "record struct",
        (true, _) => "record",
        (_, TypeKind.Struct) => "struct",
        (_, TypeKind.Interface) => "interface",
        _ => "class",
    };

    private static string Name(INamedTypeSymbol type) =>
        LayerMethod.Escape(type.Name) + (type.IsGenericType && type.TypeParameters.Length > 0
            ? $"<{string.Join(", ", type.TypeParameters.Select(parameter => LayerMethod.Escape(parameter.Name)))}>"
            : "");

    /// <summary>The metadata name, without the sign that file names do not take.</summary>
    public static string MetadataName(INamedTypeSymbol type)
    {
        var name = string.Join("+", Around(type).Reverse().Append(type).Select(part => part.MetadataName.Replace('`', '-')));
        return string.Join(".", Namespaces(type).Append(name));
    }

    /// <summary>The namespaces around a type, outermost first.</summary>
    private static IEnumerable<string> Namespaces(INamedTypeSymbol type)
    {
        var names = new Stack<string>();
        for (var space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
            names.Push(space.Name);
        return names;
    }
}
