using System.Buffers.Binary;
using System.IO.Compression;

namespace Whence.Pictures;

/// <summary>
/// Portable Network Graphics (ISO/IEC 15948). Writes 8-bit grey and RGB. Reads grey and palette pictures of 1, 2, 4 and 8 bits, RGB,
/// and both kinds with alpha, which is laid over white; neither 16 bits nor interlacing.
/// </summary>
public static class Png
{
    private const int Header = 0x49484452;       // IHDR
    private const int PaletteChunk = 0x504C5445; // PLTE
    private const int Transparency = 0x74524E53; // tRNS
    private const int Data = 0x49444154;         // IDAT
    private const int End = 0x49454E44;          // IEND
    private const int AnimationControl = 0x6163544C; // acTL
    private const int FrameControl = 0x6663544C;     // fcTL
    private const int FrameData = 0x66644154;        // fdAT

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture as the bytes of a PNG file.</summary>
    public static byte[] Write(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var file = new MemoryStream();
        WriteHeader(file, picture);
        WriteChunk(file, Data, Compress(picture));
        WriteChunk(file, End, []);
        return file.ToArray();
    }

    /// <summary>Pictures of one kind as an animated PNG: the first is also the still picture.</summary>
    internal static byte[] WriteAnimation(IReadOnlyList<Picture> frames, ushort milliseconds, int plays)
    {
        var file = new MemoryStream();
        WriteHeader(file, frames[0]);
        Span<byte> control = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(control, frames.Count);
        BinaryPrimitives.WriteInt32BigEndian(control[4..], plays);
        WriteChunk(file, AnimationControl, control);
        var sequence = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            WriteFrameControl(file, frames[i], sequence++, milliseconds);
            var data = Compress(frames[i]);
            if (i == 0)
                WriteChunk(file, Data, data);
            else
                WriteChunk(file, FrameData, Numbered(sequence++, data));
        }
        WriteChunk(file, End, []);
        return file.ToArray();
    }

    /// <summary>Writes a PNG file.</summary>
    public static void Save(Picture picture, string path) => File.WriteAllBytes(path, Write(picture));

    /// <summary>Reads the bytes of a PNG file.</summary>
    /// <exception cref="InvalidDataException">The bytes are no PNG, are damaged, or of a kind that is not read; the message says which and
    /// where.</exception>
    public static Picture Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
            throw new InvalidDataException("This is no PNG file: it does not start with PNG's signature.");
        var png = new Reading();
        var offset = Signature.Length;
        while (!png.Ended)
            offset += ReadChunk(file, offset, png);
        return png.Picture();
    }

    /// <summary>Reads a PNG file.</summary>
    /// <exception cref="InvalidDataException">The file is no PNG, is damaged, or of a kind that is not read; the message says which and
    /// where.</exception>
    public static Picture Open(string path) => Read(File.ReadAllBytes(path));

    private static void WriteHeader(Stream file, Picture picture)
    {
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = 8;
        header[9] = (byte)(picture.Channels == 1 ? ColourType.Grey : ColourType.Rgb);
        header[10..].Clear();
        WriteChunk(file, Header, header);
    }

    private static void WriteFrameControl(Stream file, Picture frame, int sequence, ushort milliseconds)
    {
        Span<byte> control = stackalloc byte[26];
        control.Clear();
        BinaryPrimitives.WriteInt32BigEndian(control, sequence);
        BinaryPrimitives.WriteInt32BigEndian(control[4..], frame.Width);
        BinaryPrimitives.WriteInt32BigEndian(control[8..], frame.Height);
        BinaryPrimitives.WriteUInt16BigEndian(control[20..], milliseconds);
        BinaryPrimitives.WriteUInt16BigEndian(control[22..], 1000);
        WriteChunk(file, FrameControl, control);
    }

    private static byte[] Numbered(int sequence, byte[] data)
    {
        var numbered = new byte[4 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(numbered, sequence);
        data.CopyTo(numbered, 4);
        return numbered;
    }

    private enum ColourType : byte
    {
        Grey = 0,
        Rgb = 2,
        Palette = 3,
        GreyAlpha = 4,
        Rgba = 6,
    }

    /// <summary>
    /// Heat maps are flat squares, which deflate finds by itself; photographs pack better as differences. Whichever is smaller.
    /// </summary>
    private static byte[] Compress(Picture picture)
    {
        var (plain, filtered) = (Compress(picture, filter: false), Compress(picture, filter: true));
        return plain.Length <= filtered.Length ? plain : filtered;
    }

    private static byte[] Compress(Picture picture, bool filter)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = picture.Width * picture.Channels;
            var (best, tried) = (new byte[1 + row], new byte[1 + row]);
            for (var y = 0; y < picture.Height; y++)
            {
                var above = y == 0 ? new byte[row] : picture.Pixels.Slice((y - 1) * row, row);
                Filter(0, picture.Pixels.Slice(y * row, row), above, picture.Channels, best);
                for (byte kind = 1; filter && kind <= 4; kind++)
                {
                    Filter(kind, picture.Pixels.Slice(y * row, row), above, picture.Channels, tried);
                    if (Size(tried) < Size(best))
                        (best, tried) = (tried, best);
                }
                zlib.Write(best);
            }
        }
        return packed.ToArray();
    }

    /// <summary>Writes the filter's number and the row's differences from what the filter foretells of it.</summary>
    private static void Filter(byte kind, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> filtered)
    {
        filtered[0] = kind;
        for (var i = 0; i < row.Length; i++)
            filtered[1 + i] = (byte)(row[i] - Foretold(kind, i < step ? 0 : row[i - step], above[i], i < step ? 0 : above[i - step]));
    }

    /// <summary>What a filter expects of a byte from its neighbours (PNG, section 9.2).</summary>
    private static int Foretold(int filter, int left, int up, int corner) => filter switch
    {
        1 => left,
        2 => up,
        3 => (left + up) / 2,
        4 => Paeth(left, up, corner),
        _ => 0,
    };

    private static int Paeth(int left, int up, int corner)
    {
        var (byLeft, byUp, byCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        if (byLeft <= byUp && byLeft <= byCorner)
            return left;
        return byUp <= byCorner ? up : corner;
    }

    /// <summary>The differences' sum as signed bytes: the smallest packs best, by the standard's own advice (section 12.7).</summary>
    private static int Size(ReadOnlySpan<byte> filtered)
    {
        var size = 0;
        foreach (var difference in filtered[1..])
            size += Math.Abs((int)(sbyte)difference);
        return size;
    }

    private static void WriteChunk(Stream file, int type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        BinaryPrimitives.WriteInt32BigEndian(word, type);
        file.Write(word);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Of(word, data));
        file.Write(word);
    }

    private static int ReadChunk(ReadOnlySpan<byte> file, int offset, Reading png)
    {
        const int frame = 12;
        if (file.Length - offset < frame)
            throw new InvalidDataException(
                $"The PNG ends at byte {file.Length}, where a chunk of at least {frame} bytes was expected at byte {offset}.");
        var length = BinaryPrimitives.ReadInt32BigEndian(file[offset..]);
        if (length < 0 || length > file.Length - offset - frame)
            throw new InvalidDataException(
                $"The PNG's chunk at byte {offset} announces {(uint)length} bytes of data, but the file has {file.Length} bytes.");
        var checkedPart = file.Slice(offset + 4, 4 + length);
        var crc = BinaryPrimitives.ReadUInt32BigEndian(file[(offset + 8 + length)..]);
        if (Crc32.Of(checkedPart) != crc)
            throw new InvalidDataException($"The PNG's chunk at byte {offset} is damaged: its CRC does not match.");
        png.Take(BinaryPrimitives.ReadInt32BigEndian(checkedPart), checkedPart[4..], offset);
        return frame + length;
    }

    /// <summary>What has been read of a file so far.</summary>
    private sealed class Reading
    {
        private readonly MemoryStream packed = new();
        private int width;
        private int height;
        private int depth;
        private ColourType type;
        private byte[]? palette;
        private byte[]? transparency;

        public bool Ended { get; private set; }

        private int Samples => type switch
        {
            ColourType.Rgb => 3,
            ColourType.GreyAlpha => 2,
            ColourType.Rgba => 4,
            _ => 1,
        };

        private int RowBytes => checked((int)(((long)width * Samples * depth + 7) / 8));

        public void Take(int chunk, ReadOnlySpan<byte> data, int offset)
        {
            if (width == 0 != (chunk == Header))
                throw new InvalidDataException($"The PNG's chunk at byte {offset} is out of place: one IHDR chunk comes first.");
            switch (chunk)
            {
                case Header:
                    TakeHeader(data);
                    break;
                case PaletteChunk:
                    if (data.Length is 0 or > 768 || data.Length % 3 != 0)
                        throw new InvalidDataException(
                            $"The PNG's palette has {data.Length} bytes, but takes 3 for each of 1 to 256 colours.");
                    palette = data.ToArray();
                    break;
                case Transparency:
                    transparency = data.ToArray();
                    break;
                case Data:
                    packed.Write(data);
                    break;
                case End:
                    Ended = true;
                    break;
                default:
                    // A type whose first letter is a capital must be understood to show the picture; others may be passed over.
                    if ((chunk >> 24 & 0x20) == 0)
                        throw new InvalidDataException(
                            $"The PNG's chunk at byte {offset} is of an unknown type that cannot be passed over.");
                    break;
            }
        }

        public Picture Picture()
        {
            CheckTransparency();
            if (type == ColourType.Palette && palette is null)
                throw new InvalidDataException("The PNG's pixels refer to a palette, but there is none.");
            // Deflate never packs more than 1032 bytes into one, so a file that promises more is refused before memory is taken.
            if (packed.Length * 1032 < (long)(RowBytes + 1) * height)
                throw new InvalidDataException(
                    $"The PNG promises {width} x {height} pixels, more than its {packed.Length} bytes of compressed data can hold.");
            var channels = type is ColourType.Grey or ColourType.GreyAlpha ? 1 : 3;
            var pixels = new byte[width * height * channels];
            packed.Position = 0;
            using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
            ReadRows(zlib, pixels, channels);
            return Pictures.Picture.Own(width, height, channels, pixels);
        }

        private void TakeHeader(ReadOnlySpan<byte> data)
        {
            if (data.Length != 13)
                throw new InvalidDataException($"The PNG's header has {data.Length} bytes, but takes 13.");
            (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
            if (width < 1 || height < 1 || (long)width * height > Pictures.Picture.MostPixels)
                throw new InvalidDataException(
                    $"The PNG is {(uint)width} x {(uint)height} pixels; 1 to {Pictures.Picture.MostPixels} pixels are read.");
            (depth, type) = (data[8], (ColourType)data[9]);
            var known = type is ColourType.Grey or ColourType.Palette ? depth is 1 or 2 or 4 or 8 : Enum.IsDefined(type) && depth == 8;
            if (!known)
                throw new InvalidDataException($"The PNG has colour type {data[9]} with {depth} bits a sample; 8 bits are read, and 1, 2 "
                    + "or 4 for grey and palette. Save it with 8 bits.");
            if (data[10] != 0 || data[11] != 0)
                throw new InvalidDataException($"The PNG has compression method {data[10]} and filter method {data[11]}; there is only 0.");
            if (data[12] != 0)
                throw new InvalidDataException("The PNG is interlaced, which is not read. Save it without interlacing.");
        }

        private void CheckTransparency()
        {
            var fits = transparency is null || type switch
            {
                ColourType.Grey => transparency.Length == 2,
                ColourType.Rgb => transparency.Length == 6,
                ColourType.Palette => transparency.Length <= 256,
                _ => false,
            };
            if (!fits)
                throw new InvalidDataException(
                    $"The PNG's transparency chunk of {transparency!.Length} bytes does not fit colour type {(int)type}.");
        }

        private void ReadRows(ZLibStream zlib, byte[] pixels, int channels)
        {
            var row = new byte[RowBytes];
            var above = new byte[RowBytes];
            var step = Math.Max(1, Samples * depth / 8);
            for (var y = 0; y < height; y++)
            {
                Unfilter(ReadRow(zlib, row, y), row, above, step, y);
                for (var x = 0; x < width; x++)
                    Show(row, x, pixels.AsSpan((y * width + x) * channels, channels));
                (row, above) = (above, row);
            }
        }

        /// <summary>Fills a row and gives its filter.</summary>
        private int ReadRow(ZLibStream zlib, byte[] row, int y)
        {
            try
            {
                var filter = zlib.ReadByte();
                zlib.ReadExactly(row);
                return filter;
            }
            catch (Exception damage) when (damage is EndOfStreamException or InvalidDataException)
            {
                throw new InvalidDataException($"The PNG's compressed data is damaged or ends in row {y} of {height}.", damage);
            }
        }

        private static void Unfilter(int filter, byte[] row, byte[] above, int step, int y)
        {
            if (filter is < 0 or > 4)
                throw new InvalidDataException($"Row {y} of the PNG has filter {filter}; there are 0 to 4.");
            for (var i = 0; i < row.Length; i++)
                row[i] += (byte)Foretold(filter, i < step ? 0 : row[i - step], above[i], i < step ? 0 : above[i - step]);
        }

        /// <summary>One pixel of an unfiltered row, laid over white.</summary>
        private void Show(byte[] row, int x, Span<byte> pixel)
        {
            var samples = row.AsSpan(x * Samples * depth / 8, Samples * Math.Max(depth, 8) / 8);
            switch (type)
            {
                case ColourType.Grey:
                    var grey = Packed(row, x);
                    pixel[0] = IsKey(grey) ? (byte)255 : (byte)(grey * 255 / ((1 << depth) - 1));
                    break;
                case ColourType.Palette:
                    ShowPalette(Packed(row, x), pixel);
                    break;
                case ColourType.Rgb:
                    samples.CopyTo(pixel);
                    if (IsKey(samples[0], samples[1], samples[2]))
                        pixel.Fill(255);
                    break;
                default:
                    OverWhite(samples[..^1], samples[^1], pixel);
                    break;
            }
        }

        private void ShowPalette(int index, Span<byte> pixel)
        {
            if (index >= palette!.Length / 3)
                throw new InvalidDataException($"A pixel of the PNG has palette colour {index}, but the palette has {palette.Length / 3}.");
            var alpha = transparency is not null && index < transparency.Length ? transparency[index] : (byte)255;
            OverWhite(palette.AsSpan(3 * index, 3), alpha, pixel);
        }

        private int Packed(byte[] row, int x)
        {
            var bit = x * depth;
            return row[bit / 8] >> (8 - depth - bit % 8) & (1 << depth) - 1;
        }

        private bool IsKey(params ReadOnlySpan<int> samples)
        {
            if (transparency is null)
                return false;
            for (var i = 0; i < samples.Length; i++)
            {
                if (BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * i)) != samples[i])
                    return false;
            }
            return true;
        }

        private static void OverWhite(ReadOnlySpan<byte> colour, byte alpha, Span<byte> pixel)
        {
            for (var i = 0; i < colour.Length; i++)
                pixel[i] = (byte)((colour[i] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
    }
}
