using System.Buffers.Binary;

namespace Whence.Data.Tests;

public sealed class OtherFormats
{
    private static readonly DnaNet dna = DnaNet.Load(Weights.Random(2));
    private static readonly ImageNet images = ImageNet.Load(Weights.Random(3));

    [Fact]
    public void SequencesAreOneHot()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("genes.fa", ">first a note\nACGT\nacgtACGT\n>second\r\nTTTTTTTTTTTT\r\n");
        var rows = Rows.Of(path, dna);
        Assert.Equal(["first", "second"], rows.Ids);
        Assert.Equal(Enumerable.Range(0, 48).Select(i => i / 12 == i % 12 % 4 ? 1f : 0), rows.Values[0]);
        Assert.Equal(Enumerable.Range(0, 48).Select(i => i >= 36 ? 1f : 0), rows.Values[1]);
    }

    [Fact]
    public void OtherLettersAndLengthsAreRefusedOrTakenAsIsSaid()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("genes.fasta.gz",
            CsvTests.Compressed(">a\nACGTNCGTACGT\n>b\nACGT\n>c\n\n>d\nACGTACGTACGTA\n>e\nAAAAAAAAAAAA"));
        var refused = Rows.Of(path, dna);
        Assert.Equal(["e"], refused.Ids);
        Assert.Equal(
            [
                "row 0: the letter \"N\" at position 4 is none of ACGT",
                "row 1: the sequence has 4 letters, but the network takes 12",
                "row 2: the sequence has 0 letters, but the network takes 12",
                "row 3: the sequence has 13 letters, but the network takes 12",
            ],
            refused.Unreadable);
        float[] At4(OtherLetters others) => [.. Enumerable.Range(0, 4).Select(letter =>
            Rows.Of(path, dna, new RowOptions { OtherLetters = others }).Values[0][letter * 12 + 4])];
        Assert.Equal([0, 0, 0, 0], At4(OtherLetters.None));
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], At4(OtherLetters.Even));
    }

    [Fact]
    public void AStretchOfSequencesIsTheSamePartOfTheWhole()
    {
        var random = new Random(4);
        string Letters() => string.Concat(Enumerable.Range(0, 12).Select(_ => "ACGT"[random.Next(4)] + (random.Next(6) == 0 ? "\n" : "")));
        using var folder = new TemporaryFolder();
        var path = folder.Write("genes.fna", string.Concat(Enumerable.Range(0, 9000).Select(i => $">s{i} >not one\n{Letters()}\n")));
        using var source = RowSource.Open(path, dna.Signature);
        Assert.Equal(9000, source.Count);
        var whole = Rows.Of(source, 512);
        foreach (var (first, count) in new[] { (8999, 1), (0, 10), (4095, 3), (4096, 4904), (17, 300), (17 + 300, 5) })
        {
            var part = Rows.Of(source, first, count, 100);
            Assert.Equal(whole.Ids.Skip(first).Take(count), part.Ids);
            Assert.Equal(whole.Values.Skip(first).Take(count), part.Values);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(4096, 4905, 100));
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("no.fa", "ACGT\n"), dna.Signature));
        Assert.Throws<InvalidDataException>(() => RowSource.Open(path, images.Signature));
    }

    [Fact]
    public void ImagesOfIdxFiles()
    {
        using var folder = new TemporaryFolder();
        byte[] file = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 3, .. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))];
        var rows = Rows.Of(folder.Write("train-images-idx3-ubyte", file), images, new RowOptions { Divisor = 10 });
        Assert.Equal(Enumerable.Range(12, 12).Select(i => (float)i), rows.Values[1]);
        var e = Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("short.idx", file[..^1]), images.Signature));
        Assert.Contains("39 bytes, but its header says 40", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("no.idx", "PK.."u8.ToArray()), images.Signature));
        byte[] floats = [0, 0, 13, 2, 0, 0, 0, 2, 0, 0, 0, 12,
            .. Enumerable.Range(0, 24).SelectMany(i => Big(i == 5 ? float.NaN : i / 2f))];
        var read = Rows.Of(folder.Write("floats.idx", floats), images);
        Assert.Equal(Enumerable.Range(12, 12).Select(i => i / 2f), Assert.Single(read.Values));
        Assert.Equal(["row 0: the number at place 5 is not finite"], read.Unreadable);
    }

    private static byte[] Big(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return bytes;
    }

    [Theory]
    [InlineData(WeightType.F32)]
    [InlineData(WeightType.F64)]
    [InlineData(WeightType.F16)]
    [InlineData(WeightType.BF16)]
    public void TensorsHoldRowsAlongTheirFirstAxis(WeightType type)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("rows.safetensors");
        Weights.Save(path, new Dictionary<string, Tensor>
        {
            ["image"] = new Tensor(new Shape(3, 4, 3), [.. Enumerable.Range(0, 36).Select(i => i / 4.0)]),
            ["label"] = new Tensor(new Shape(3), [1.0, 2, 3]),
        }, type);
        var rows = Rows.Of(path, images, batchRows: 2);
        Assert.Equal(Enumerable.Range(0, 36).Select(i => i / 4f), rows.Values.SelectMany(row => row));
        var e = Assert.Throws<InvalidDataException>(() => RowSource.Open(path, images.Signature, new RowOptions { Tensor = "label" }));
        Assert.Contains("should be [rows, ...] with 12 numbers", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => RowSource.Open(path, images.Signature, new RowOptions { Tensor = "images" }));
    }
}
