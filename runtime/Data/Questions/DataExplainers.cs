namespace Whence.Data;

/// <summary>What became of a file's rows.</summary>
/// <param name="Rows">How many rows were explained.</param>
/// <param name="UnreadableCount">How many were not.</param>
/// <param name="Unreadable">Those, the first thousand.</param>
/// <param name="LargestGap">The largest relative gap (<see cref="Completeness.RelativeGap"/>); null where the method's scores are not meant
/// to add up.</param>
public sealed record DataSummary(long Rows, long UnreadableCount, IReadOnlyList<UnreadableRow> Unreadable, double? LargestGap);

/// <summary>Explains files of rows.</summary>
public static class DataExplainers
{
    private const int Listed = 1000;

    /// <summary>
    /// Explains every row, in order and with bounded memory. A row that cannot be read or explained is left out of the results, is told in
    /// the summary, and does not stop the others.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="question">What is asked about them.</param>
    /// <param name="results">Where the answers are written; it is completed at the end.</param>
    /// <param name="progress">Is told, after every batch, how many rows are done.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    public static DataSummary Explain(this INetwork net, RowSource rows, Question question, ScoreWriter results,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(results);
        var batchRows = RowExplainer.BatchRows(net.Signature, Environment.ProcessorCount);
        var explainer = new RowExplainer(net, question, rows.Scores, batchRows);
        var (done, failed, largest) = (0L, 0L, (double?)null);
        var unreadable = new List<UnreadableRow>();
        foreach (var batch in rows.Read(batchRows))
        {
            cancellation.ThrowIfCancellationRequested();
            results.Write(explainer.Explain(batch));
            done += batch.Count;
            failed += batch.Unreadable.Count;
            unreadable.AddRange(batch.Unreadable.Take(Listed - unreadable.Count));
            foreach (var sum in explainer.Sums)
                largest = sum.RelativeGap is { } gap && !(gap <= largest) ? gap : largest;
            progress?.Report(done + failed);
        }
        results.Complete();
        return new DataSummary(done, failed, unreadable, largest);
    }
}
