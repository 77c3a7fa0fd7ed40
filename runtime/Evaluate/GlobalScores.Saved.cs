using System.Text;

namespace Whence.Evaluate;

/// <summary>How a view of a shard goes to the process that merges them.</summary>
public sealed partial class GlobalScores
{
    private const string Begins = "whence global scores 1";

    /// <summary>Writes all that was summed up; the same rows give the same bytes.</summary>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Begins);
        writer.Write(Size);
        writer.Write(Options.Parts);
        writer.Write(Options.Resamples);
        writer.Write(Options.Confidence);
        writer.Write(Options.Seed);
        writer.Write(Options.Quantiles);
        writer.Write(names.Count);
        foreach (var name in names)
            writer.Write(name);
        for (var part = 0; part < sums.Length; part++)
        {
            writer.Write(counts[part]);
            foreach (var word in sums[part] ?? [])
                writer.Write(word);
        }
        for (var i = 0; i < Size; i++)
        {
            writer.Write(least[i]);
            writer.Write(most[i]);
        }
        foreach (var histogram in histograms)
        {
            writer.Write(histogram.Count);
            foreach (var (key, count) in histogram.OrderBy(pair => pair.Key))
            {
                writer.Write(key);
                writer.Write(count);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such view, or is cut or damaged.</exception>
    public static GlobalScores Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadString() != Begins)
                throw new InvalidDataException("This is no view of scores: it begins otherwise.");
            var size = reader.ReadInt32();
            var options = new GlobalOptions
            {
                Parts = reader.ReadInt32(), Resamples = reader.ReadInt32(), Confidence = reader.ReadDouble(), Seed = reader.ReadUInt64(),
                Quantiles = reader.ReadBoolean(),
            };
            var names = new List<string>();
            for (var left = reader.ReadInt32(); left > 0; left--)
                names.Add(reader.ReadString());
            var made = new GlobalScores(size, options) { Names = names };
            made.Read(reader);
            return made;
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"This view of scores is damaged: {error.Message}", error);
        }
    }

    private void Read(BinaryReader reader)
    {
        for (var part = 0; part < sums.Length; part++)
        {
            counts[part] = reader.ReadInt64();
            if (counts[part] < 0)
                throw new InvalidDataException($"This view of scores is damaged: part {part} has {counts[part]} rows.");
            if (counts[part] == 0)
                continue;
            var of = sums[part] = new ulong[Size * Stride];
            for (var i = 0; i < of.Length; i++)
                of[i] = reader.ReadUInt64();
        }
        for (var i = 0; i < Size; i++)
            (least[i], most[i]) = (reader.ReadSingle(), reader.ReadSingle());
        foreach (var histogram in histograms)
        {
            for (var left = reader.ReadInt32(); left > 0; left--)
                histogram.Add(reader.ReadUInt16(), reader.ReadInt64());
        }
    }
}
