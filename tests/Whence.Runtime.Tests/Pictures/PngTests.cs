using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class PngTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 1)]
    [InlineData(17, 5, 3)]
    [InlineData(300, 1, 3)]
    public void What_is_written_is_read_back(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(1).NextBytes(pixels);

        var read = Png.Read(Png.Write(new Picture(width, height, channels, pixels)));

        Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(pixels, read.Pixels.ToArray());
    }

    [Fact]
    public void A_smooth_picture_is_packed_as_differences_and_read_back()
    {
        var random = new Random(1);
        var pixels = Enumerable.Range(0, 64 * 64 * 3)
            .Select(i => (byte)(100 + 40 * Math.Sin(i / 3 % 64 / 9.0) + 40 * Math.Cos(i / 192 / 11.0) + random.Next(3)))
            .ToArray();

        var file = Png.Write(new Picture(64, 64, 3, pixels));

        Assert.Equal(pixels, Png.Read(file).Pixels.ToArray());
        // Rows as they are take over 8,000 bytes.
        Assert.InRange(file.Length, 1000, 6000);
    }

    [Fact]
    public void The_written_bytes_are_a_grey_PNG_of_one_row()
    {
        var file = Png.Write(new Picture(2, 1, 1, [10, 250]));

        // Signature and header, whose CRC was computed by Python's zlib.crc32.
        byte[] start = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0,
            0, 0, 0, 0xD1, 0x49, 0x20, 0x56];
        Assert.Equal(start, file[..start.Length]);
        var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(start.Length));
        using var zlib = new ZLibStream(new MemoryStream(file, start.Length + 8, length), CompressionMode.Decompress);
        var row = new byte[4];
        Assert.Equal(3, zlib.ReadAtLeast(row, 4, throwOnEndOfStream: false));
        Assert.Equal([0, 10, 250, 0], row);
        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], file[^12..]);
    }

    [Theory]
    [InlineData("grey.png", 1)]
    [InlineData("rgb.png", 3)]
    public void Every_filter_is_undone(string name, int channels)
    {
        var picture = Png.Read(Fixture(name));

        Assert.Equal((7, 11, channels), (picture.Width, picture.Height, picture.Channels));
        for (var i = 0; i < picture.Pixels.Length; i++)
            Assert.Equal(Sample(i / channels % 7, i / channels / 7, i % channels), picture.Pixels[i]);
    }

    [Theory]
    [InlineData("grey_alpha.png", 1)]
    [InlineData("rgba.png", 3)]
    public void Alpha_is_laid_over_white(string name, int channels)
    {
        var picture = Png.Read(Fixture(name));

        Assert.Equal(channels, picture.Channels);
        for (var i = 0; i < picture.Pixels.Length; i++)
        {
            var (x, y) = (i / channels % 7, i / channels / 7);
            var alpha = Sample(x, y, channels) / 255.0;
            Assert.Equal(Sample(x, y, i % channels) * alpha + 255 * (1 - alpha), picture.Pixels[i], 0.5000001);
        }
    }

    [Fact]
    public void A_palette_of_four_bits_gives_its_colours()
    {
        var picture = Png.Read(Fixture("palette.png"));

        Assert.Equal([16, 239, 7], picture[1, 0].ToArray());
        Assert.Equal([15 * 16, 15, 105], picture[6, 3].ToArray());
        // Colour 3 is (48, 207, 21) at alpha 128/255: 48 * 128/255 + 127 = 151.09, 207 * 128/255 + 127 = 230.9, 21 * 128/255 + 127 = 137.5.
        Assert.Equal([151, 231, 138], picture[3, 0].ToArray());
    }

    [Fact]
    public void One_bit_a_pixel_is_black_and_white()
    {
        var picture = Png.Read(Fixture("bits.png"));

        for (var y = 0; y < 11; y++)
        {
            for (var x = 0; x < 7; x++)
                Assert.Equal((x + y) % 2 == 0 ? 255 : 0, picture[x, y][0]);
        }
    }

    [Theory]
    [InlineData("interlaced.png", "interlac")]
    [InlineData("deep.png", "16 bits")]
    [InlineData("palette_missing.png", "palette")]
    [InlineData("palette_short.png", "palette has 2")]
    public void A_kind_that_is_not_read_is_refused_by_name(string name, string word)
    {
        var error = Assert.Throws<InvalidDataException>(() => Png.Read(Fixture(name)));
        Assert.Contains(word, error.Message);
    }

    [Fact]
    public void A_changed_byte_is_found_by_its_CRC()
    {
        var file = Fixture("rgb.png");
        for (var i = 0; i < file.Length; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Png.Read(damaged));
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var file = Fixture("palette.png");
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => Png.Read(file.AsSpan(0, length)));
    }

    [Fact]
    public void Malformed_chunks_with_a_right_CRC_never_crash()
    {
        var random = new Random(7);
        string[] names = ["grey.png", "rgb.png", "rgba.png", "palette.png", "bits.png", "grey_alpha.png"];
        for (var round = 0; round < 3000; round++)
        {
            var file = Fixture(names[round % names.Length]);
            for (var change = 0; change <= round % 4; change++)
                file[8 + random.Next(file.Length - 8)] = (byte)random.Next(256);
            MendCrcs(file);
            try
            {
                Png.Read(file);
            }
            catch (InvalidDataException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void A_huge_size_over_little_data_is_refused_before_memory_is_taken()
    {
        var file = Fixture("grey.png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 8000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 8000);
        MendCrcs(file);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => Png.Read(file));
        Assert.Contains("8000 x 8000", error.Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static int Sample(int x, int y, int sample) => (37 * x + 11 * y + 73 * sample) % 256;

    private static byte[] Fixture(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", name));

    private static void MendCrcs(byte[] file)
    {
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                return;
            var end = at + 8 + (int)length;
            var crc = uint.MaxValue;
            foreach (var value in file.AsSpan(at + 4, 4 + (int)length))
            {
                crc ^= value;
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), ~crc);
            at = end + 4;
        }
    }
}
