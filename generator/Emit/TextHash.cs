using System.Security.Cryptography;
using System.Text;
using Whence.Generator.Graphs;

namespace Whence.Generator.Emit;

/// <summary>
/// The hash by which a compiled network tells itself from any other: of all that is written of it, every operator, constant, rule and
/// tensor's name, and of the user's own functions, of which the text only has the names.
/// </summary>
internal static class TextHash
{
    /// <summary>Where the hash is to stand in the text that it is of.</summary>
    public const string Place = "{hash of the text}";

    /// <summary>The files, with their hash in its place.</summary>
    public static IEnumerable<(string HintName, string Text)> Fill(IReadOnlyList<(string HintName, string Text)> files, Graph graph)
    {
        var functions = graph.Nodes.Select(node => node.Function?.Source ?? "").Where(source => source.Length > 0).Distinct();
        var hash = Of(string.Join("\n", files.Select(file => file.Text).Concat(functions)));
        return files.Select(file => (file.HintName, file.Text.Replace(Place, hash)));
    }

    private static string Of(string text)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(part => part.ToString("x2")));
    }
}
