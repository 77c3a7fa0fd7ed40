namespace Whence.Data;

/// <summary>
/// Writes explained rows as a Parquet or an Arrow file. Rows are gathered until they take some sixteen megabytes, and are then written as
/// one row group or record batch. The same rows give the same bytes, however they come in batches. A file is whole when
/// <see cref="Complete"/> has returned.
/// </summary>
public abstract class ScoreWriter : IDisposable
{
    private readonly ScoreBatch gathered;

    private protected ScoreWriter(ScoreFormat format)
    {
        Format = format;
        gathered = new ScoreBatch(format.GroupRows, format.Width);
    }

    internal ScoreFormat Format { get; }

    /// <summary>Creates a file, .parquet, .arrow or .feather.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="rows">The rows that are to be explained.</param>
    /// <param name="question">What is asked about them.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static ScoreWriter Create(string path, RowSource rows, Question question)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(question);
        return Create(path, new ScoreFormat(rows.Scores.Columns, rows.HasIds, question.IsPerRow));
    }

    internal static ScoreWriter Create(string path, ScoreFormat format)
    {
        var kind = FileFormats.Of(path);
        if (kind is not (FileFormat.Parquet or FileFormat.Arrow))
            throw new ArgumentException($"Results are written as .parquet, .arrow or .feather, not as {Path.GetFileName(path)}.",
                nameof(path));
        return Create(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16), kind, format);
    }

    /// <summary>Writes to a stream, which is disposed with the writer.</summary>
    internal static ScoreWriter Create(Stream stream, FileFormat kind, ScoreFormat format)
    {
        try
        {
            return kind == FileFormat.Arrow ? new ArrowScores(stream, format) : new ParquetScores(stream, format);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Adds rows.</summary>
    /// <exception cref="IOException">The file cannot be written: the disk may be full.</exception>
    public void Write(ScoreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Width != Format.Width)
            throw new ArgumentException($"The file has {Format.Width} scores a row, but these rows have {batch.Width}.", nameof(batch));
        for (var i = 0; i < batch.Count; i++)
        {
            gathered.Add(batch, i);
            if (gathered.Count == gathered.Capacity)
                Flush();
        }
    }

    /// <summary>Writes what is gathered, and the file's end.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        if (gathered.Count > 0)
            Flush();
        Finish();
    }

    private void Flush()
    {
        WriteGroup(gathered);
        gathered.Count = 0;
    }

    private protected abstract void WriteGroup(ScoreBatch group);

    private protected abstract void Finish();

    /// <summary>Closes the file.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
