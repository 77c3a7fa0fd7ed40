using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Whence.Data;

/// <summary>Rows of an Arrow IPC file: columns of numbers, text, true and false, dictionaries of text, and lists of numbers.</summary>
internal sealed class ArrowRows : TableRows
{
    private readonly FileStream file;
    private readonly ArrowFileReader reader;
    private readonly int[] columns;
    private readonly int idColumn = -1;

    public ArrowRows(string path, TableSchema schema, Signature network, RowOptions options)
        : base(path, schema, network, options)
    {
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        reader = new ArrowFileReader(file, leaveOpen: false);
        try
        {
            SetStretches(Lengths());
            var names = reader.Schema.FieldsList.Select(field => field.Name).ToList();
            columns = [.. schema.Columns.Select(column => TableColumns.Find(names, column.Name, path))];
            if (options.IdColumn is { } id)
                idColumn = TableColumns.Find(names, id, path);
            foreach (var column in columns.Append(idColumn).Where(column => column >= 0))
                ArrowColumns.RequireReadable(reader.Schema.GetFieldByIndex(column));
        }
        catch (Exception error)
        {
            Dispose();
            if (error is InvalidDataException || !Damage.Is(error))
                throw;
            throw new InvalidDataException($"{Path.GetFileName(path)} cannot be read as an Arrow file: {error.Message}", error);
        }
    }

    // A record batch says its length where it lies: each is read once, and let go.
    private List<long> Lengths()
    {
        var count = CountOfBatches();
        var lengths = new List<long>();
        for (var i = 0; i < count; i++)
            lengths.Add(LengthOf(i));
        return lengths;
    }

    private int CountOfBatches()
    {
        try
        {
            return reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception error) when (Damage.Is(error))
        {
            throw new InvalidDataException($"{Path.GetFileName(FilePath)} cannot be read as an Arrow file: {error.Message}", error);
        }
    }

    private int LengthOf(int i)
    {
        try
        {
            using var batch = Batch(i);
            return batch.Length;
        }
        catch (Exception error) when (Damage.Is(error))
        {
            throw new InvalidDataException($"{Path.GetFileName(FilePath)} cannot be read as an Arrow file: record batch {i} does not say "
                + $"how many rows it has, so that those behind it have no numbers ({error.Message}).", error);
        }
    }

    private RecordBatch Batch(int i) => reader.ReadRecordBatchAsync(i).AsTask().GetAwaiter().GetResult();

    protected override string StretchName => "record batch";

    protected override (ColumnCells[] Columns, ColumnCells? Ids) Load(int stretch, int rows)
    {
        using var batch = Batch(stretch);
        var cells = System.Array.ConvertAll(columns, column => ArrowColumns.Read(batch.Column(column), Name(column)));
        return (cells, idColumn < 0 ? null : ArrowColumns.Read(batch.Column(idColumn), Name(idColumn)));
    }

    private string Name(int column) => reader.Schema.GetFieldByIndex(column).Name;

    public override void Dispose()
    {
        reader.Dispose();
        file.Dispose();
        base.Dispose();
    }
}
