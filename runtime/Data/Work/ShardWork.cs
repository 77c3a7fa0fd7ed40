using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Whence.Data;

/// <summary>Explains a shard's parts, one after the other.</summary>
internal sealed class ShardWork(INetwork net, RowSource rows, Question question, Job job, string folder)
{
    private readonly int batchRows = RowExplainer.BatchRows(net.Signature, Environment.ProcessorCount);
    private RowExplainer? explainer;

    /// <summary>Explains what is not finished.</summary>
    /// <param name="shard">Which parts.</param>
    /// <param name="resume">Whether finished parts are left as they are.</param>
    /// <param name="done">Is told of each part, and whether it was finished before.</param>
    /// <param name="isStopped">Whether to end after the part in hand.</param>
    /// <returns>Whether all of them are finished.</returns>
    public bool Run(Shard shard, bool resume, Action<PartRecord, bool> done, Func<bool> isStopped)
    {
        var (first, end) = shard.Parts(job.Parts);
        for (var part = first; part < end; part++)
        {
            if (isStopped())
                return false;
            var finished = resume ? PartRecord.Finished(folder, part, job) : null;
            if (finished is not null && finished.RowsHash != HashRows(part))
                finished = null;
            done(finished ?? Explain(part), finished is not null);
        }
        return true;
    }

    private IEnumerable<RowBatch> RowsOf(long part) =>
        rows.Read(part * job.PartRows, Math.Min(job.PartRows, rows.Count - part * job.PartRows), batchRows);

    // A file that was edited since keeps its name and, it may be, its length.
    private string HashRows(long part)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in RowsOf(part))
            hash.AppendData(MemoryMarshal.AsBytes(batch.Values));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private PartRecord Explain(long part)
    {
        explainer ??= new RowExplainer(net, question, rows.Scores, batchRows);
        PartRecord? record = null;
        var hash = "";
        Durable.Write(PartRecord.ScoresPath(folder, part, job.Format), temporary =>
        {
            using (var to = ScoreWriter.Create(temporary, rows, question))
            {
                record = Explain(part, to);
                to.Complete();
            }
            hash = FileHash.Of(temporary);
        });
        record = record! with { ScoresHash = hash };
        Durable.Write(PartRecord.RecordPath(folder, part), record.Bytes());
        return record;
    }

    private PartRecord Explain(long part, ScoreWriter to)
    {
        var (gaps, unreadable) = (new GapCounts(), new UnreadableStretches());
        var explained = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in RowsOf(part))
        {
            hash.AppendData(MemoryMarshal.AsBytes(batch.Values));
            to.Write(explainer!.Explain(batch));
            foreach (var sum in explainer.Sums)
            {
                if (sum.RelativeGap is { } gap)
                    gaps.Add(gap);
            }
            explained += batch.Count;
            foreach (var row in batch.Unreadable.OrderBy(row => row.Row))
                unreadable.Add(row);
        }
        return new PartRecord(part, job.Key, "", Convert.ToHexStringLower(hash.GetHashAndReset()), explained, unreadable, gaps,
            Provenance.Vectors);
    }
}
