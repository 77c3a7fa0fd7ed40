using System.Reflection;
using System.Text.RegularExpressions;
using Whence.Generator.Bind;
using Whence.Generator.Ops;

namespace Whence.Generator.Tests.House;

/// <summary>Rooms are one-way, and both halves of the house know each other only by names that exist.</summary>
public partial class RoomTests
{
    private static readonly string root = Source.Root;

    private static readonly Dictionary<string, string[]> generatorRooms = new()
    {
        ["Support"] = [],
        // A node holds its operator, and an operator speaks of shapes and nodes: one room in two folders.
        ["Graphs"] = ["Support", "Ops"],
        ["Ops"] = ["Support", "Graphs"],
        ["Check"] = ["Support", "Graphs", "Ops"],
        ["Derive"] = ["Support", "Graphs", "Ops"],
        ["Bind"] = ["Support", "Graphs", "Ops", "Check", "Derive"],
        ["Plan"] = ["Support", "Graphs", "Ops", "Derive"],
        ["Emit"] = ["Support", "Graphs", "Ops", "Derive", "Plan"],
    };

    public static TheoryData<string> GeneratorFiles => [.. Files("generator")
        .Where(file => file.Count(c => c == '/') > 1 && file.Split('/')[1] is not ("Fixes" or "Import" or "Tool"))];

    [Theory]
    [MemberData(nameof(GeneratorFiles))]
    public void ARoomOfTheGeneratorUsesOnlyRoomsBeforeIt(string file)
    {
        var room = file.Split('/')[1] is "Graph" ? "Graphs" : file.Split('/')[1];
        var allowed = generatorRooms[room].Append(room);
        var used = RoomName().Matches(File.ReadAllText(Path.Combine(root, file))).Select(match => match.Groups[1].Value)
            .Where(generatorRooms.ContainsKey);
        Assert.All(used, other => Assert.Contains(other, allowed));
    }

    [Fact]
    public void TheReadmeSaysTheSame()
    {
        var lines = File.ReadAllLines(Path.Combine(root, "generator", "README.md"));
        foreach (var (name, allowed) in generatorRooms.Where(room => room.Key is not ("Support" or "Graphs")))
        {
            var uses = string.Join(", ", allowed.Where(other => other is not ("Support" or "Graphs")).Select(other => $"`{other}`"));
            Assert.Contains(lines, line => line.StartsWith($"| `{name}` | {uses} |".Replace("|  |", "| |"), StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(GeneratorFiles))]
    public void OnlyTheFrontKnowsTheCompiler(string file)
    {
        if (!file.StartsWith("generator/Bind/", StringComparison.Ordinal))
            Assert.DoesNotContain("Microsoft.CodeAnalysis", File.ReadAllText(Path.Combine(root, file)), StringComparison.Ordinal);
    }

    [Fact]
    public void TheTwoHalvesDoNotReferenceEachOther()
    {
        Assert.DoesNotContain(typeof(NetworkGenerator).Assembly.GetReferencedAssemblies(), name => name.Name == "Whence");
        Assert.DoesNotContain(typeof(Tensor).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Whence", StringComparison.Ordinal)
                || name.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public void KnownNamesExistInTheRuntime()
    {
        var names = typeof(Known).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null))
            .OfType<string>().Where(name => name.StartsWith("Whence.", StringComparison.Ordinal));
        Assert.All(names, name => Assert.NotNull(typeof(Tensor).Assembly.GetType(name)));
    }

    [Fact]
    public void EveryOperatorHasItsFunctionOrLayerAndBack()
    {
        var arithmetic = new Op[] { Registry.Add, Registry.Subtract, Registry.Multiply, Registry.Divide, Registry.Negate };
        var known = Registry.Named.Except(arithmetic).Select(op => op.Name).Append(Registry.Constant.Name).Append("Zip").ToHashSet();
        var layers = typeof(LayerAttribute).Assembly
            .GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(LayerAttribute)))
            .Select(type => type.Name[..^"Attribute".Length]);
        var functions = typeof(Nn).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => !method.GetCustomAttributes()
                .Any(attribute => attribute.GetType().Name.StartsWith("ElementwiseAttribute", StringComparison.Ordinal)))
            .Select(method => method.Name);
        Assert.Equal(layers.Union(functions).Order(), known.Order());
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Order();

    [GeneratedRegex(@"\bWhence\.Generator\.(\w+)")]
    private static partial Regex RoomName();
}
