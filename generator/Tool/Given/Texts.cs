using System.Globalization;
using Microsoft.ML.Tokenizers;
using Whence.Import;

namespace Whence.Tool.Given;

/// <summary>
/// Texts: of tokens, by a BERT vocabulary or as numbers; of an input [4, length] or [length, 4], letters of DNA, each in a channel of its
/// own (A, C, G, T).
/// </summary>
internal static class Texts
{
    private const string Letters = "ACGT";
    private const string Left = "[MASK]", Padding = "[PAD]";

    /// <summary>The text's tokens or letters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="input">The input.</param>
    /// <param name="reading">Where the vocabulary is.</param>
    /// <exception cref="ImportException">The text does not fit the input, or the vocabulary is missing.</exception>
    public static GivenInput Read(string text, string title, ImportedValue input, Reading reading) =>
        input.Kind == "Tokens" ? reading.Vocabulary is null ? Wholes(text, title, input) : Words(text, title, input, reading.Vocabulary)
        : input.Axes is [4, _] or [_, 4] && IsDna(text, out var letters) ? Dna(letters, title, input)
        : throw new ImportException($"'{Printable.Line(title)}' is no file, and '{Printable.Line(input.Name)}', {Shell.Axes(input.Axes)}, "
            + "takes no text.");

    private static GivenInput Words(string text, string title, ImportedValue input, string path)
    {
        if (!File.Exists(path))
            throw new ImportException($"There is no file '{path}'.");
        var vocabulary = File.ReadAllLines(path);
        var tokenizer = BertTokenizer.Create(path, new BertOptions { LowerCaseBeforeTokenization = IsLower(vocabulary) });
        var tokens = tokenizer.EncodeToIds(text.Trim());
        Fits(tokens.Count, title, input);
        int? Place(string token) => Array.IndexOf(vocabulary, token) is var place and >= 0 ? place : null;
        var padded = tokens.Concat(Enumerable.Repeat(Place(Padding) ?? 0, Inputs.Count(input.Axes) - tokens.Count));
        return new(title)
        {
            Numbers = [.. padded.Select(token => (float)token)],
            Names = [.. tokens.Select(token => vocabulary[token])],
            Blank = Place(Left),
            IsFrame = [.. tokens.Select(token => vocabulary[token] is ['[', .., ']'])],
        };
    }

    // A vocabulary that tells capitals apart has words with them.
    private static bool IsLower(string[] vocabulary) =>
        !vocabulary.Any(word => word.Length > 1 && char.IsAsciiLetterUpper(word[0]) && word.Skip(1).All(char.IsAsciiLetterLower));

    private static GivenInput Wholes(string text, string title, ImportedValue input)
    {
        var words = text.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new List<float>();
        foreach (var word in words)
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var token))
                throw new ImportException($"'{Printable.Line(input.Name)}' takes tokens, and \"{Printable.Line(word)}\" is no number: give "
                    + "the model's vocabulary, --vocabulary vocab.txt, or the tokens as numbers.");
            numbers.Add(token);
        }
        Fits(numbers.Count, title, input);
        return new(title)
        {
            Numbers = [.. numbers, .. new float[Inputs.Count(input.Axes) - numbers.Count]],
            Names = words,
            IsFrame = new bool[words.Length],
        };
    }

    private static void Fits(int count, string title, ImportedValue input)
    {
        if (count == 0 || count > Inputs.Count(input.Axes))
            throw new ImportException($"'{Printable.Line(title)}' is {count} tokens, and '{Printable.Line(input.Name)}' takes 1 to "
                + $"{Inputs.Count(input.Axes)}: import for as many with --shape {Printable.Line(input.Name)}=1,{Math.Max(1, count)}.");
    }

    private static bool IsDna(string text, out string letters)
    {
        letters = string.Concat(text.Split('\n').Where(line => !line.StartsWith('>')).Select(line => line.Trim())).ToUpperInvariant();
        return letters.Length > 0 && letters.All(letter => letter == 'N' || Letters.Contains(letter, StringComparison.Ordinal));
    }

    private static GivenInput Dna(string letters, string title, ImportedValue input)
    {
        var isFirst = input.Axes[0] == 4;
        var length = isFirst ? input.Axes[1] : input.Axes[0];
        if (letters.Length != length)
            throw new ImportException($"'{Printable.Line(title)}' has {letters.Length} letters in place of {length}.");
        var numbers = new float[4 * length];
        for (var i = 0; i < length; i++)
        {
            if (Letters.IndexOf(letters[i], StringComparison.Ordinal) is var channel and >= 0)
                numbers[isFirst ? channel * length + i : 4 * i + channel] = 1;
        }
        return new(title) { Numbers = numbers, Names = isFirst ? ["A", "C", "G", "T"] : [] };
    }
}
