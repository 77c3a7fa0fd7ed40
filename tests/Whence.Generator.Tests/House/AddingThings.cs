using System.Text.RegularExpressions;

namespace Whence.Generator.Tests.House;

/// <summary>generator/README.md, "Adding things": what is said to be one file is one.</summary>
public class AddingThings
{
    /// <summary>Activations that no operator is made of, and of whose values nothing is known: as a new one is.</summary>
    public static TheoryData<string> Activations => ["Gelu", "GeluTanh", "LeakyRelu", "Selu", "Silu"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void AnActivationIsOneFile(string name)
    {
        var files = new[] { "generator", "runtime" }
            .SelectMany(half => Directory.EnumerateFiles(Path.Combine(Source.Root, half), "*.cs", SearchOption.AllDirectories))
            .Where(file => Regex.IsMatch(File.ReadAllText(file), $@"\b{name}\b"))
            .Select(file => Path.GetRelativePath(Source.Root, file).Replace('\\', '/'));
        Assert.Equal([$"runtime/Ops/{name}.cs"], files);
    }
}
