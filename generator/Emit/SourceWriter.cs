using System.Globalization;
using System.Text;

namespace Whence.Generator.Emit;

/// <summary>Writes C#: lines, indentation, blocks, and every number in one invariant way.</summary>
internal sealed class SourceWriter
{
    private const int Columns = 140;

    private readonly int columns = Columns;
    private readonly StringBuilder text = new();
    private int depth;

    public SourceWriter()
    {
    }

    private SourceWriter(int columns) => this.columns = columns;

    /// <summary>A writer that breaks no line.</summary>
    public static SourceWriter Unbroken() => new(int.MaxValue);

    /// <summary>A writer of text that is to be appended to another's, as deep as that one is now.</summary>
    public SourceWriter(SourceWriter into) => depth = into.depth;

    /// <summary>All that another wrote.</summary>
    public SourceWriter Append(SourceWriter other)
    {
        text.Append(other.text);
        return this;
    }

    /// <summary>A line; an empty one has no spaces.</summary>
    public SourceWriter Line(string line = "")
    {
        if (line.Length > 0)
            text.Append(' ', depth * 4).Append(line);
        text.Append('\n');
        return this;
    }

    /// <summary>A statement without text in quotes, broken after commas into as many lines as it needs.</summary>
    public SourceWriter Statement(string code)
    {
        // Before an argument that is made, rather than within one.
        int Break(string at) => code.LastIndexOf(at, columns - depth * 4 - 1, StringComparison.Ordinal);
        while (depth * 4 + code.Length > columns && (Break(", new ") is var made && made > 0 ? made : Break(", ")) is var at && at > 0)
        {
            Line(code.Substring(0, at + 1));
            code = "    " + code.Substring(at + 2);
        }
        return Line(code);
    }

    /// <summary>A comment, in as many lines as it needs; <paramref name="last"/> stays in one piece.</summary>
    public SourceWriter Comment(string comment, string last = "")
    {
        var line = "//";
        foreach (var word in comment.Split(' ').Append(last).Where(word => word.Length > 0))
        {
            if (depth * 4 + line.Length + 1 + word.Length > columns && line.Length > 2)
            {
                Line(line);
                line = "//    ";
            }
            line += " " + word;
        }
        return Line(line);
    }

    /// <summary>A header, and a block in braces.</summary>
    public void Block(string header, Action body, string end = "}")
    {
        if (header.Length > 0)
            Line(header);
        Line("{");
        Indented(body);
        Line(end);
    }

    /// <summary>Lines one level deeper.</summary>
    public void Indented(Action body)
    {
        depth++;
        body();
        depth--;
    }

    /// <summary>A header over some statements, in braces unless there is one only.</summary>
    public void Branch(string header, IReadOnlyList<string> statements)
    {
        void Write()
        {
            foreach (var statement in statements)
                Line(statement);
        }
        if (statements.Count > 1)
        {
            Block(header, Write);
            return;
        }
        Line(header);
        Indented(Write);
    }

    /// <summary>One sentence of documentation.</summary>
    public SourceWriter Summary(string sentence) => Line($"/// <summary>{Xml(sentence)}</summary>");

    /// <summary>Text inside XML documentation.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>A number as C#.</summary>
    public static string Number(double value) =>
        double.IsNaN(value) ? "double.NaN" :
        double.IsPositiveInfinity(value) ? "double.PositiveInfinity" :
        double.IsNegativeInfinity(value) ? "double.NegativeInfinity" :
        value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number as a C# float.</summary>
    public static string Float(double value) =>
        Number(value) is var text && text.Contains('.') && text.StartsWith("double", StringComparison.Ordinal)
            ? "float" + text.Substring(6)
            : text + "f";

    /// <summary>A string as C#.</summary>
    public static string Quoted(string value) => $"\"{string.Concat(value.Select(Escaped))}\"";

    // What ends a line, or is no text by itself, is written by its number.
    private static string Escaped(char c) => c switch
    {
        '"' or '\\' => "\\" + c,
        _ when char.IsControl(c)
            || char.IsSurrogate(c)
            || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };

    /// <summary>Strings as a C# collection expression.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quoted))}]";

    /// <summary>A shape as C#.</summary>
    public static string Shape(Graphs.Shape shape) => $"new Shape({string.Join(", ", shape.ToArray())})";

    public override string ToString() => text.ToString();
}
