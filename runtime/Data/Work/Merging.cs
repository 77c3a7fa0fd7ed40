using System.Globalization;
using System.Text.Json;

namespace Whence.Data;

/// <summary>Joins the parts of a finished job into one file, and its records into one manifest beside it.</summary>
internal static class Merging
{
    /// <summary>Checks that every part is finished, then writes the file and its manifest.</summary>
    /// <returns>The records of all parts.</returns>
    /// <exception cref="InvalidDataException">Parts are of another job; the message says which.</exception>
    /// <exception cref="UnfinishedException">Parts are missing or damaged; the message says which.</exception>
    public static IReadOnlyList<PartRecord> Run(string folder, string result)
    {
        var job = Job.Read(folder);
        var (records, missing, strange) = (new List<PartRecord>(), new List<long>(), new List<long>());
        for (var part = 0L; part < job.Parts; part++)
        {
            if (PartRecord.Finished(folder, part, job) is { } record)
                records.Add(record);
            else if (PartRecord.IsOfAnotherJob(folder, part, job))
                strange.Add(part);
            else
                missing.Add(part);
        }
        if (strange.Count > 0)
            throw new InvalidDataException($"{strange.Count} of {job.Parts} parts are of another job than {Job.FileName} says, of another "
                + $"network, weights, input or question: {Ranges(strange)}. Nothing is joined.");
        if (missing.Count > 0)
            throw new UnfinishedException(
                $"{missing.Count} of {job.Parts} parts are not finished: {Ranges(missing)}. Run their workers again "
                    + "with --resume.");
        result = Path.GetFullPath(result);
        foreach (var written in new[] { result, result + ".json" })
            Durable.DeleteLeftovers(Path.GetDirectoryName(written)!, Path.GetFileName(written));
        Durable.Write(result, temporary => Join(folder, job, temporary));
        Durable.Write(result + ".json", Manifest(job, records, FileHash.Of(result)));
        return records;
    }

    private static void Join(string folder, Job job, string path)
    {
        ScoreWriter? to = null;
        try
        {
            for (var part = 0L; part < job.Parts; part++)
            {
                using var scores = ScoreTable.Open(PartRecord.ScoresPath(folder, part, job.Format));
                to ??= ScoreWriter.Create(path, scores.Format);
                foreach (var batch in scores.Batches())
                    to.Write(batch);
            }
            if (to is null)
                throw new UnfinishedException("The input has no rows, so there is nothing to join.");
            to.Complete();
        }
        finally
        {
            to?.Dispose();
        }
    }

    private static byte[] Manifest(Job job, IReadOnlyList<PartRecord> records, string hash)
    {
        var (gaps, unreadable) = (new GapCounts(), new UnreadableStretches());
        foreach (var record in records)
        {
            gaps.Add(record.Gaps);
            unreadable.Add(record.Unreadable);
        }
        using var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("scores sha256", hash);
            json.WriteNumber("parts", records.Count);
            json.WriteStartObject("parts by vector bits");
            foreach (var width in records.GroupBy(record => record.VectorBits).OrderBy(width => width.Key))
                json.WriteNumber(width.Key.ToString(CultureInfo.InvariantCulture), width.Count());
            json.WriteEndObject();
            PartRecord.WriteCounts(json, records.Sum(record => record.Rows), unreadable, gaps);
            json.WriteStartObject("job");
            job.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return to.ToArray();
    }

    /// <summary>"3, 5-9, 12": at most ten stretches.</summary>
    private static string Ranges(List<long> parts)
    {
        var stretches = new List<(long First, long Last)>();
        foreach (var part in parts)
        {
            if (stretches.Count > 0 && stretches[^1].Last == part - 1)
                stretches[^1] = (stretches[^1].First, part);
            else
                stretches.Add((part, part));
        }
        var said = string.Join(", ", stretches.Take(10).Select(one => one.First == one.Last ? $"{one.First}" : $"{one.First}-{one.Last}"));
        return stretches.Count > 10 ? said + ", ..." : said;
    }
}

/// <summary>Parts of a job are missing.</summary>
internal sealed class UnfinishedException(string message) : Exception(message);
