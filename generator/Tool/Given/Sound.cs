using System.Buffers.Binary;
using System.Globalization;
using Whence.Import;

namespace Whence.Tool.Given;

/// <summary>WAV files: samples of 8 to 32 bits or real numbers, as numbers from -1 to 1.</summary>
internal static class Sound
{
    private const int Whole = 1, Real = 3, Extensible = 0xFFFE;

    private readonly record struct Format(int Kind, int Channels, int Rate, int Bits);

    /// <summary>As many samples as the input [samples] or [channels, samples] has; where the file ends before, zeros.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">The input.</param>
    /// <param name="start">Where to begin, in seconds.</param>
    /// <exception cref="InvalidDataException">The file is no such sound, or the input takes none.</exception>
    public static GivenInput Read(string path, ImportedValue input, double start)
    {
        if (input.Kind == "Tokens" || Inputs.Core(input.Axes) is not ([_] or [_, _]))
            throw new InvalidDataException("it takes no sound");
        var core = Inputs.Core(input.Axes);
        var (channels, length) = core.Length == 1 ? (1, core[0]) : (core[0], core[1]);
        var (format, samples) = Parse(File.ReadAllBytes(path));
        if (channels > 1 && format.Channels != channels)
            throw new InvalidDataException($"it has {format.Channels} channels in place of {channels}");
        var (first, count) = ((int)(start * format.Rate), samples.Length / format.Channels);
        if (first >= count)
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"it ends at {(double)count / format.Rate:0.###} s, before {start} s"));
        var numbers = new float[channels * length];
        for (var i = 0; i < Math.Min(length, count - first); i++)
        {
            var frame = samples.AsSpan((first + i) * format.Channels, format.Channels);
            for (var channel = 0; channel < channels; channel++)
                numbers[channel * length + i] = channels > 1 ? frame[channel] : Mean(frame);
        }
        var fits = Math.Min(length, count - first);
        return new($"{Path.GetFileName(path)}")
        {
            Numbers = numbers,
            Note = string.Create(CultureInfo.InvariantCulture, $"{fits} of its {count} samples, from {start:0.###} s, at {format.Rate} Hz")
                + (fits < length ? $", and {length - fits} zeros." : "."),
        };
    }

    private static float Mean(ReadOnlySpan<float> frame)
    {
        var sum = 0f;
        foreach (var sample in frame)
            sum += sample;
        return sum / frame.Length;
    }

    private static (Format Format, float[] Samples) Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            throw new InvalidDataException("it is no .wav file");
        Format? format = null;
        for (var at = 12; at <= file.Length - 8;)
        {
            var name = file.Slice(at, 4);
            var size = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]), file.Length - at - 8);
            var chunk = file.Slice(at + 8, (int)size);
            if (name.SequenceEqual("fmt "u8))
                format = Head(chunk);
            else if (name.SequenceEqual("data"u8))
                return (format ?? throw new InvalidDataException("its format is missing"), Samples(chunk, format.Value));
            at += 8 + chunk.Length + chunk.Length % 2;
        }
        throw new InvalidDataException("it has no samples");
    }

    private static Format Head(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < 16)
            throw new InvalidDataException("its format is damaged");
        int Word(ReadOnlySpan<byte> of, int at) => BinaryPrimitives.ReadUInt16LittleEndian(of[at..]);
        var kind = Word(chunk, 0);
        var format = new Format(kind == Extensible && chunk.Length >= 26 ? Word(chunk, 24) : kind, Word(chunk, 2),
            BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]), Word(chunk, 14));
        var isRead = (format.Kind, format.Bits) is (Whole, 8 or 16 or 24 or 32) or (Real, 32 or 64);
        return isRead && format.Channels > 0 && format.Rate > 0 ? format
            : throw new InvalidDataException($"it holds samples of kind {format.Kind} in {format.Bits} bits, not plain numbers");
    }

    private static float[] Samples(ReadOnlySpan<byte> data, Format format)
    {
        var width = format.Bits / 8;
        var samples = new float[data.Length / width / format.Channels * format.Channels];
        for (var i = 0; i < samples.Length; i++)
        {
            var one = data.Slice(i * width, width);
            samples[i] = (format.Kind, width) switch
            {
                (Real, 4) => BinaryPrimitives.ReadSingleLittleEndian(one),
                (Real, _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(one),
                (_, 1) => (one[0] - 128) / 128f,
                (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(one) / 32768f,
                (_, 3) => (one[0] | one[1] << 8 | (sbyte)one[2] << 16) / 8388608f,
                _ => BinaryPrimitives.ReadInt32LittleEndian(one) / 2147483648f,
            };
        }
        return samples;
    }
}
