using Parquet;
using Parquet.Schema;

namespace Whence.Data;

/// <summary>Rows of a Parquet file: columns of numbers, text, true and false, and lists of numbers.</summary>
internal sealed class ParquetRows : TableRows
{
    private readonly ParquetReader reader;
    private readonly DataField[] fields;
    private readonly DataField? idField;

    public ParquetRows(string path, TableSchema schema, Signature network, RowOptions options)
        : base(path, schema, network, options)
    {
        reader = ParquetColumns.Open(path);
        try
        {
            fields = [.. schema.Columns.Select(column => Field(column.Name))];
            idField = options.IdColumn is null ? null : Field(options.IdColumn);
            SetStretches(reader.Metadata!.RowGroups.Select(group => group.NumRows));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // A list's field has its numbers further down: "image/list/element".
    private DataField Field(string name)
    {
        var found = reader.Schema.DataFields.FirstOrDefault(field => field.Path.FirstPart == name);
        return found ?? throw new InvalidDataException($"{Path.GetFileName(FilePath)} has no column \"{name}\"; it has "
            + $"{TableSchema.Listed(reader.Schema.Fields.Select(field => field.Name))}.");
    }

    protected override (ColumnCells[] Columns, ColumnCells? Ids) Load(int stretch, int rows)
    {
        using var group = reader.OpenRowGroupReader(stretch);
        var columns = Array.ConvertAll(fields, field => ParquetColumns.Read(group, field, rows));
        return (columns, idField is null ? null : ParquetColumns.Read(group, idField, rows));
    }

    public override void Dispose()
    {
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }
}
