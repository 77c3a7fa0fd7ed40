using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Whence.Data;

internal sealed class ArrowScores : ScoreWriter
{
    private readonly Stream stream;
    private readonly ArrowFileWriter writer;
    private readonly Schema schema;

    public ArrowScores(Stream stream, ScoreFormat format)
        : base(format)
    {
        this.stream = stream;
        schema = new Schema(Fields(format), new Dictionary<string, string> { [ScoreTable.MetadataKey] = "1" });
        writer = new ArrowFileWriter(stream, schema, leaveOpen: true);
        writer.WriteStart();
    }

    private static IEnumerable<Field> Fields(ScoreFormat format)
    {
        yield return new Field(ScoreFormat.Row, Int64Type.Default, false);
        if (format.HasIds)
            yield return new Field(ScoreFormat.Id, StringType.Default, true);
        if (format.HasTargets)
            yield return new Field(ScoreFormat.Target, Int32Type.Default, false);
        yield return new Field(ScoreFormat.Output, DoubleType.Default, false);
        yield return new Field(ScoreFormat.Gap, DoubleType.Default, true);
        foreach (var column in format.Columns)
            yield return new Field(column.Name, TypeOf(column), false);
    }

    private static ArrowType TypeOf(ScoreColumn column) => column.IsList
        ? new FixedSizeListType(new Field("item", FloatType.Default, false), column.Length)
        : FloatType.Default;

    private protected override void WriteGroup(ScoreBatch group)
    {
        var arrays = new List<IArrowArray> { new Int64Array(Values(group.Rows), ArrowBuffer.Empty, group.Count, 0, 0) };
        if (Format.HasIds)
            arrays.Add(new StringArray.Builder().AppendRange(group.Ids.ToArray()).Build());
        if (Format.HasTargets)
            arrays.Add(new Int32Array(Values(group.Targets), ArrowBuffer.Empty, group.Count, 0, 0));
        arrays.Add(new DoubleArray(Values(group.Outputs), ArrowBuffer.Empty, group.Count, 0, 0));
        arrays.Add(Gaps(group));
        var slot = 0;
        foreach (var column in Format.Columns)
        {
            arrays.Add(Scores(column, group, slot));
            slot += column.Length;
        }
        using var batch = new RecordBatch(schema, arrays, group.Count);
        writer.WriteRecordBatch(batch);
    }

    private static DoubleArray Gaps(ScoreBatch group)
    {
        var gaps = new DoubleArray.Builder();
        foreach (var gap in group.Gaps)
        {
            if (double.IsNaN(gap))
                gaps.AppendNull();
            else
                gaps.Append(gap);
        }
        return gaps.Build();
    }

    private static Apache.Arrow.Array Scores(ScoreColumn column, ScoreBatch group, int slot)
    {
        var values = new float[group.Count * column.Length];
        for (var row = 0; row < group.Count; row++)
            group.ScoresOf(row).Slice(slot, column.Length).CopyTo(values.AsSpan(row * column.Length));
        var numbers = new FloatArray(Values<float>(values), ArrowBuffer.Empty, values.Length, 0, 0);
        return column.IsList ? new FixedSizeListArray(TypeOf(column), group.Count, numbers, ArrowBuffer.Empty) : numbers;
    }

    private static ArrowBuffer Values<T>(ReadOnlySpan<T> values) where T : struct => new(MemoryMarshal.AsBytes(values).ToArray());

    private protected override void Finish()
    {
        writer.WriteEnd();
        stream.Flush();
    }

    public override void Dispose()
    {
        stream.Dispose();
        base.Dispose();
    }
}
