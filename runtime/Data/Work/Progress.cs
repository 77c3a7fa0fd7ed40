using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Whence.Data;

/// <summary>Tells what a worker does: one line that changes on a terminal, a line of JSON for each part otherwise.</summary>
internal sealed class Progress(TextWriter to, bool isTerminal, long parts)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private long done;
    private long rows;

    public long UnreadableCount { get; private set; }

    public void Tell(PartRecord part, bool wasFinished)
    {
        done++;
        rows += part.Rows;
        UnreadableCount += part.Unreadable.Count;
        if (isTerminal)
        {
            to.Write($"\r{done} of {parts} parts, {rows} rows, {UnreadableCount} unreadable, {watch.Elapsed.TotalSeconds:0} s ");
            if (done == parts)
                to.WriteLine();
            return;
        }
        Line("part", json =>
        {
            json.WriteNumber("part", part.Part);
            json.WriteBoolean("resumed", wasFinished);
            json.WriteNumber("rows", part.Rows);
            json.WriteNumber("unreadable", part.Unreadable.Count);
            if (part.Gaps.Largest is { } gap)
                json.WriteNumber("largestGap", gap);
        });
    }

    /// <summary>The end of a worker's work.</summary>
    public void End(string how)
    {
        if (isTerminal)
            to.WriteLine($"{how}: {done} of {parts} parts, {rows} rows, {UnreadableCount} unreadable, {PeakBytes >> 20} MB at most.");
        else
            Line(how, json =>
            {
                json.WriteNumber("parts", done);
                json.WriteNumber("of", parts);
                json.WriteNumber("rows", rows);
                json.WriteNumber("unreadable", UnreadableCount);
                json.WriteNumber("peakBytes", PeakBytes);
            });
    }

    // The most memory that the process had at any time.
    private static long PeakBytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    private void Line(string what, Action<Utf8JsonWriter> write)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("event", what);
            write(json);
            json.WriteNumber("seconds", Math.Round(watch.Elapsed.TotalSeconds, 3));
            json.WriteEndObject();
        }
        to.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
        to.Flush();
    }
}
