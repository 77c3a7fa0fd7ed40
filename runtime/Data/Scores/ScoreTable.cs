using Apache.Arrow;
using Apache.Arrow.Ipc;
using Parquet;

namespace Whence.Data;

/// <summary>
/// Results, read again: a Parquet or Arrow file that a <see cref="ScoreWriter"/> or the worker wrote, one row group or record batch at a
/// time.
/// </summary>
public abstract class ScoreTable : IDisposable
{
    internal const string MetadataKey = "whence.scores";

    private protected ScoreTable(ScoreFormat format, long count) => (Format, Count) = (format, count);

    internal ScoreFormat Format { get; }

    /// <summary>The columns of scores, in order.</summary>
    public IReadOnlyList<ScoreColumn> Columns => Format.Columns;

    /// <summary>
    /// A name for each of a row's scores, [Width]: a column's, or of a list "scores[17]".
    /// </summary>
    public IReadOnlyList<string> Names => [.. Columns.SelectMany(column => column.IsList
        ? Enumerable.Range(0, column.Length).Select(i => $"{column.Name}[{i}]")
        : [column.Name])];

    /// <summary>How many scores a row has.</summary>
    public int Width => Format.Width;

    /// <summary>How many rows.</summary>
    public long Count { get; }

    /// <summary>Opens results.</summary>
    /// <exception cref="InvalidDataException">It is no file of results, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ScoreTable Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileFormats.Of(path) switch
        {
            FileFormat.Parquet => new OfParquet(path),
            FileFormat.Arrow => new OfArrow(path),
            _ => throw new ArgumentException($"Results are .parquet, .arrow or .feather, not {Path.GetFileName(path)}.", nameof(path)),
        };
    }

    /// <summary>The rows in order, batch by batch: memory holds one at a time.</summary>
    public abstract IEnumerable<ScoreBatch> Batches();

    /// <summary>All scores at once, [Count, Width], for what needs the whole: global views and pictures.</summary>
    /// <exception cref="InvalidOperationException">They are more than an array holds.</exception>
    public float[] ReadScores()
    {
        if (Count * Width > System.Array.MaxLength)
            throw new InvalidOperationException($"{Count} rows of {Width} scores are more than an array holds: take them batch by batch.");
        var scores = new float[Count * Width];
        var at = 0;
        foreach (var batch in Batches())
        {
            batch.Scores.CopyTo(scores.AsSpan(at));
            at += batch.Scores.Length;
        }
        return scores;
    }

    /// <summary>Closes the file.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private static ScoreFormat FormatOf(IEnumerable<(string Name, int Length, bool IsList)> fields, string path)
    {
        var names = fields.ToList();
        bool Has(string name) => names.Any(field => field.Name == name);
        if (!Has(ScoreFormat.Row) || !Has(ScoreFormat.Output) || !Has(ScoreFormat.Gap))
            throw new InvalidDataException($"{Path.GetFileName(path)} holds no scores: it has not the columns row, output and gap.");
        var own = names.Where(field => field.Name is not (ScoreFormat.Row or ScoreFormat.Id or ScoreFormat.Target or ScoreFormat.Output
            or ScoreFormat.Gap));
        return new ScoreFormat([.. own.Select(field => new ScoreColumn(field.Name, field.Length, field.IsList))],
            Has(ScoreFormat.Id), Has(ScoreFormat.Target));
    }

    private static ScoreBatch Gather(ScoreFormat format, int rows, Func<string, ColumnCells> cells)
    {
        var batch = new ScoreBatch(rows, format.Width);
        var row = cells(ScoreFormat.Row);
        var id = format.HasIds ? cells(ScoreFormat.Id) : null;
        var target = format.HasTargets ? cells(ScoreFormat.Target) : null;
        var (output, gap) = (cells(ScoreFormat.Output), cells(ScoreFormat.Gap));
        var scores = format.Columns.Select(column => cells(column.Name)).ToArray();
        var own = new float[format.Width];
        for (var i = 0; i < rows; i++)
        {
            var at = 0;
            for (var column = 0; column < scores.Length; column++)
                at += Take(scores[column].At(i), own.AsSpan(at, format.Columns[column].Length));
            var missing = gap.At(i);
            batch.Add((long)row.At(i).Number, id?.NameAt(i), target is null ? -1 : (int)target.At(i).Number, output.At(i).Number,
                missing.Kind == CellKind.Missing ? double.NaN : missing.Number, own);
        }
        return batch;
    }

    private static int Take(Cell cell, Span<float> to)
    {
        if (cell.Kind == CellKind.List)
            cell.List.CopyTo(to);
        else
            to[0] = (float)cell.Number;
        return to.Length;
    }

    private sealed class OfParquet : ScoreTable
    {
        private readonly ParquetReader reader;
        private readonly string path;

        public OfParquet(string path)
            : this(ParquetColumns.Open(path), path)
        {
        }

        private OfParquet(ParquetReader reader, string path)
            : base(FormatOf(Fields(reader, path), path), reader.Metadata!.RowGroups.Sum(group => group.NumRows))
        {
            (this.reader, this.path) = (reader, path);
        }

        private static List<(string Name, int Length, bool IsList)> Fields(ParquetReader reader, string path) =>
            [.. reader.Schema.DataFields.Select(field => (field.Path.FirstPart!,
                field.MaxRepetitionLevel > 0 ? LengthOf(reader, field, path) : 1, field.MaxRepetitionLevel > 0))];

        private static int LengthOf(ParquetReader reader, Parquet.Schema.DataField field, string path)
        {
            if (reader.RowGroupCount == 0)
                return 1;
            using var group = reader.OpenRowGroupReader(0);
            var entries = group.GetMetadata(field)!.MetaData!.NumValues;
            return entries % group.RowCount == 0 ? (int)(entries / group.RowCount) : throw new InvalidDataException(
                $"The lists of column \"{field.Path.FirstPart}\" of {Path.GetFileName(path)} are of different lengths.");
        }

        public override IEnumerable<ScoreBatch> Batches()
        {
            for (var i = 0; i < reader.RowGroupCount; i++)
                yield return Group(i);
        }

        private ScoreBatch Group(int i)
        {
            using var group = reader.OpenRowGroupReader(i);
            var rows = (int)group.RowCount;
            return Gather(Format, rows, name => ParquetColumns.Read(group,
                reader.Schema.DataFields.First(field => field.Path.FirstPart == name), rows));
        }

        public override void Dispose()
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            base.Dispose();
        }

        public override string ToString() => $"{Count} rows of {Path.GetFileName(path)}";
    }

    private sealed class OfArrow : ScoreTable
    {
        private readonly ArrowFileReader reader;
        private readonly int batches;
        private readonly string path;

        public OfArrow(string path)
            : this(ArrowFileReader.FromFile(path), path)
        {
        }

        private OfArrow(ArrowFileReader reader, string path)
            : base(FormatOf(Fields(reader), path), Rows(reader))
        {
            (this.reader, this.path) = (reader, path);
            batches = reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult();
        }

        private static List<(string Name, int Length, bool IsList)> Fields(ArrowFileReader reader)
        {
            reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult();
            return [.. reader.Schema.FieldsList.Select(field => (field.Name,
                field.DataType is Apache.Arrow.Types.FixedSizeListType list ? list.ListSize : 1,
                field.DataType is Apache.Arrow.Types.FixedSizeListType))];
        }

        private static long Rows(ArrowFileReader reader)
        {
            var rows = 0L;
            for (var i = 0; i < reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult(); i++)
            {
                using var batch = Batch(reader, i);
                rows += batch.Length;
            }
            return rows;
        }

        private static RecordBatch Batch(ArrowFileReader reader, int i) =>
            reader.ReadRecordBatchAsync(i).AsTask().GetAwaiter().GetResult();

        public override IEnumerable<ScoreBatch> Batches()
        {
            for (var i = 0; i < batches; i++)
            {
                using var batch = Batch(reader, i);
                yield return Gather(Format, batch.Length, name => ArrowColumns.Read(batch.Column(name), name));
            }
        }

        public override void Dispose()
        {
            reader.Dispose();
            base.Dispose();
        }

        public override string ToString() => $"{Count} rows of {Path.GetFileName(path)}";
    }
}
