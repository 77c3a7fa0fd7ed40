using Parquet;
using Parquet.Schema;

namespace Cluster;

/// <summary>Writes sequences as FASTA, or as a table with the columns "name" and "sequence": CSV or Parquet.</summary>
internal static class SequenceFiles
{
    private const int GroupRows = 5000;

    /// <summary>Writes them as the file's ending says: .csv and .parquet are tables, any other is FASTA.</summary>
    public static async Task Write(string path, IEnumerable<Sequence> sequences)
    {
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            await WriteParquet(path, sequences);
            return;
        }
        var isTable = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        await using var to = new StreamWriter(path);
        if (isTable)
            to.Write("name,sequence\n");
        foreach (var sequence in sequences)
            to.Write(isTable ? $"{sequence.Name},{sequence.Letters}\n" : $">{sequence.Name}{sequence.Note}\n{sequence.Letters}\n");
    }

    private static async Task WriteParquet(string path, IEnumerable<Sequence> sequences)
    {
        var schema = new ParquetSchema(new DataField<string>("name"), new DataField<string>("sequence"));
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, file);
        foreach (var group in sequences.Chunk(GroupRows))
        {
            using var to = writer.CreateRowGroup();
            await to.WriteAsync(schema.DataFields[0], Array.ConvertAll(group, sequence => sequence.Name));
            await to.WriteAsync(schema.DataFields[1], Array.ConvertAll(group, sequence => sequence.Letters));
        }
    }
}
