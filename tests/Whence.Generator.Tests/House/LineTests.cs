using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Whence.Generator.Tests.House;

/// <summary>
/// Every line of code is at most as long as .editorconfig says. Exempt is what emits code (the snapshots) and the text of raw strings,
/// where a line break would be another text.
/// </summary>
public class LineTests
{
    private const string Setting = "max_line_length = ";

    private static readonly string[] places = ["benchmarks", "generator", "runtime", "samples", "tests"];

    private static readonly int most = int.Parse(
        File.ReadLines(Path.Combine(Source.Root, ".editorconfig")).First(line => line.StartsWith(Setting, StringComparison.Ordinal))
            .AsSpan(Setting.Length));

    [Fact]
    public void NoLineIsTooLong() => Assert.Empty(
        places.SelectMany(Files).SelectMany(file => TooLong(file, File.ReadAllText(Path.Combine(Source.Root, file)))));

    [Fact]
    public void ALineIsTooLongOutsideOfRawStringsOnly()
    {
        var word = new string('x', most);
        var text = $"""
            // {word}
            class A
            {'{'}
                const string Plain = "{word}";
                const string Raw = {"\"\"\""}
                    {word}
                    {"\"\"\""};
            {'}'}
            """;
        Assert.Equal(["a.cs:1", "a.cs:4"], TooLong("a.cs", text).Select(found => found.Split(' ')[0]));
    }

    private static IEnumerable<string> Files(string place) =>
        Directory.EnumerateFiles(Path.Combine(Source.Root, place), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".verified.cs", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Source.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts"))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> TooLong(string file, string text)
    {
        var lines = SourceText.From(text).Lines.Where(line => line.Span.Length > most).ToList();
        if (lines.Count == 0)
            return [];
        var tokens = CSharpSyntaxTree.ParseText(text, Source.Options).GetRoot().DescendantTokens().Where(IsRaw).ToList();
        return lines
            .Where(line => !tokens.Exists(token => token.Span.IntersectsWith(line.Span)))
            .Select(line => $"{file}:{line.LineNumber + 1} has {line.Span.Length} columns");
    }

    // Of a raw string with holes also what stands in them, which may be broken as little as the text.
    private static bool IsRaw(SyntaxToken token) =>
        token.Kind() is SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
        || token.Parent!.AncestorsAndSelf().OfType<InterpolatedStringExpressionSyntax>()
            .Any(text => text.StringStartToken.Kind() is SyntaxKind.InterpolatedSingleLineRawStringStartToken
                or SyntaxKind.InterpolatedMultiLineRawStringStartToken);
}
