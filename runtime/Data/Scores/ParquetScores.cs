using Parquet;
using Parquet.Schema;

namespace Whence.Data;

internal sealed class ParquetScores : ScoreWriter
{
    private readonly Stream stream;
    private readonly ParquetWriter writer;
    private readonly DataField[] fields;
    private bool isComplete;

    public ParquetScores(Stream stream, ScoreFormat format)
        : base(format)
    {
        this.stream = stream;
        var schema = new ParquetSchema(Fields(format));
        fields = schema.DataFields;
        // Dictionaries are decided on by a sample of the values: left out, so that the bytes depend on nothing but the rows.
        var options = new ParquetOptions { DictionaryEncodingThreshold = 0 };
        writer = ParquetWriter.CreateAsync(schema, stream, options).GetAwaiter().GetResult();
        writer.CustomMetadata = new Dictionary<string, string> { [ScoreTable.MetadataKey] = "1" };
    }

    private static IEnumerable<Field> Fields(ScoreFormat format)
    {
        yield return new DataField<long>(ScoreFormat.Row);
        if (format.HasIds)
            yield return new DataField<string>(ScoreFormat.Id);
        if (format.HasTargets)
            yield return new DataField<int>(ScoreFormat.Target);
        yield return new DataField<double>(ScoreFormat.Output);
        yield return new DataField<double>(ScoreFormat.Gap, true);
        foreach (var column in format.Columns)
            yield return column.IsList ? new ListField(column.Name, new DataField<float>("element")) : new DataField<float>(column.Name);
    }

    private protected override void WriteGroup(ScoreBatch group)
    {
        using var to = writer.CreateRowGroup();
        var field = 0;
        Write(to, fields[field++], group.Rows.ToArray());
        if (Format.HasIds)
            Wait(to.WriteAsync(fields[field++], group.Ids.ToArray()!));
        if (Format.HasTargets)
            Write(to, fields[field++], group.Targets.ToArray());
        Write(to, fields[field++], group.Outputs.ToArray());
        var gaps = Array.ConvertAll(group.Gaps.ToArray(), gap => double.IsNaN(gap) ? (double?)null : gap);
        Wait(to.WriteAsync<double>(fields[field++], gaps.AsMemory()));
        var slot = 0;
        foreach (var column in Format.Columns)
        {
            WriteScores(to, fields[field++], column, group, slot);
            slot += column.Length;
        }
    }

    private static void WriteScores(ParquetRowGroupWriter to, DataField field, ScoreColumn column, ScoreBatch group, int slot)
    {
        var values = new float[group.Count * column.Length];
        for (var row = 0; row < group.Count; row++)
            group.ScoresOf(row).Slice(slot, column.Length).CopyTo(values.AsSpan(row * column.Length));
        if (!column.IsList)
        {
            Write(to, field, values);
            return;
        }
        var defined = new int[values.Length];
        var repeated = new int[values.Length];
        Array.Fill(defined, field.MaxDefinitionLevel);
        Array.Fill(repeated, 1);
        for (var row = 0; row < group.Count; row++)
            repeated[row * column.Length] = 0;
        Wait(to.WriteAllPartsAsync<float>(field, values, defined, repeated, default));
    }

    private static void Write<T>(ParquetRowGroupWriter to, DataField field, T[] values) where T : struct =>
        Wait(to.WriteAsync<T>(field, values.AsMemory()));

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private protected override void Finish()
    {
        isComplete = true;
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Flush();
    }

    public override void Dispose()
    {
        // Its own end is not written to a file that is given up: what stopped it may well be the disk.
        if (!isComplete)
            GC.SuppressFinalize(writer);
        stream.Dispose();
        base.Dispose();
    }
}
