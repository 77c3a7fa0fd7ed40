namespace Whence.Data;

internal enum FileFormat
{
    Parquet,
    Arrow,
    Csv,
    Safetensors,
    Fasta,
    Idx,
}

/// <summary>What a file is, by its name's ending.</summary>
internal static class FileFormats
{
    public static FileFormat Of(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        var plain = IsCompressed(path) ? name[..^3] : name;
        FileFormat? found = Path.GetExtension(plain) switch
        {
            ".parquet" => FileFormat.Parquet,
            ".arrow" or ".feather" => FileFormat.Arrow,
            ".csv" or ".tsv" => FileFormat.Csv,
            ".safetensors" => FileFormat.Safetensors,
            ".fasta" or ".fa" or ".fna" => FileFormat.Fasta,
            ".idx" => FileFormat.Idx,
            _ => plain.EndsWith("ubyte", StringComparison.Ordinal) && plain.Contains("idx", StringComparison.Ordinal)
                ? FileFormat.Idx
                : null,
        };
        if (found is null)
            throw new ArgumentException($"\"{Path.GetFileName(path)}\" ends like no file of rows: .parquet, .arrow, .feather, .csv, .tsv, "
                + ".safetensors, .fasta, .fa, .fna or .idx, of text and IDX also with .gz behind it.", nameof(path));
        if (name.Length != plain.Length && found is not (FileFormat.Csv or FileFormat.Fasta or FileFormat.Idx))
            throw new ArgumentException(
                $"\"{Path.GetFileName(path)}\" is compressed as a whole: unpack it, so that parts of it can be read.",
                nameof(path));
        return found.Value;
    }

    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
