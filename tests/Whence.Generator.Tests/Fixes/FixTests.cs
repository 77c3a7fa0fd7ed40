using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Whence.Generator.Fixes;
using Whence.Generator.Tests.Diagnostics;

namespace Whence.Generator.Tests.Fixes;

public class FixTests
{
    [Fact]
    public Task AClassBecomesPartial() => Becomes(new MakePartial(),
        "/// <summary>A net.</summary>\n[Network]\npublic sealed class Net { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }",
        "/// <summary>A net.</summary>\n[Network]\npublic sealed partial class Net { public Tensor Forward([Shape(4)] Tensor x) => "
            + "Relu(x); }");

    [Fact]
    public Task TheTypesAroundAClassBecomePartial() => Becomes(new MakePartial(),
        "public static class Outer\n{\n    // The inner one.\n    struct Inner\n    {\n        [Network] class Net { public Tensor "
            + "Forward([Shape(4)] Tensor x) => Relu(x); }\n    }\n}",
        "public static partial class Outer\n{\n    // The inner one.\n    partial struct Inner\n    {\n        [Network] partial class Net "
            + "{ public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }\n    }\n}");

    [Theory]
    [InlineData("[Linear(2)]", "[Linear(2, Name = \"out\")]")]
    [InlineData("[Linear(2, Rule = Rule.Rescale)]", "[Linear(2, Rule = Rule.Rescale, Name = \"out\")]")]
    [InlineData("[Linear(2, Name = \"wrong\")]", "[Linear(2, Name = \"out\")]")]
    public Task AMissingLayerTakesTheNearestName(string before, string after) => Becomes(new NameWeights(),
        WeightsDiagnostics.Net(second: before),
        WeightsDiagnostics.Net(second: after),
        ("net.safetensors",
            WeightsDiagnostics.Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out.weight", [2, 3]), ("out.bias", [2]))));

    [Fact]
    public Task ABlocksLayerIsNamedBelowItsField() => Becomes(new NameWeights(),
        Blocks("[BatchNorm]"),
        Blocks("[BatchNorm(Name = \"norm.0\")]"),
        ("net.safetensors", WeightsDiagnostics.Header(
            [.. new[] { "weight", "bias", "running_mean", "running_var" }.Select(role => ($"block3a.norm.0.{role}", new[] { 4 }))])));

    private static string Blocks(string attribute) => $$"""
        [Network] public partial class Net { private readonly Block block3a = new(); public Tensor Forward([Shape(4)] Tensor x) => block3a.Forward(x); }
        [Network] public partial class Block { {{attribute}} private partial Tensor Norm1(Tensor x); public Tensor Forward(Tensor x) => Norm1(x); }
        """;

    internal static async Task Becomes(CodeFixProvider fix, string before, string after, params (string Name, string Header)[] weights)
    {
        var (compilation, found) = await Diagnosis.Find(before, weights);
        var diagnostic = found.First();
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("User", LanguageNames.CSharp)
            .WithMetadataReferences(compilation.References)
            .WithCompilationOptions(compilation.Options);
        var document = project.AddDocument("File0.cs", await compilation.SyntaxTrees.First().GetTextAsync());
        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), default));
        var operations = await Assert.Single(actions).GetOperationsAsync(default);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        Assert.Equal(Source.Usings + after, (await changed.GetTextAsync()).ToString());
    }
}
