using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Whence.Generator.Tests.Names;

/// <summary>
/// Everything named like everything: every identifier that emitted code says, every keyword and some names of other alphabets, in every
/// place where a user gives a name. What is emitted compiles without a warning.
/// </summary>
[Trait("Long", "laws")]
public class NamesLaw
{
    // Of a user's class the compiler itself refuses some, or they mean a type that the user's own code needs.
    private static readonly string[] noClass = ["Whence", "System", "var"];

    // Names of members that are written into every network's class: WH110.
    private static readonly string[] taken = ["Predict", "PredictUnchecked", "Load", "Embed", "Forward", "WhenceAttach", "whenceScope",
        "WhenceCompiled", "whenceCompiled"];

    private static readonly string[] others = ["rows_", "rows__", "results_", "scratch_", "count_", "textLengths", "textLengths_", "_",
        "__", "Fc_1", "fc1", "mX", "x_0", "part", "part2", "xRows", "x_rows", "größe", "Ωmega", "重み", "入力Lengths", "ﬁ", "नाम", "İ", "ⅷ",
        "a‿b", "æ_rows"];

    // Of the user's class, which has none; it is said of any of its parts.
    private const string MissingComment = "CS1591";

    private const string Sources = """
        namespace Harvest
        {
            [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["a", "h"])]
            public partial class Plain
            {
                [Conv2d(3, kernel: 3, Pad = 1)] private partial Tensor Conv(Tensor x);
                [BatchNorm] private partial Tensor Norm(Tensor x);
                [PRelu] private partial Tensor Slope(Tensor x);
                [Linear(3)] private partial Tensor Fc(Tensor x);
                [Parameter(3)] private partial Tensor Start();
                public (Tensor One, Tensor Two) Forward([Shape(2, 4, 4)] Tensor image, [Shape(3, 2)] Tensor sequence, [Mask(3)] Tensor mask)
                {
                    var a = MaxPool2d(Slope(Norm(Conv(image))), 2);
                    var h = Start();
                    foreach (var x in sequence)
                        h = Tanh(Fc(x) + 0.5 * h);
                    return (Softmax(Fc(Flatten(a))) * mask, LogSumExp(UpsampleBilinear(Softmax(a, 0), 2), 1) + Sum(h, 0));
                }
            }

            [Network(Explain = Methods.Rescale)]
            public partial class Text
            {
                [Embedding(5, 2)] private partial Tensor Word(Tensor t);
                public Tensor Forward([Tokens(3, Variable = true)] Tensor text, [Shape(2)] Tensor row) => Sum(Word(text), 0) * row + Sum(Word(Constant(0, 1)), 0);
            }

            [Network] public partial class Single { public Tensor Forward([Shape(2)] Tensor x) => Relu(x); }
        }
        """;

    private static readonly Lazy<(string[] All, string[] Members)> names = new(Harvest);

    // All names at once wherever that can be, so that what is ours has to be none of them.
    private static readonly Dictionary<string, Func<string>> roles = new()
    {
        ["inputs and outputs"] = () => Net("Gradient", "",
            Each(name => $"[global::Whence.Shape(1)] global::Whence.Tensor @{name}"), $"({Each(name => $"global::Whence.Tensor @{name}")})",
            $"({Each(name => $"global::Whence.Nn.Tanh(@{name})")})"),
        ["tokens and outputs"] = () =>
            Net("Gradient", "[global::Whence.Embedding(3, 1)] private partial global::Whence.Tensor Rows0(global::Whence.Tensor t);",
                Each(name => $"[global::Whence.Tokens(2, Variable = true)] global::Whence.Tensor @{name}"),
                $"({Each(name => $"global::Whence.Tensor @{name}")})", $"({Each(name => $"global::Whence.Nn.Sum(Rows0(@{name}), 0)")})"),
        ["layers, their parameters, and locals"] = () => Net("Rescale",
            Each(name => $"[global::Whence.Linear(2, Name = \"{name}\")] private partial global::Whence.Tensor "
                + $"@{name}(global::Whence.Tensor @{name});\n", Member, ""),
            "[global::Whence.Shape(2)] global::Whence.Tensor theInput", "global::Whence.Tensor",
            $"{Each(name => $"var @{name} = this.@{name}(global::Whence.Nn.Tanh(theInput));\n", Member, "")} return "
                + $"{Each(name => $"@{name}", Member, " + ")};"),
        ["sub-networks"] = () => Block + Net("Rescale", Each(name => $"private readonly BlockOfAll @{name} = new();\n", Member, ""),
            "[global::Whence.Shape(2)] global::Whence.Tensor theInput", "global::Whence.Tensor",
            Each(name => $"this.@{name}.Forward(theInput)", Member, " + ")),
        ["constructor's parameters, and a layer's of the same name"] = () => $$"""
            [global::Whence.Network]
            public partial class BlockOfAll({{Each(name => $"int @{name}", Parameter)}})
            {
                {{Each(name => $"[global::Whence.Linear(nameof(@{name}))] private partial global::Whence.Tensor Layer{Index(name)}(global::Whence.Tensor @{name});\n", Parameter, "")}}
                public global::Whence.Tensor Forward(global::Whence.Tensor x) => {{Each(name => $"Layer{Index(name)}(x)", Parameter, " + ")}};
            }
            """ + Net("Gradient", $"private readonly BlockOfAll block = new({Each(_ => "2", Parameter)});",
                "[global::Whence.Shape(2)] global::Whence.Tensor theInput", "global::Whence.Tensor", "block.Forward(theInput)"),
        ["classes in the global namespace"] = () => Each(name => Small(name), Class, "\n"),
        ["classes and namespaces"] = () => Each(name => $"namespace @{name}.Own {{ {Small(name)} }}", Class, "\n"),
        ["one input"] = () => Each(name => $"namespace Of{Index(name)} {{ {OneInput(name)} }}", names.Value.Members.Contains, "\n"),
        ["one text"] = () => Each(name => $"namespace Of{Index(name)} {{ {OneText(name)} }}", names.Value.Members.Contains, "\n"),
    };

    private const string Block = """
        [global::Whence.Network]
        public partial class BlockOfAll
        {
            [global::Whence.Linear(2)] private partial global::Whence.Tensor Layer(global::Whence.Tensor x);
            public global::Whence.Tensor Forward(global::Whence.Tensor x) => Layer(x);
        }

        """;

    public static TheoryData<string> Roles => [.. roles.Keys];

    [Theory]
    [MemberData(nameof(Roles))]
    public void NoNameOfTheUsersCollidesWithOurs(string role)
    {
        Assert.True(names.Value.All.Length > 250, $"Only {names.Value.All.Length} names.");
        AssertCompiles(Source.Compile(roles[role]()), role);
    }

    private static string Each(Func<string, string> of, Func<string, bool>? where = null, string between = ", ") =>
        string.Join(between, names.Value.All.Where(name => where?.Invoke(name) != false).Select(of));

    private static int Index(string name) => Array.IndexOf(names.Value.All, name);

    private static bool Member(string name) => !taken.Contains(name) && name is not ("NetOfAll" or "BlockOfAll");

    // The user's own nameof would be another.
    private static bool Parameter(string name) => name != "nameof" && !taken.Contains(name);

    private static bool Class(string name) => !taken.Contains(name) && !noClass.Contains(name);

    private static string Net(string methods, string members, string parameters, string result, string body) => $$"""
        [global::Whence.Network(Explain = global::Whence.Methods.{{methods}})]
        public partial class NetOfAll
        {
            {{members}}
            public {{result}} Forward({{parameters}}) {{(body.Contains("return ", StringComparison.Ordinal) ? $"{{ {body} }}" : $"=> {body};")}}
        }

        """;

    private static string OneInput(string name) => Net(
        "Gradient", "", $"[global::Whence.Shape(1)] global::Whence.Tensor @{name}", "global::Whence.Tensor",
        $"global::Whence.Nn.Tanh(@{name})");

    private static string OneText(string name) => Net(
        "Gradient", "[global::Whence.Embedding(3, 1)] private partial global::Whence.Tensor Rows0(global::Whence.Tensor t);",
        $"[global::Whence.Tokens(2, Variable = true)] global::Whence.Tensor @{name}", "global::Whence.Tensor",
        $"global::Whence.Nn.Sum(Rows0(@{name}), 0)");

    private static string Small(string name) => $$"""
        [global::Whence.Network(Explain = global::Whence.Methods.Rescale)]
        public partial class @{{name}}
        {
            [global::Whence.Linear(2)] private partial global::Whence.Tensor FirstLayer(global::Whence.Tensor x);
            public global::Whence.Tensor Forward([global::Whence.Shape(2)] global::Whence.Tensor theInput) => global::Whence.Nn.Relu(FirstLayer(theInput));
        }
        """;

    [Theory]
    [InlineData("public Tensor Forward([Shape(2)] Tensor rows, [Shape(3)] Tensor scratch) => Concat(rows, scratch);")]
    [InlineData("public (Tensor results, Tensor other) Forward([Shape(2)] Tensor x) => (x, Relu(x));")]
    [InlineData("public (Tensor count, Tensor rows, Tensor text) Forward([Shape(2)] Tensor count, [Shape(2)] Tensor rows) => (count, rows, "
        + "count);")]
    [InlineData("[Embedding(4, 2)] private partial Tensor E(Tensor t); public Tensor Forward([Tokens(3, Variable = true)] Tensor text, "
        + "[Shape(2)] Tensor textLengths) => Sum(E(text), 0) * textLengths;")]
    [InlineData(
        "[Linear(2)] private partial Tensor Weights(Tensor x); public Tensor Forward([Shape(2)] Tensor weights) => Weights(weights);")]
    [InlineData("public Tensor Forward([Shape(2)] Tensor x) => x;")]
    [InlineData("[Conv2d(2, 3, Pad = 1)] private partial Tensor Conv(Tensor x); public Tensor Forward([Shape(2, 4, 4)] Tensor image) { var "
        + "imageRows = Relu(Conv(image)); var imageTurned = Conv(imageRows); return Flatten(imageTurned * image); }")]
    [InlineData("[Linear(2)] private partial Tensor 重み(Tensor x); public (Tensor 出力, Tensor other) Forward([Shape(2)] Tensor x) { var "
        + "重みWeights = Relu(重み(x)); var 出力Output = Tanh(重みWeights); return (重み(出力Output), 出力Output); }")]
    [InlineData("[Linear(2)] private partial Tensor? Fc(Tensor? x); public Tensor Forward([Shape(2)] Tensor x) => Fc(x)!;")]
    [InlineData("[Linear(2, Name = \"a\\n\\0\\\"\\\\\\u2028b\")] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(2)] "
        + "Tensor x) => Fc(x);")]
    public void WhatIsEmittedCompiles(string members) => AssertCompiles(
        Source.Compile(Source.Usings + $"[Network(Explain = Methods.All & ~Methods.Genomics)] public partial class Net {{ {members} }}"),
        members);

    [Fact]
    public void ClassesMayDifferInCaseAlone() => AssertCompiles(Source.Compile(Source.Usings + """
        [Network] public partial class Net { public Tensor Forward([Shape(2)] Tensor x) => Relu(x); }
        [Network] public partial class net { public Tensor Forward([Shape(2)] Tensor x) => Tanh(x); }
        [Network] public partial class NET { public Tensor Forward([Shape(2)] Tensor x) => Sigmoid(x); }
        """), "case");

    [Fact]
    public void NoTypeOfTheRuntimesIsNamedLikeACompiledClass() =>
        Assert.DoesNotContain(typeof(Tensor).Assembly.GetTypes(), type => type.Name.EndsWith("Compiled", StringComparison.Ordinal));

    private static void AssertCompiles(CSharpCompilation compilation, string what)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose);
        var driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var written, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        var own = compilation.SyntaxTrees.ToHashSet();
        var wrong = written.GetDiagnostics()
            .Where(one => one.Severity == DiagnosticSeverity.Error
                || one.Severity == DiagnosticSeverity.Warning && one.Id != MissingComment && !own.Contains(one.Location.SourceTree!))
            .ToList();
        Assert.True(wrong.Count == 0,
            $"{what}: {wrong.Count} diagnostics\n{string.Join("\n", wrong.Take(12).Select(one => $"{one}\n    {Line(one)}"))}");
        var compiled = written.SyntaxTrees.Count(tree => tree.FilePath.Contains(".Network.g.cs", StringComparison.Ordinal));
        Assert.True(compiled > 0, "No network was compiled.");
    }

    private static TextLine? Line(Diagnostic one) =>
        one.Location.SourceTree?.GetText().Lines.ElementAtOrDefault(one.Location.GetLineSpan().StartLinePosition.Line);

    private static (string[] All, string[] Members) Harvest()
    {
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options)
            .RunGeneratorsAndUpdateCompilation(Source.Compile(Source.Usings + Sources), out var written, out _);
        var keywords = Enum.GetValues<SyntaxKind>()
            .Where(kind => SyntaxFacts.IsReservedKeyword(kind) || SyntaxFacts.IsContextualKeyword(kind))
            .Select(SyntaxFacts.GetText);
        var members = Identifiers(
            written.SyntaxTrees.Skip(1).Where(tree => tree.FilePath.EndsWith(".Network.g.cs", StringComparison.Ordinal)));
        return (Usable(Identifiers(written.SyntaxTrees.Skip(1)).Concat(keywords).Concat(others)), Usable(members));
    }

    private static IEnumerable<string> Identifiers(IEnumerable<SyntaxTree> trees) =>
        trees.SelectMany(tree => tree.GetRoot().DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText);

    // An underscore by itself is no name where it is discarded.
    private static string[] Usable(IEnumerable<string> names) =>
        [.. names.Where(SyntaxFacts.IsValidIdentifier).Where(name => name != "_").Distinct()];
}
