using System.Text.RegularExpressions;

namespace Whence.Generator.Emit.Cpu;

/// <summary>What a word of emitted code is, where code that is the same but for names and numbers is to be found.</summary>
internal enum WordKind
{
    /// <summary>What has to be the same: operators, kernels, loops.</summary>
    Fixed,

    /// <summary>A local, by whichever name.</summary>
    Local,

    /// <summary>A field of weights, a constant or a window, of a type that has to be the same.</summary>
    Field,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Text in quotes.</summary>
    Quoted,
}

/// <summary>A word of emitted code.</summary>
internal readonly record struct Word(WordKind Kind, string Text)
{
    /// <summary>The words of a line, with what is between them.</summary>
    public static IEnumerable<Word> Of(string line, Func<string, bool> isLocal, Func<string, string?> typeOf)
    {
        var isMember = false;
        for (var at = 0; at < line.Length;)
        {
            var end = End(line, at);
            var text = line.Substring(at, end - at);
            yield return new Word(KindOf(text, isMember, isLocal, typeOf), text);
            isMember = text == ".";
            at = end;
        }
    }

    // Where the word ends that begins here.
    private static int End(string line, int at)
    {
        int While(Func<char, bool> isWithin)
        {
            var end = at + 1;
            while (end < line.Length && isWithin(line[end]))
                end++;
            return end;
        }
        var first = line[at];
        if (first == '"')
            return Quoted(line, at);
        if (char.IsDigit(first))
            return Number(line, While(char.IsLetterOrDigit));
        return char.IsLetter(first) || first is '_' or '@' ? While(letter => char.IsLetterOrDigit(letter) || letter == '_') :
            first == ' ' ? While(letter => letter == ' ') : at + 1;
    }

    private static int Quoted(string line, int at)
    {
        for (at++; line[at] != '"'; at++)
        {
            if (line[at] == '\\')
                at++;
        }
        return at + 1;
    }

    // A range's end is no decimal point: "25088..".
    private static int Number(string line, int end)
    {
        if (end + 1 >= line.Length || line[end] != '.' && line[end - 1] is not ('e' or 'E') || !char.IsDigit(line[end + 1]))
            return end;
        end++;
        while (end < line.Length && char.IsLetterOrDigit(line[end]))
            end++;
        return Number(line, end);
    }

    private static WordKind KindOf(string text, bool isMember, Func<string, bool> isLocal, Func<string, string?> typeOf) =>
        text[0] == '"' ? WordKind.Quoted :
        char.IsDigit(text[0]) ? text.All(char.IsDigit) ? WordKind.Number : WordKind.Fixed :
        isMember ? WordKind.Fixed :
        isLocal(text) ? WordKind.Local :
        typeOf(text) is not null ? WordKind.Field : WordKind.Fixed;
}

/// <summary>Lines of emitted code, none of them broken, and the comments over them.</summary>
internal sealed class PartText
{
    private const string Comment = "//";

    private static readonly Regex shape = new(" \\[[\\d, ]+\\]$");

    private readonly HashSet<string> locals;

    /// <param name="text">The lines.</param>
    /// <param name="locals">The locals that it names, beside those that it declares.</param>
    /// <param name="typeOf">The type of a field that may be another elsewhere; null of any other name.</param>
    public PartText(string text, IEnumerable<string> locals, Func<string, string?> typeOf)
    {
        Lines = text.TrimEnd('\n').Split('\n').Select(line => line.Trim()).ToList();
        var declared = Lines.Where(line => line.StartsWith("var ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]);
        this.locals = [.. locals, .. declared];
        Words = Lines.Select(line => IsComment(line)
            ? []
            : (IReadOnlyList<Word>)Word.Of(Code(line), this.locals.Contains, typeOf).ToList()).ToList();
    }

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Each line's words; none of a comment's.</summary>
    public IReadOnlyList<IReadOnlyList<Word>> Words { get; }

    /// <summary>Whether a line is a comment.</summary>
    public static bool IsComment(string line) => line.StartsWith(Comment, StringComparison.Ordinal);

    /// <summary>A line without what is said behind its end.</summary>
    public static string Code(string line) =>
        line.IndexOf("; " + Comment, StringComparison.Ordinal) is var at && at > 0 ? line.Substring(0, at + 1) : line;

    /// <summary>A comment without the shape at its end.</summary>
    public static string WithoutShape(string comment) => shape.Replace(comment, "");

    /// <summary>
    /// What two texts have in common if they are the same but for names, fields and numbers: which local it is by the order in which
    /// they come, what type a field is of.
    /// </summary>
    public string Pattern(Func<string, string?> typeOf)
    {
        var order = new Dictionary<string, int>();
        int Order(string local)
        {
            if (!order.TryGetValue(local, out var known))
                order[local] = known = order.Count;
            return known;
        }
        return string.Concat(Words.SelectMany(line => line).Select(word => word.Kind switch
        {
            WordKind.Local => $"\u0001{Order(word.Text)}",
            WordKind.Field => $"\u0002{typeOf(word.Text)}",
            WordKind.Number => "\u0003",
            WordKind.Quoted => "\u0004",
            _ => word.Text,
        }));
    }
}
