using System.Text;

namespace Whence.Reasons;

public sealed partial record Letter
{
    private const int LineLength = 78;

    /// <summary>The letter as plain text, in lines of at most 78 letters that end in a line feed; longer words stand alone.</summary>
    public string ToText(StatementOfReasons statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var text = new StringBuilder();
        Block(text, Sender);
        Block(text, Recipient);
        Block(text, [DateOf(statement)]);
        Block(text, [Title.ToUpperInvariant()]);
        if (statement.Subject.Length > 0)
            Block(text, [$"{Words.Subject}: {statement.Subject}"]);
        foreach (var paragraph in Opening)
            Block(text, [paragraph]);
        Block(text, [Words.Reasons]);
        foreach (var reason in statement.Reasons)
        {
            Wrapped(text, Told(reason), $"{reason.Rank}. ", "   ");
            Wrapped(text, Values(statement, reason), "   ", "   ");
        }
        text.Append('\n');
        Block(text, [Comparison(statement)]);
        foreach (var paragraph in Closing)
            Block(text, [paragraph]);
        if (ShowAccount)
            Account(text, statement);
        return text.ToString();
    }

    private void Account(StringBuilder text, StatementOfReasons statement)
    {
        text.Append(new string('-', LineLength)).Append('\n');
        Block(text, [Words.Account]);
        foreach (var group in statement.Groups)
        {
            Wrapped(text, $"{group.Name}: {Short(group.Score)}", "", "   ");
            if (group.ValueText.Length > 0)
                Wrapped(text, $"{Words.Value}: {ValueOf(group)}; {Words.Typical}: {group.TypicalText}", "   ", "   ");
        }
        text.Append('\n');
        foreach (var (term, value) in Facts(statement))
            Wrapped(text, $"{term}: {value}", "", "   ");
    }

    private static void Block(StringBuilder text, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
            Wrapped(text, line, "", "");
        if (lines.Count > 0)
            text.Append('\n');
    }

    private static void Wrapped(StringBuilder text, string words, string first, string others)
    {
        var line = first;
        var isEmpty = true;
        foreach (var word in Clean(words).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > LineLength)
            {
                text.Append(line).Append('\n');
                (line, isEmpty) = (others, true);
            }
            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }
        if (!isEmpty)
            text.Append(line).Append('\n');
    }
}
