using System.Text.RegularExpressions;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What a message lists is bounded, however much there is to list.</summary>
public partial class BoundedLists
{
    private static string Net(string body, string members = "", string attribute = "[Network]", string input = "[Shape(4)] Tensor x") =>
        $"{attribute} public partial class Net {{ {members} public Tensor Forward({input}) {{ {body} }} }}";

    private static string Many(int count, Func<int, string> one) => string.Join(" ", Enumerable.Range(0, count).Select(one));

    private static string Lists(int count, Func<int, string> one) => string.Join(", ", Enumerable.Range(0, count).Select(one));

    private static readonly Dictionary<string, (string Id, string Source)> sources = new()
    {
        ["a value of thousands that is too large"] = ("WH201", Net("""
            var all = new System.Collections.Generic.List<Tensor>();
            for (var i = 0; i < 3000; i++)
                all.Add(x);
            return Sum(Concat(0, [.. all]), 0, keep: true);
            """, input: "[Shape(1048576)] Tensor x")),
        ["a stack of thousands that is too large"] = ("WH201", Net("""
            var all = new System.Collections.Generic.List<Tensor>();
            for (var i = 0; i < 3000; i++)
                all.Add(x);
            return Flatten(Stack(all));
            """, input: "[Shape(1048576)] Tensor x")),
        ["axes without end"] = ("WH201", Net($"return Reshape(x, {Lists(500, _ => "1")});")),
        ["an order of many axes"] = ("WH201", Net($"return Permute(x, {Lists(500, i => $"{i}")});")),
        ["a layer among hundreds"] = ("WH303", Net($"{Many(300, i => $"var local{i} = Relu(x);")} return {string.Join(" + ",
            Enumerable.Range(0, 300).Select(i => $"local{i}"))};", attribute: "[Network(Layers = [\"nothing\"])]")),
        ["a layer that is called hundreds of times"] = ("WH305", Net("for (var i = 0; i < 300; i++) x = Tanh(Fc(x)); return x;",
            "[Linear(4)] private partial Tensor Fc(Tensor x);", "[Network(Layers = [\"Fc\"])]")),
        ["outputs"] = ("WH502", $$"""
            [Network(Explain = Methods.Gradient)] public partial class Net
            {
                public ({{Lists(60, i => $"Tensor out{i}")}}) Forward([Shape(4)] Tensor x) => ({{Lists(60, _ => "Relu(x)")}});
            }
            public static class Use { public static object Of(Net net, float[] x) => net.Gradient(x, Target.Unit(0).Of("nothing")); }
            """),
        ["inputs"] = ("WH505", $$"""
            [Network(Explain = Methods.Gradient)] public partial class Net
            {
                public Tensor Forward({{Lists(60, i => $"[Shape(4)] Tensor in{i}")}}) => in0;
            }
            public static class Use { public static object Of(Net net) => net.Gradient(new float[3], Target.Unit(0)); }
            """),
    };

    public static TheoryData<string> Names => [.. sources.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task AMessageStaysASentence(string name)
    {
        var (id, source) = sources[name];
        var (_, found) = await Diagnosis.Find(source);
        var said = found.Where(one => one.Id == id).Select(one => one.GetMessage()).ToList();
        Assert.True(said.Count > 0, $"{string.Join("\n", found)}");
        Assert.All(said, message => Assert.InRange(message.Length, 20, 1000));
        Assert.Contains(said, message => More().IsMatch(message));
    }

    [GeneratedRegex(@" and \d+ more\b")]
    private static partial Regex More();

    // What is joined without a bound, and why it needs none.
    private static readonly Dictionary<string, string> joins = new()
    {
        ["generator/Bind/Calls.cs"] = "the text of a function, which is hashed",
        ["generator/Bind/Describe.cs"] = "a message's words, cut, and an attribute's two settings",
        ["generator/Bind/Layers.cs"] = "what is written into code",
        ["generator/Bind/NetworkClass.cs"] = "what is written into code, and names",
        ["generator/Bind/Members.cs"] = "a class's bases",
        ["generator/Bind/AttributeArguments.cs"] = "members of our own enums",
        ["generator/Bind/OutOfRange.cs"] = "members of our own enums",
        ["generator/Check/Failure.cs"] = "a message's words",
        ["generator/Support/EquatableArray.cs"] = "for debuggers",
        ["runtime/Tensors/Listing.cs"] = "the bound itself",
        ["runtime/Tensors/Tensor.cs"] = "for debuggers, the first elements",
        ["runtime/Weights/SafetensorsFile.cs"] = "members of our own enums",
        ["runtime/Weights/TensorNames.cs"] = "a name",
        ["runtime/Weights/Parametrisation.cs"] = "two parts of a weight",
        ["runtime/Explain/Attribution.cs"] = "a position's name",
        ["runtime/Explain/Provenance.cs"] = "what is hashed",
        ["runtime/Reasons/Letter.cs"] = "three words",
    };

    [Fact]
    public void OneMechanismBoundsThem()
    {
        string[] rooms = ["generator/Bind", "generator/Check", "generator/Ops", "generator/Support", "runtime/Tensors", "runtime/Weights",
            "runtime/Ops", "runtime/Explain", "runtime/Evaluate", "runtime/Reasons"];
        var files = rooms.SelectMany(room => Directory.EnumerateFiles(Path.Combine(Source.Root, room), "*.cs", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file).Contains("string.Join(", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Source.Root, file).Replace('\\', '/'));
        Assert.Equal(joins.Keys.Order(), files.Order());
    }
}
