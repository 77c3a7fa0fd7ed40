using System.IO.Compression;
using Whence;

namespace Motifs;

/// <summary>Which motifs a sequence was made with.</summary>
internal enum Kind
{
    None,
    Gata1Only,
    Tal1Only,
    Both,
}

/// <summary>Where a motif was put into a sequence.</summary>
internal readonly record struct Instance(string Motif, int Start);

/// <summary>A simulated sequence of 200 bases.</summary>
internal sealed record Dna(string Letters, Kind Kind, IReadOnlyList<Instance> Instances)
{
    public const int Length = 200;
    public const string Alphabet = "ACGT";

    /// <summary>The bases' frequencies that the sequences were drawn with: the reference, and what log-odds compare with.</summary>
    public static readonly float[] Background = [0.3f, 0.2f, 0.2f, 0.3f];

    /// <summary>[4, 200]: the background's frequencies at every position.</summary>
    public static float[] Reference() => ReferenceRows.PerChannel(new Shape(Alphabet.Length, Length), Background);

    /// <summary>[4, 200]: 1 for the base that is there.</summary>
    public float[] OneHot()
    {
        var x = new float[Alphabet.Length * Length];
        for (var i = 0; i < Length; i++)
            x[Alphabet.IndexOf(Letters[i], StringComparison.Ordinal) * Length + i] = 1;
        return x;
    }

    /// <summary>How many instances of a motif were put in.</summary>
    public int Copies(string motif) => Instances.Count(instance => instance.Motif == motif);

    /// <summary>Whether it was labelled as positive for a task: both motifs, GATA1, TAL1.</summary>
    public bool IsPositive(int task) => task switch
    {
        0 => Kind == Kind.Both,
        1 => Kind is Kind.Both or Kind.Gata1Only,
        _ => Kind is Kind.Both or Kind.Tal1Only,
    };

    /// <exception cref="InvalidDataException">A line is not labels, sequence, instances.</exception>
    public static List<Dna> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        lines.ReadLine();
        var read = new List<Dna>();
        while (lines.ReadLine() is { } line)
            read.Add(Parse(line));
        return read;
    }

    private static Dna Parse(string line)
    {
        if (line.Split('\t') is not [var labels, var letters, var instances]
            || letters.Length != Length
            || letters.Any(letter => !Alphabet.Contains(letter)))
            throw new InvalidDataException(
                $"A line is labels, {Length} letters of {Alphabet} and instances, between tabs, but one is \"{line}\".");
        var kind = labels switch
        {
            "111" => Kind.Both,
            "010" => Kind.Gata1Only,
            "001" => Kind.Tal1Only,
            "000" => Kind.None,
            _ => throw new InvalidDataException($"A sequence's labels are 111, 010, 001 or 000, not {labels}."),
        };
        return new Dna(letters, kind, [.. instances.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Placed)]);
    }

    private static Instance Placed(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return new Instance(text[..at], int.Parse(text.AsSpan(at + 1)));
    }
}
