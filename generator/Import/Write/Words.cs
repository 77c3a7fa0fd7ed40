using System.Globalization;
using System.Text;

namespace Whence.Import.Write;

/// <summary>Text and numbers as C# spells them. Nothing of a model's file comes into code but through here.</summary>
internal static class Words
{
    private const int Longest = 60;

    /// <summary>A string literal, in which every letter beyond plain ones is escaped.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/' or ':' or ' ')
                quoted.Append(letter);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>What a comment may say of a name of the file's: plain letters alone.</summary>
    public static string Plain(string text)
    {
        var plain = string.Concat(
            text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ').Take(Longest));
        return plain.Trim();
    }

    /// <summary>A number as one would write it.</summary>
    public static string Of(double number) => number switch
    {
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        double.NaN => "double.NaN",
        _ when number == Math.Floor(number) && Math.Abs(number) < 1e9 => ((long)number).ToString(CultureInfo.InvariantCulture),
        _ => number.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal),
    };

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name in Pascal case of the letters and digits in a text; empty if there is no letter.</summary>
    public static string Pascal(string text)
    {
        var name = new StringBuilder();
        var begins = true;
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                begins = true;
                continue;
            }
            if (name.Length == 0 && !char.IsAsciiLetter(letter))
                continue;
            if (name.Length < Longest)
                name.Append(begins ? char.ToUpperInvariant(letter) : letter);
            begins = false;
        }
        return name.ToString();
    }

    /// <summary>The same in camel case.</summary>
    public static string Camel(string text)
    {
        var pascal = Pascal(text);
        var capitals = pascal.TakeWhile(char.IsAsciiLetterUpper).Count();
        // "IDs" is ids, "InputIds" inputIds.
        var lower = capitals > 1 && capitals < pascal.Length ? capitals - 1 : capitals;
        return pascal[..lower].ToLowerInvariant() + pascal[lower..];
    }
}
