using System.Text.RegularExpressions;

namespace Whence.Generator.Tests.House;

/// <summary>generator/README.md, "Adding things": what is said to be one file is one.</summary>
public class AddingThings
{
    /// <summary>Activations that no operator is made of, and of whose values nothing is known: as a new one is.</summary>
    public static TheoryData<string> Activations => ["Gelu", "GeluTanh", "LeakyRelu", "Selu", "Silu"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void AnActivationIsOneFile(string name) => Assert.Equal([$"runtime/Ops/{name}.cs"], FilesThatName(name));

    /// <summary>Of operators that share a file, each is in no other either.</summary>
    [Theory]
    [InlineData("LayerNorm", "LayerNorm", "Normalisation")]
    [InlineData("RmsNorm", "LayerNorm", "Normalisation")]
    [InlineData("GroupNorm", "LayerNorm", "Normalisation")]
    [InlineData("InstanceNorm", "LayerNorm", "Normalisation")]
    public void AnOperatorWithWeightsIsAFileOnEachSideOneForBothAndALine(string name, string runtime, string generator) => Assert.Equal(
        [
            $"generator/Ops/{generator}.cs", "generator/Ops/Registry.cs", $"runtime/Ops/{runtime}.Weights.cs", $"runtime/Ops/{runtime}.cs",
        ],
        FilesThatName(name));

    [Theory]
    [InlineData("GlobalMaxPool", "GlobalPool", "Pooling")]
    [InlineData("UpsampleBilinear", "Upsample", "Upsampling")]
    [InlineData("UpsampleNearest", "Upsample", "Upsampling")]
    public void AnOperatorWithoutWeightsIsAFileOnEachSideAndALine(string name, string runtime, string generator) =>
        Assert.Equal(new[] { $"generator/Ops/{generator}.cs", "generator/Ops/Registry.cs", $"runtime/Ops/{runtime}.cs" }
            .Order(StringComparer.Ordinal), FilesThatName(name));

    private static IEnumerable<string> FilesThatName(string name) =>
        new[] { "generator", "runtime" }
            .SelectMany(half => Directory.EnumerateFiles(Path.Combine(Source.Root, half), "*.cs", SearchOption.AllDirectories))
            .Where(file => Regex.IsMatch(File.ReadAllText(file), $@"\b{name}(Attribute)?\b"))
            .Select(file => Path.GetRelativePath(Source.Root, file).Replace('\\', '/'))
            // The importer says networks by operators' names, as users do.
            .Where(file => !file.StartsWith("generator/Import/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
