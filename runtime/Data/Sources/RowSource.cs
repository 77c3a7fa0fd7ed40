namespace Whence.Data;

/// <summary>
/// The rows of a file, in its order, as a network takes them. Memory is bounded: by a batch, and of Parquet and Arrow files by one row
/// group or record batch. Not for several threads at once.
/// </summary>
public abstract class RowSource : IDisposable
{
    private protected RowSource(int rowSize, ScoreLayout scores) => (RowSize, Scores) = (rowSize, scores);

    /// <summary>How many rows the file has.</summary>
    public abstract long Count { get; }

    /// <summary>The network's <see cref="Signature.InputSize"/>.</summary>
    public int RowSize { get; }

    /// <summary>The names that scores of these rows have.</summary>
    public ScoreLayout Scores { get; }

    /// <summary>Whether the file has a name for each row.</summary>
    public abstract bool HasIds { get; }

    /// <summary>
    /// Opens a file by its name's ending: .parquet; .arrow, .feather (version 2, uncompressed); .csv, .tsv; .safetensors; .fasta, .fa,
    /// .fna; .idx or MNIST's own names ("train-images-idx3-ubyte"). Of CSV, FASTA and IDX also with .gz behind it.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not what the network takes: the message says what is
    /// missing.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="ArgumentException">The ending is of no format that is read.</exception>
    public static RowSource Open(string path, Signature network, RowOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(network);
        options ??= RowOptions.Default;
        var schema = options.Schema ?? TableSchema.Of(network);
        if (schema.Width != network.InputSize)
            throw new ArgumentException($"{network.Name} takes {network.InputSize} numbers, but the columns become {schema.Width}.",
                nameof(options));
        var format = FileFormats.Of(path);
        if (OneHotLetters.Of(network, options.OtherLetters) is { } letters && schema.Columns is [NumbersColumn numbers]
            && HasText(path, format, numbers.Name))
            schema = new TableSchema([new SequenceColumn(numbers.Name, letters, options.EachLetter)]);
        return format switch
        {
            FileFormat.Parquet => new ParquetRows(path, schema, network, options),
            FileFormat.Arrow => new ArrowRows(path, schema, network, options),
            FileFormat.Csv => new CsvRows(path, schema, network, options),
            FileFormat.Safetensors => new SafetensorsRows(path, network, options),
            FileFormat.Fasta => new FastaRows(path, network, options),
            _ => new IdxRows(path, network, options),
        };
    }

    // In a table a sequence may be text, or the numbers that it becomes.
    private static bool HasText(string path, FileFormat format, string column) => format switch
    {
        FileFormat.Csv => true,
        FileFormat.Parquet => ParquetColumns.IsText(path, column),
        FileFormat.Arrow => ArrowColumns.IsText(path, column),
        _ => false,
    };

    /// <summary>Some of the rows, batch by batch, in order; each batch is the same object, filled anew.</summary>
    /// <param name="first">The first row's number.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="batchRows">How many rows a batch has at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such rows.</exception>
    public IEnumerable<RowBatch> Read(long first, long count, int batchRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        if (first < 0 || count < 0 || count > Count - first)
            throw new ArgumentOutOfRangeException(nameof(first),
                $"The file has {Count} rows, but {count} from row {first} on were asked for.");
        return Batches(first, first + count, batchRows);
    }

    private IEnumerable<RowBatch> Batches(long at, long end, int batchRows)
    {
        var batch = new RowBatch((int)Math.Min(batchRows, Math.Max(1, end - at)), RowSize);
        while (at < end)
        {
            var rows = (int)Math.Min(batchRows, end - at);
            batch.Clear();
            Fill(batch, at, rows);
            at += rows;
            yield return batch;
        }
    }

    /// <summary>All rows, batch by batch.</summary>
    public IEnumerable<RowBatch> Read(int batchRows) => Read(0, Count, batchRows);

    /// <summary>Fills an empty batch with rows [first, first + count), those that cannot be read among its refused ones.</summary>
    private protected abstract void Fill(RowBatch batch, long first, int count);

    /// <summary>Closes the file.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
