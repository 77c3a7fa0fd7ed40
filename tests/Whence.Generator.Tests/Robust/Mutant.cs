using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Whence.Generator.Tests.Robust;

/// <summary>A source with some of its tokens deleted, doubled, swapped or replaced, or cut off, as it is while it is typed.</summary>
internal static class Mutant
{
    // What a person leaves half-written, and what no operator expects.
    private static readonly string[] odd =
    [
        "null", "default", "0", "-1", "1", "2147483647", "-2147483648", "65536", "1e300", "double.NaN", "\"\"", "\"\\n\"", "true", "this",
        "x", "@class", "new()", "[]", "()", "{", "}", ";", ",", "static",
        "await", "throw null", "nameof()", "typeof(int)", "_", "int", "Tensor", "Tensor[]", "Concat()", "Zeros()", "Constant()",
        "Net.Nothing", "..", "?", "=>", "return", "foreach", "[Network]", "[Linear(2)]",
    ];

    /// <summary>The mutant of a seed: one change, or up to four.</summary>
    public static (string Name, string Text) Of(int seed)
    {
        var random = new Random(seed);
        var (name, text) = Corpus.All[random.Next(Corpus.All.Count)];
        for (var changes = random.Next(2) == 0 ? 1 : random.Next(2, 5); changes > 0; changes--)
            text = Change(text, random);
        return (name, text);
    }

    private static string Change(string text, Random random)
    {
        var tokens = CSharpSyntaxTree.ParseText(text, Source.Options).GetRoot().DescendantTokens()
            .Where(token => token.Span.Length > 0 && token.SpanStart >= Source.Usings.Length).ToList();
        if (tokens.Count < 2)
            return text;
        var (at, other) = (random.Next(tokens.Count), random.Next(tokens.Count));
        var one = tokens[at];
        return random.Next(16) switch
        {
            < 4 => text.Remove(one.SpanStart, one.Span.Length),
            < 6 => text.Insert(one.Span.End, " " + one.Text),
            < 8 when at + 1 < tokens.Count => Swapped(text, one, tokens[at + 1]),
            < 10 when at != other => Swapped(text, tokens[Math.Min(at, other)], tokens[Math.Max(at, other)]),
            < 11 => text.Remove(one.SpanStart),
            < 13 => Replaced(text, one, tokens[other].Text),
            _ => Replaced(text, one, odd[random.Next(odd.Length)]),
        };
    }

    private static string Replaced(string text, SyntaxToken token, string by) =>
        text.Remove(token.SpanStart, token.Span.Length).Insert(token.SpanStart, by);

    private static string Swapped(string text, SyntaxToken first, SyntaxToken second) =>
        Replaced(Replaced(text, second, first.Text), first, second.Text);
}
