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
        }
        catch (Exception error)
        {
            Dispose();
            if (error is InvalidDataException or (IOException and not EndOfStreamException))
                throw;
            throw new InvalidDataException($"{Path.GetFileName(path)} cannot be read as an Arrow file: {error.Message}", error);
        }
    }

    // A record batch says its length where it lies: each is read once, and let go.
    private List<long> Lengths()
    {
        var count = reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult();
        var lengths = new List<long>();
        for (var i = 0; i < count; i++)
        {
            using var batch = Batch(i);
            lengths.Add(batch.Length);
        }
        return lengths;
    }

    private RecordBatch Batch(int i) => reader.ReadRecordBatchAsync(i).AsTask().GetAwaiter().GetResult();

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
