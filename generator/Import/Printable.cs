using System.Globalization;
using System.Text;

namespace Whence.Import;

/// <summary>Text from a model's file, made fit to be shown: names come from whoever wrote the file.</summary>
public static class Printable
{
    private const int Longest = 400;

    /// <summary>One line without control characters, cut where it is very long.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Longest) + 3);
        foreach (var letter in text)
        {
            if (line.Length >= Longest)
                return line.Append("...").ToString();
            line.Append(IsShown(letter) ? letter : '?');
        }
        return line.ToString();
    }

    private static bool IsShown(char letter) => char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
