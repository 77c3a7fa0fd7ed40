using Microsoft.Win32.SafeHandles;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace Whence.Data;

/// <summary>Rows of a Parquet file: columns of numbers, text, true and false, and lists of numbers.</summary>
internal sealed class ParquetRows : TableRows
{
    private readonly ParquetReader reader;
    private readonly SafeFileHandle file;
    private readonly DataField[] fields;
    private readonly DataField? idField;

    public ParquetRows(string path, TableSchema schema, Signature network, RowOptions options)
        : base(path, schema, network, options)
    {
        reader = ParquetColumns.Open(path);
        file = File.OpenHandle(path);
        try
        {
            fields = [.. schema.Columns.Select(column => Field(column.Name))];
            idField = options.IdColumn is null ? null : Field(options.IdColumn);
            SetStretches(reader.Metadata!.RowGroups.Select(group => group.NumRows));
            for (var group = 0; group < reader.RowGroupCount; group++)
                RequireRows(group);
        }
        catch (Exception error)
        {
            Dispose();
            if (error is InvalidDataException || !Damage.Is(error))
                throw;
            throw new InvalidDataException($"{Path.GetFileName(path)} cannot be read as a Parquet file: {error.Message}", error);
        }
    }

    // A list's field has its numbers further down: "image/list/element".
    private DataField Field(string name)
    {
        var found = reader.Schema.DataFields.FirstOrDefault(field => field.Path.FirstPart == name);
        if (found is null)
            throw new InvalidDataException($"{Path.GetFileName(FilePath)} has no column \"{name}\"; it has "
                + $"{Listing.Quoted(reader.Schema.Fields.Select(field => field.Name))}.");
        ParquetColumns.RequireReadable(found);
        return found;
    }

    // How many rows there are is what all numbers of rows rest on.
    private void RequireRows(int index)
    {
        using var group = reader.OpenRowGroupReader(index);
        foreach (var field in fields)
        {
            var values = Metadata(group, field).NumValues;
            if (group.RowCount < 0 || values < group.RowCount || (field.MaxRepetitionLevel == 0 && values > group.RowCount))
                throw new InvalidDataException($"{Path.GetFileName(FilePath)} cannot be read as a Parquet file: row group {index} has "
                    + $"{group.RowCount} rows, but {values} values of \"{field.Path}\".");
        }
    }

    protected override string StretchName => "row group";

    protected override (ColumnCells[] Columns, ColumnCells? Ids) Load(int stretch, int rows)
    {
        using var group = reader.OpenRowGroupReader(stretch);
        var columns = Array.ConvertAll(fields, field => Column(group, field, rows));
        return (columns, idField is null ? null : Column(group, idField, rows));
    }

    private ColumnCells Column(ParquetRowGroupReader group, DataField field, int rows)
    {
        try
        {
            ParquetPages.Check(file, Metadata(group, field));
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"the column \"{field.Path}\", {error.Message}", error);
        }
        return ParquetColumns.Read(group, field, rows);
    }

    private static ColumnMetaData Metadata(ParquetRowGroupReader group, DataField field) =>
        group.GetMetadata(field)?.MetaData ?? throw new InvalidDataException($"a row group has no column \"{field.Path}\"");

    public override void Dispose()
    {
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        file.Dispose();
        base.Dispose();
    }
}
