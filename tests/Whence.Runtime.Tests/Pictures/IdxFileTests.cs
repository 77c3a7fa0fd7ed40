using System.IO.Compression;
using System.Runtime.CompilerServices;
using Digits;

namespace Whence.Tests.Pictures;

public class IdxFileTests
{
    private static readonly byte[] Two = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Fact]
    public void Items_are_read_plain_and_compressed()
    {
        foreach (var file in new[] { IdxFile.Read(Two), IdxFile.Read(Gzip(Two)) })
        {
            Assert.Equal([2, 1, 3], file.Axes);
            Assert.Equal([1, 2, 3], file[0].ToArray());
            Assert.Equal([4, 5, 6], file[1].ToArray());
            Assert.Throws<ArgumentOutOfRangeException>(() => file[2].Length);
            Assert.Throws<ArgumentOutOfRangeException>(() => file[-1].Length);
        }
    }

    [Fact]
    public void The_sample_has_ten_digits_of_each_class()
    {
        var images = IdxFile.Open(Sample("digits-images-idx3-ubyte.gz"));
        var labels = IdxFile.Open(Sample("digits-labels-idx1-ubyte.gz"));

        Assert.Equal([100, 28, 28], images.Axes);
        Assert.Equal([100], labels.Axes);
        Assert.All(Enumerable.Range(0, 100).GroupBy(i => labels[i][0]), digits => Assert.Equal(10, digits.Count()));
        Assert.Equal([7, 2, 1, 0, 4], Enumerable.Range(0, 5).Select(i => (int)labels[i][0]));
    }

    [Fact]
    public void The_sample_has_all_test_digits_that_are_erased()
    {
        var images = IdxFile.Open(Sample("test489-images-idx3-ubyte.gz"));
        var labels = IdxFile.Open(Sample("test489-labels-idx1-ubyte.gz"));

        Assert.Equal([2965, 28, 28], images.Axes);
        // MNIST's test set has so many of them.
        Assert.Equal([(4, 982), (8, 974), (9, 1009)],
            Enumerable.Range(0, labels.Count).GroupBy(i => (int)labels[i][0]).Select(digits => (digits.Key, digits.Count())).Order());
    }

    [Fact]
    public void A_file_cut_anywhere_or_too_long_is_refused()
    {
        for (var length = 0; length < Two.Length; length++)
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(Two[..length]));
        Assert.Throws<InvalidDataException>(() => IdxFile.Read([.. Two, 0]));
        Assert.Throws<InvalidDataException>(() => IdxFile.Read(Gzip(Gzip(Two))));
    }

    [Fact]
    public void Malformed_headers_never_crash()
    {
        var random = new Random(3);
        for (var round = 0; round < 5000; round++)
        {
            var file = (byte[])Two.Clone();
            for (var change = 0; change <= round % 3; change++)
                file[random.Next(16)] = (byte)random.Next(256);
            Refuses(file);
            var packed = Gzip(Two);
            packed[random.Next(packed.Length)] ^= (byte)(1 << random.Next(8));
            Refuses(packed);
        }
        byte[] huge = [0, 0, 8, 3, 16, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0];
        Assert.Throws<InvalidDataException>(() => IdxFile.Read(huge));
    }

    private static void Refuses(byte[] file)
    {
        try
        {
            var read = IdxFile.Read(file);
            Assert.Equal(6, Enumerable.Range(0, read.Count).Sum(i => read[i].Length));
        }
        catch (InvalidDataException)
        {
            return;
        }
    }

    private static byte[] Gzip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain);
        return packed.ToArray();
    }

    private static string Sample(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "samples", "Digits", name);
}
