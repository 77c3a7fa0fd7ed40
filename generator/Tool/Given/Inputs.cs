using Whence.Import;

namespace Whence.Tool.Given;

/// <summary>Reads what is given for an input by the kind of the file; what is no file is a text.</summary>
internal static class Inputs
{
    private static readonly string[] Kinds = [".npy", ".csv", ".tsv", ".png", ".wav", ".txt", ".fa", ".fasta"];

    /// <summary>The values for an input.</summary>
    /// <param name="word">A path, or a text.</param>
    /// <param name="input">The input.</param>
    /// <param name="reading">How files become numbers.</param>
    /// <exception cref="ImportException">The file is missing, damaged, of a kind that is not read, or does not fit the input.</exception>
    public static GivenInput Read(string word, ImportedValue input, Reading reading)
    {
        var kind = Path.GetExtension(word).ToLowerInvariant();
        if (!File.Exists(word))
        {
            // What has an ending and is one word was meant for a file.
            return word.Length == 0 || kind.Length > 1 && !word.Contains(' ', StringComparison.Ordinal)
                ? throw new ImportException($"There is no file '{word}'.")
                : Texts.Read(word, word, input, reading);
        }
        try
        {
            return kind switch
            {
                ".npy" => NpyFile.Read(word, input),
                ".csv" or ".tsv" => Table.Read(word, input, reading.Row),
                ".png" => Pixels.Read(word, input, reading),
                ".wav" => Sound.Read(word, input, reading.Start),
                ".txt" or ".fa" or ".fasta" => Texts.Read(File.ReadAllText(word), Path.GetFileName(word), input, reading),
                ".jpg" or ".jpeg" or ".webp" or ".gif" or ".bmp" => throw new InvalidDataException("pictures are read as .png; convert it"),
                _ => throw new InvalidDataException($"what is read is {string.Join(", ", Kinds)}, or a text itself"),
            };
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new ImportException($"'{Printable.Line(Path.GetFileName(word))}' cannot be given for '{Printable.Line(input.Name)}', "
                + $"{Shell.Axes(input.Axes)}: {Printable.Line(wrong.Message.TrimEnd('.'))}.");
        }
    }

    /// <summary>Axes without those of one element.</summary>
    public static int[] Core(IEnumerable<int> axes) => [.. axes.Where(axis => axis != 1)];

    /// <summary>How many elements axes have.</summary>
    public static int Count(IEnumerable<int> axes) => axes.Aggregate(1, (count, axis) => checked(count * axis));
}
