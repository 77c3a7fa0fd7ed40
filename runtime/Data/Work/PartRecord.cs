using System.Globalization;
using System.Text.Json;

namespace Whence.Data;

/// <summary>
/// What became of one part: rows [part * PartRows, ...) of the file. It is written after the part's scores, so that a part is finished
/// exactly where it has a record whose hash is that of its scores.
/// </summary>
internal sealed record PartRecord(long Part, string JobKey, string ScoresHash, string RowsHash, long Rows,
    UnreadableStretches Unreadable, GapCounts Gaps, int VectorBits)
{
    public static string ScoresPath(string folder, long part, string format) => Path.Combine(folder, Name(part) + format);

    public static string RecordPath(string folder, long part) => Path.Combine(folder, Name(part) + ".json");

    private static string Name(long part) => string.Create(CultureInfo.InvariantCulture, $"part-{part:00000000}");

    public byte[] Bytes()
    {
        using var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("part", Part);
            json.WriteString("job", JobKey);
            json.WriteString("scores sha256", ScoresHash);
            json.WriteString("rows sha256", RowsHash);
            json.WriteNumber("vector bits", VectorBits);
            WriteCounts(json, Rows, Unreadable, Gaps);
            json.WriteEndObject();
        }
        return to.ToArray();
    }

    public static void WriteCounts(Utf8JsonWriter json, long rows, UnreadableStretches unreadable, GapCounts gaps)
    {
        json.WriteNumber("rows", rows);
        json.WriteNumber("unreadable", unreadable.Count);
        json.WriteStartArray("unreadable rows");
        foreach (var stretch in unreadable.Listed)
        {
            json.WriteStartObject();
            json.WriteNumber("row", stretch.First);
            if (stretch.Last > stretch.First)
                json.WriteNumber("last row", stretch.Last);
            json.WriteString("column", stretch.Column);
            json.WriteString("problem", stretch.Problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("gaps up to 1e-8, 1e-7, ... 1, above");
        foreach (var count in gaps.Counts)
            json.WriteNumberValue(count);
        json.WriteEndArray();
        if (gaps.Largest is { } largest)
            json.WriteNumber("largest gap", largest);
        else
            json.WriteNull("largest gap");
    }

    /// <summary>A finished part's record; null of a part that is not, or not of this job.</summary>
    public static PartRecord? Finished(string folder, long part, Job job)
    {
        var (scores, record) = (ScoresPath(folder, part, job.Format), RecordPath(folder, part));
        if (!File.Exists(record) || !File.Exists(scores))
            return null;
        var found = Read(record);
        return found is not null && found.Part == part && found.JobKey == job.Key && found.ScoresHash == FileHash.Of(scores) ? found : null;
    }

    /// <summary>Whether what is there was made by a worker of another job: another network, weights, input or question.</summary>
    public static bool IsOfAnotherJob(string folder, long part, Job job) =>
        File.Exists(RecordPath(folder, part)) && Read(RecordPath(folder, part)) is { } found && found.JobKey != job.Key;

    private static PartRecord? Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var json = document.RootElement;
            var counts = json.GetProperty("gaps up to 1e-8, 1e-7, ... 1, above").EnumerateArray().Select(count => count.GetInt64());
            var largest = json.GetProperty("largest gap");
            return new PartRecord(json.GetProperty("part").GetInt64(), json.GetProperty("job").GetString()!,
                json.GetProperty("scores sha256").GetString()!, json.GetProperty("rows sha256").GetString()!,
                json.GetProperty("rows").GetInt64(), UnreadableStretches.Of(json.GetProperty("unreadable").GetInt64(),
                    json.GetProperty("unreadable rows").EnumerateArray().Select(StretchOf)),
                GapCounts.Of([.. counts], largest.ValueKind == JsonValueKind.Null ? null : largest.GetDouble()),
                json.GetProperty("vector bits").GetInt32());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException
            or InvalidDataException)
        {
            // A damaged record is none: its part is explained again.
            return null;
        }
    }

    private static UnreadableStretch StretchOf(JsonElement json)
    {
        var first = json.GetProperty("row").GetInt64();
        return new UnreadableStretch(first, json.TryGetProperty("last row", out var last) ? last.GetInt64() : first,
            json.GetProperty("column").GetString(), json.GetProperty("problem").GetString()!);
    }
}
