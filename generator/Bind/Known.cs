using Microsoft.CodeAnalysis;

namespace Whence.Generator.Bind;

/// <summary>The names by which the generator knows the runtime, once.</summary>
internal static class Known
{
    public const string Network = "Whence.NetworkAttribute";
    public const string Layer = "Whence.LayerAttribute";
    public const string Shape = "Whence.ShapeAttribute";
    public const string Mask = "Whence.MaskAttribute";
    public const string Tokens = "Whence.TokensAttribute";
    public const string Methods = "Whence.Methods";
    public const string Gives = "Whence.Authoring.GivesAttribute";
    public const string Name = "Whence.NameAttribute";
    public const string Features = "Whence.FeaturesAttribute";
    public const string Elementwise = "Whence.ElementwiseAttribute`1";
    public const string Traits = "Whence.ElementwiseTraitsAttribute";
    public const string Secant = "Whence.ISecant";
    public const string PiecewiseLinear = "Whence.IPiecewiseLinear";
    public const string Ops = "Whence.Ops";
    public const string Functions = "Whence.Nn";
    public const string Explainers = "Whence.Explainers";
    public const string PathPoints = "Whence.PathPoints";
    public const string Options = "Whence.ExplainOptions";
    public const string Attribution = "Whence.Attribution";
    public const string PathOptions = "Whence.PathOptions";
    public const string NoiseOptions = "Whence.NoiseOptions";
    public const string MutagenesisOptions = "Whence.MutagenesisOptions";
    public const string References = "Whence.References`1";
    public const string ReferencesMade = "Whence.References";
    public const string ScoreSpans = "Whence.ScoreSpans`1";
    public const string SlidingWindow = "Whence.SlidingWindow";
    public const string Groups = "Whence.FeatureGroups";
    public const string Target = "Whence.Target";
    public const string Targets = "Whence.Targets";
    public const string Rule = "Whence.Rule";
    public const string Tensor = "Whence.Tensor";
    public const string List = "System.Collections.Generic.List`1";
    public const string Forward = "Forward";
    public const string GenomicsRule = "Genomics";

    /// <summary>The attributes that declare an input.</summary>
    public static readonly string[] Inputs = [Shape, Mask, Tokens];

    /// <summary>
    /// The build metadata that marks an additional file as the header of a weights file, and its value the file's own path.
    /// </summary>
    public const string WeightsMetadata = "build_metadata.AdditionalFiles.WhenceWeights";

    /// <summary>The build metadata that says which networks a weights file is of, by commas.</summary>
    public const string WeightsNetworksMetadata = "build_metadata.AdditionalFiles.WhenceNetworks";

    public static bool IsTensor(this ITypeSymbol? type) => type.Is(Tensor);

    /// <summary>Whether a type has this full metadata name.</summary>
    public static bool Is(this ITypeSymbol? type, string name)
    {
        if (type is not INamedTypeSymbol { ContainingType: null } named)
            return false;
        var end = name.LastIndexOf('.');
        return IsPart(named.MetadataName, name, end + 1, name.Length) && Is(named.ContainingNamespace, name, end);
    }

    // Asked of every call, so no text is made for it.
    private static bool Is(INamespaceSymbol space, string name, int end)
    {
        if (end <= 0)
            return space.IsGlobalNamespace && end < 0;
        var dot = name.LastIndexOf('.', end - 1);
        return !space.IsGlobalNamespace && IsPart(space.Name, name, dot + 1, end) && Is(space.ContainingNamespace, name, dot);
    }

    private static bool IsPart(string part, string name, int start, int end) =>
        part.Length == end - start && string.CompareOrdinal(part, 0, name, start, part.Length) == 0;

    public static AttributeData? Attribute(this ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.OriginalDefinition.Is(name) == true);

    public static bool IsNetwork(this ITypeSymbol? type) =>
        type is INamedTypeSymbol && type.OriginalDefinition.Attribute(Network) is not null;
}
