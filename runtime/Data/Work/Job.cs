using System.Security.Cryptography;
using System.Text.Json;

namespace Whence.Data;

/// <summary>
/// What all workers of one folder have in common: network, weights, rows, question, size of parts. It is kept as job.json, the same bytes
/// whoever writes it, and a worker with another job does not mix its parts in.
/// </summary>
internal sealed class Job
{
    public const string FileName = "job.json";

    private readonly SortedDictionary<string, string> facts = new(StringComparer.Ordinal);

    private Job()
    {
    }

    /// <summary>What it says, by name.</summary>
    public IReadOnlyDictionary<string, string> Facts => facts;

    /// <summary>How many rows a part has.</summary>
    public int PartRows => int.Parse(facts["part rows"], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many rows the file has.</summary>
    public long Rows => long.Parse(facts["rows"], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many parts.</summary>
    public long Parts => (Rows + PartRows - 1) / PartRows;

    /// <summary>The ending of parts, ".parquet" or ".arrow".</summary>
    public string Format => facts["format"];

    /// <summary>A hash of all that it says.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Bytes()));

    public static Job Of(INetwork net, WorkerOptions options, RowSource rows)
    {
        var job = new Job();
        // The width of vectors is each part's own: workers may run on machines that differ.
        var program = Provenance.Of(net, options.Weights);
        job.facts["network"] = program.Network;
        job.facts["network hash"] = program.NetworkHash;
        job.facts["network version"] = program.NetworkVersion;
        job.facts["whence version"] = program.WhenceVersion;
        job.facts["weights hash"] = program.WeightsHash;
        job.facts["input"] = Path.GetFileName(options.Input);
        job.facts["input bytes"] = FormattableString.Invariant($"{new FileInfo(options.Input).Length}");
        job.facts["input ends hash"] = FileHash.OfEnds(options.Input);
        job.facts["rows"] = FormattableString.Invariant($"{rows.Count}");
        job.facts["part rows"] = FormattableString.Invariant($"{options.PartRows}");
        job.facts["format"] = options.Format;
        if (options.Reference is { } reference)
            job.facts["reference hash"] = FileHash.Of(reference);
        foreach (var (name, value) in options.Asked)
            job.facts[name] = value;
        return job;
    }

    public byte[] Bytes()
    {
        using var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteTo(json);
            json.WriteEndObject();
        }
        return to.ToArray();
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        foreach (var (name, value) in facts)
            json.WriteString(name, value);
    }

    /// <exception cref="InvalidDataException">The folder holds no job, or a damaged one.</exception>
    public static Job Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidDataException($"{folder} has no {FileName}: no worker has begun there.");
        var job = new Job();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var fact in json.RootElement.EnumerateObject())
                job.facts[fact.Name] = fact.Value.GetString() ?? "";
            _ = (job.PartRows, job.Rows, job.Format);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException
            or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is damaged: {error.Message}", error);
        }
        return job;
    }

    /// <summary>Writes it, if the folder has none, or sees that the folder's is the same.</summary>
    /// <exception cref="InvalidDataException">The folder's is another; the message says in what.</exception>
    public void Claim(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)))
            Durable.Write(Path.Combine(folder, FileName), Bytes());
        var there = Read(folder);
        foreach (var name in facts.Keys.Union(there.facts.Keys).Order(StringComparer.Ordinal))
        {
            var (own, other) = (facts.GetValueOrDefault(name), there.facts.GetValueOrDefault(name));
            if (own != other)
                throw new InvalidDataException($"{folder} holds parts of another job, whose {name} is {other ?? "not said"}, not "
                    + $"{own ?? "left open"}: take an empty folder.");
        }
    }
}
