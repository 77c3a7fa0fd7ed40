namespace Whence.Data;

/// <summary>Rows of a file that comes in stretches of columns: Parquet's row groups, Arrow's record batches. One stretch is held.</summary>
internal abstract class TableRows : RowSource
{
    private readonly TableSchema schema;
    private long[] starts = [0];
    private ColumnCells[] columns = [];
    private ColumnCells? ids;
    private int held = -1;
    private string? damage;

    protected TableRows(string path, TableSchema schema, Signature network, RowOptions options)
        : base(schema.Width, ScoreLayout.Of(schema, network))
    {
        (FilePath, this.schema, IdColumn) = (path, schema, options.IdColumn);
    }

    protected string FilePath { get; }

    protected string? IdColumn { get; }

    protected IReadOnlyList<Column> Columns => schema.Columns;

    public override bool HasIds => IdColumn is not null;

    public override long Count => starts[^1];

    /// <summary>Says how many rows each stretch has.</summary>
    protected void SetStretches(IEnumerable<long> rows)
    {
        var all = new List<long> { 0 };
        foreach (var count in rows)
            all.Add(all[^1] + count);
        starts = [.. all];
    }

    /// <summary>What a stretch is called.</summary>
    protected abstract string StretchName { get; }

    /// <summary>
    /// Reads a stretch: the schema's columns, and names of rows if they are asked for. What it throws refuses the stretch's rows, but for a
    /// disk that fails and too little memory.
    /// </summary>
    protected abstract (ColumnCells[] Columns, ColumnCells? Ids) Load(int stretch, int rows);

    private protected override void Fill(RowBatch batch, long first, int count)
    {
        for (var row = first; row < first + count; row++)
        {
            if (held < 0 || row < starts[held] || row >= starts[held + 1])
                Hold(row);
            if (damage is null)
                Take(batch, row, (int)(row - starts[held]));
            else
                batch.Refuse(row, null, damage);
        }
    }

    private void Hold(long row)
    {
        var at = Array.BinarySearch(starts, row);
        at = at < 0 ? ~at - 1 : at;
        // Of stretches without rows the last begins where the one with the row does.
        while (starts[at + 1] == starts[at])
            at++;
        // What was held is let go before more is read.
        (columns, ids) = ([], null);
        (held, damage) = (at, null);
        try
        {
            (columns, ids) = Load(at, checked((int)(starts[at + 1] - starts[at])));
        }
        catch (Exception error) when (Damage.Is(error))
        {
            damage = $"{StretchName} {at} of the file is damaged: {error.Message}";
        }
    }

    private void Take(RowBatch batch, long number, int row)
    {
        var elements = batch.Next();
        for (var i = 0; i < columns.Length; i++)
        {
            var cell = columns[i].At(row);
            if (schema.Write(i, cell, elements) is { } wrong)
            {
                batch.Refuse(number, schema.Columns[i].Name, wrong);
                return;
            }
            if (schema.Columns[i].IsMissing(cell))
                batch.Miss(schema.Columns[i].Name);
        }
        batch.Accept(number, ids?.NameAt(row));
    }
}
