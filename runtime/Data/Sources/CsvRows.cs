using System.Buffers;
using System.Text;
using nietras.SeparatedValues;

namespace Whence.Data;

/// <summary>
/// Rows of a CSV file whose first line names its columns; the separator is found there. Values may be quoted, and quotes hold line ends.
/// Blank lines are no rows. Read once through to count rows when it is opened.
/// </summary>
internal sealed class CsvRows : RowSource
{
    private readonly string path;
    private readonly TableSchema schema;
    private readonly RecordMarks marks;
    private readonly Sep separator;
    private readonly int[] columns;
    private readonly int idColumn;
    private readonly int columnCount;
    private readonly long? openQuote;
    private SepReader? reader;
    private long at;

    public CsvRows(string path, TableSchema schema, Signature network, RowOptions options)
        : base(schema.Width, ScoreLayout.Of(schema, network))
    {
        (this.path, this.schema) = (path, schema);
        var scanner = new Scanner();
        marks = RecordMarks.Scan(path, scanner);
        openQuote = scanner.OpenQuote;
        if (marks.Count == 0)
            throw new InvalidDataException($"{Path.GetFileName(path)} is empty: its first line should name its columns.");
        if (marks.Count == 1 && openQuote is not null)
            throw new InvalidDataException($"{Path.GetFileName(path)} has no rows: the quotes opened at byte {openQuote} are not closed.");
        using var head = Sep.Reader(o => o with { Unescape = true, DisableColCountCheck = true }).From(Reader(0));
        var names = head.Header.ColNames;
        columnCount = names.Count;
        separator = head.Spec.Sep;
        columns = [.. schema.Columns.Select(column => TableColumns.Find(names, column.Name, path))];
        if (schema.Columns.FirstOrDefault(column => column is NumbersColumn) is { } list)
            throw new InvalidDataException(
                $"The network's input \"{list.Name}\" has no names, and a CSV file has no lists: name its elements "
                    + "by [Features(...)], or give the columns.");
        idColumn = options.IdColumn is { } id ? TableColumns.Find(names, id, path) : -1;
    }

    public override bool HasIds => idColumn >= 0;

    public override long Count => marks.Count - 1;

    private StreamReader Reader(long offset) => new(RecordMarks.OpenAt(path, offset), Encoding.UTF8, offset == 0);

    private protected override void Fill(RowBatch batch, long first, int count)
    {
        Seek(first);
        for (var i = 0; i < count; i++)
        {
            if (openQuote is not null && first + i == Count - 1)
            {
                batch.Refuse(Count - 1, null, $"the quotes opened at byte {openQuote} are not closed, so that it is all that follows");
                return;
            }
            if (!Move())
                throw new InvalidDataException($"{Path.GetFileName(path)} ends at row {at}, but had {Count} rows when it was opened.");
            Take(batch, at - 1);
        }
    }

    // Row r is record r + 1: the first is the header.
    private void Seek(long row)
    {
        if (reader is not null && at <= row && row - at < RecordMarks.Every)
        {
            Skip(row);
            return;
        }
        reader?.Dispose();
        var (record, offset) = marks.Before(row + 1);
        reader = Sep.Reader(o => o with { Sep = separator, HasHeader = false, Unescape = true, DisableColCountCheck = true })
            .From(Reader(offset));
        at = record - 1;
        Skip(row);
    }

    private void Skip(long row)
    {
        while (at < row && Move())
        {
        }
    }

    private bool Move()
    {
        while (reader!.MoveNext())
        {
            if (reader.Current.Span.IsEmpty)
                continue;
            at++;
            return true;
        }
        return false;
    }

    private void Take(RowBatch batch, long number)
    {
        var row = reader!.Current;
        if (row.ColCount != columnCount)
        {
            batch.Refuse(number, null, $"it has {row.ColCount} values, but the file names {columnCount} columns");
            return;
        }
        var elements = batch.Next();
        for (var i = 0; i < columns.Length; i++)
        {
            var cell = Cell.OfText(row[columns[i]].Span);
            if (schema.Write(i, cell, elements) is { } wrong)
            {
                batch.Refuse(number, schema.Columns[i].Name, wrong);
                return;
            }
            if (schema.Columns[i].IsMissing(cell))
                batch.Miss(schema.Columns[i].Name);
        }
        batch.Accept(number, idColumn < 0 ? null : row[idColumn].ToString());
    }

    public override void Dispose()
    {
        reader?.Dispose();
        base.Dispose();
    }

    /// <summary>A record begins behind a line's end that no quotes enclose, and is not empty.</summary>
    private sealed class Scanner : IRecordScanner
    {
        private static readonly SearchValues<byte> special = SearchValues.Create("\"\r\n"u8);
        private bool isQuoted;
        private bool isBetween = true;
        private long quote;

        /// <summary>The byte of the quote that is open where the file ends: the record that it is in is the last.</summary>
        public long? OpenQuote => isQuoted ? quote : null;

        public void Scan(ReadOnlySpan<byte> block, long offset, RecordMarks marks)
        {
            var i = 0;
            while (i < block.Length)
            {
                var isEnd = !isQuoted && block[i] is (byte)'\r' or (byte)'\n';
                if (isBetween && !isEnd)
                {
                    marks.Add(offset + i);
                    isBetween = false;
                }
                var next = block[i..].IndexOfAny(special);
                if (next < 0)
                    return;
                i += next;
                if (block[i] == (byte)'"')
                    (isQuoted, quote) = (!isQuoted, offset + i);
                else
                    isBetween |= !isQuoted;
                i++;
            }
        }

    }
}
