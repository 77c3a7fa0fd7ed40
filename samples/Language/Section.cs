using System.IO.Compression;

namespace Language;

/// <summary>Ten words of the test text and the word that follows them.</summary>
internal sealed class Section
{
    public const int Length = 10;

    private Section(IReadOnlyList<string> words, Vocabulary vocabulary)
    {
        Words = [.. words.Take(Length).Select(Shown)];
        Next = Shown(words[Length]);
        Numbers = [.. words.Take(Length).Select(vocabulary.Number)];
        NextNumber = vocabulary.Number(words[Length]);
        IsNextKnown = vocabulary.Knows(words[Length]);

        string Shown(string word) => vocabulary.Knows(word) ? word : $"({word})";
    }

    /// <summary>As they are shown: those that the network does not know in brackets.</summary>
    public IReadOnlyList<string> Words { get; }

    public string Next { get; }

    public int[] Numbers { get; }

    public int NextNumber { get; }

    public bool IsNextKnown { get; }

    /// <summary>A section a line, eleven words between spaces.</summary>
    /// <exception cref="InvalidDataException">A line has not eleven words.</exception>
    public static List<Section> Read(string path, Vocabulary vocabulary) =>
        [.. File.ReadLines(path).Select(line => line.Split(' ') is { Length: Length + 1 } words
            ? new Section(words, vocabulary)
            : throw new InvalidDataException($"A section is {Length + 1} words, but one is \"{line}\"."))];

    /// <summary>A gzip-compressed text as sections, one behind the other: none overlaps the ten words before it.</summary>
    public static List<Section> ReadText(string path, Vocabulary vocabulary)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var text = reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var sections = new List<Section>();
        for (var start = 0; start + Length < text.Length; start += Length)
            sections.Add(new Section(text[start..(start + Length + 1)], vocabulary));
        return sections;
    }

    public override string ToString() => $"{string.Join(' ', Words)} [{Next}]";
}
