using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Whence.Generator.Graphs;

namespace Whence.Generator.Tests;

/// <summary>
/// Runs the generator, always twice: the second time with another file edited and a comment added to this one, which must change no
/// network and write no file again.
/// </summary>
internal static class Generation
{
    private const string Other = "Other.cs";

    /// <summary>The compilation with what the generator wrote.</summary>
    public static Compilation Run(CSharpCompilation compilation) => Run(compilation, out _);

    /// <summary>The compilation with what the generator wrote, and the networks it read.</summary>
    public static Compilation Run(CSharpCompilation compilation, out IReadOnlyList<Network> networks)
    {
        var before = compilation.AddSyntaxTrees(Parse("class Other;", Other));
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        var driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options,
            driverOptions: options)
            .RunGeneratorsAndUpdateCompilation(before, out var written, out _);
        var first = Result(driver);
        networks = [.. Outputs(first, "Network").Select(output => (Network)output.Value)];
        RejectCompilerObjects(first);

        var result = Result(driver.RunGenerators(Edited(before)));
        Assert.All(Outputs(result, "Network"),
            output => Assert.Contains(output.Reason, new[] { IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached }));
        // A message's place moves with the comment.
        if (first.Diagnostics.IsEmpty)
            Assert.All(result.TrackedOutputSteps.SelectMany(steps => steps.Value).SelectMany(step => step.Outputs),
                output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        return written;
    }

    private static GeneratorRunResult Result(GeneratorDriver driver)
    {
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        // What the analyzer says too, where the compiler would leave it out.
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Id is not ("WH103" or "WH107" or "WH120" or "WH213")));
        return result;
    }

    private static IEnumerable<(object Value, IncrementalStepRunReason Reason)> Outputs(GeneratorRunResult result, string step) =>
        result.TrackedSteps.TryGetValue(step, out var steps) ? steps.SelectMany(one => one.Outputs) : [];

    private static Compilation Edited(Compilation compilation)
    {
        var first = compilation.SyntaxTrees.First();
        var other = compilation.SyntaxTrees.Single(tree => tree.FilePath == Other);
        return compilation
            .ReplaceSyntaxTree(other, Parse("class Other { int field; }", Other))
            .ReplaceSyntaxTree(first, Parse("// A comment.\n" + first, first.FilePath));
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text), Source.Options, path);

    /// <summary>
    /// Nothing of the compiler's may live in the steps that are compared: it would keep whole compilations alive, and never be equal.
    /// </summary>
    private static void RejectCompilerObjects(GeneratorRunResult result)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var name in new[] { "Bound", "Network" })
        {
            foreach (var (value, _) in Outputs(result, name))
                Walk(value, name, seen);
        }
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string or Type || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(value is Compilation or ISymbol or SyntaxNode or SyntaxTree or SemanticModel or Location,
            $"{path} holds a {value.GetType()}.");
        if (value is IEnumerable items)
        {
            foreach (var item in items)
                Walk(item, path, seen);
        }
        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
        }
    }
}
