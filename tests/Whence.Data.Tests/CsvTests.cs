using System.IO.Compression;
using System.Text;

namespace Whence.Data.Tests;

public sealed class CsvTests
{
    private static readonly PersonNet net = PersonNet.Load(Weights.Random(1));

    private const string Text = "id,colour,age,income\nann,red,30,1.5\nbob,\"blue\",41.25,-2e1\n\n\"c, the \"\"third\"\"\",green, 7 ,0\n";

    [Fact]
    public void ColumnsBecomeTheElementsThatTheNetworkNames()
    {
        using var folder = new TemporaryFolder();
        var rows = Rows.Of(folder.Write("people.csv", Text), net, new RowOptions { IdColumn = "id" });
        Assert.Equal([[30, 1, 0, 1.5f, 0], [41.25f, 0, 1, -20, 0], [7, 0, 0, 0, 1]], rows.Values);
        Assert.Equal(["ann", "bob", "c, the \"third\""], rows.Ids);
        Assert.Equal([0, 1, 2], rows.Numbers);
        Assert.Empty(rows.Unreadable);
    }

    [Theory]
    [InlineData("\r\n", ',')]
    [InlineData("\n", ';')]
    [InlineData("\r\n", '\t')]
    public void SeparatorsAndLineEndsAreFound(string end, char separator)
    {
        using var folder = new TemporaryFolder();
        var text = "age,income,colour\n1,2,red\n3,4,blue".Replace(',', separator).Replace("\n", end);
        Assert.Equal([[1, 1, 0, 2, 0], [3, 0, 1, 4, 0]], Rows.Of(folder.Write("people.csv", text), net).Values);
    }

    [Fact]
    public void WhatCannotBeReadIsToldWithItsRowAndColumn()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("people.csv",
            "age,income,colour\n1,,red\n2,3,red\nx,3,red\n4,3\n5,3,pink\n6,1e99,red\nNaN,3,red\n8,3,NA\n");
        var rows = Rows.Of(path, net);
        Assert.Equal([1], rows.Numbers);
        Assert.Equal(
            [
                "row 0, column \"income\": no value",
                "row 2, column \"age\": \"x\", which is no number",
                "row 3: it has 2 values, but the file names 3 columns",
                "row 4, column \"colour\": \"pink\", which is none of its categories",
                "row 5, column \"income\": 1E+99, which no finite float holds",
                "row 6, column \"age\": no value",
                "row 7, column \"colour\": no value",
            ],
            rows.Unreadable);
    }

    [Fact]
    public void MissingValuesAreWhatIsSaid()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("people.csv", "age,income,colour\n,1,red\n2,3,\n4,5,pink\n");
        var schema = TableSchema.Of(net.Signature).WithMissing("age", "35").WithMissing("colour", "green").WithOthersAsNone();
        Assert.Equal([[35, 1, 0, 1, 0], [2, 0, 0, 3, 1], [4, 0, 0, 5, 0]], Rows.Of(path, net, new RowOptions { Schema = schema }).Values);
    }

    [Fact]
    public void WhichValuesWereMissingIsSaid()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("people.csv", "age,income,colour\n,1,red\n2,3,\n4,5,green\nNA,1,null\n");
        var schema = TableSchema.Of(net.Signature).WithMissing("age", "35").WithMissing("colour", "green");
        using var source = RowSource.Open(path, net.Signature, new RowOptions { Schema = schema });
        var batch = source.Read(10).Single();
        Assert.Equal(["age", "colour", "", "age, colour"],
            Enumerable.Range(0, batch.Count).Select(row => string.Join(", ", batch.MissingOf(row))));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.MissingOf(4));
    }

    [Fact]
    public void ACategoryMayBeCalledAsWhatIsMissing()
    {
        var column = new CategoryColumn("country", ["NA", "ZA"]);
        var elements = new float[2];
        Assert.Null(column.Write(Cell.OfText("NA"), elements));
        Assert.Equal([1, 0], elements);
    }

    [Fact]
    public void WrongSchemasAreRefused()
    {
        var schema = TableSchema.Of(net.Signature);
        Assert.Contains("\"height\"", Assert.Throws<ArgumentException>(() => schema.WithMissing("height", "1")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => schema.WithMissing("age", "old"));
        Assert.Throws<ArgumentException>(() => schema.WithMissing("colour", "pink"));
        Assert.Throws<ArgumentException>(() => TableSchema.Of(["a", "a"]));
        Assert.Throws<ArgumentException>(() => new CategoryColumn("a", ["x", "x"]));
        using var folder = new TemporaryFolder();
        var path = folder.Write("people.csv", "age,income\n1,2\n");
        Assert.Contains("no column \"colour\"; it has \"age\", \"income\"",
            Assert.Throws<InvalidDataException>(() => RowSource.Open(path, net.Signature)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("empty.csv", ""), net.Signature));
        Assert.Throws<InvalidDataException>(
            () => RowSource.Open(folder.Write("open.csv", "age,income,\"colour\n1,2,red\n"), net.Signature));
        Assert.Throws<ArgumentException>(() => RowSource.Open(folder.Write("people.xlsx", ""), net.Signature));
    }

    /// <summary>Any stretch, read after any other, is that part of the whole: with quotes that hold line ends, and blank lines.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStretchIsTheSamePartOfTheWhole(bool compressed)
    {
        const int Count = 10_000;
        var random = new Random(5);
        var text = new StringBuilder("id,age,income,colour\r\n");
        for (var i = 0; i < Count; i++)
        {
            text.Append($"\"a{(random.Next(3) == 0 ? "\r\n\"\",\n" : "")}{i}\",{i},{random.Next(100)},{(i % 7 == 0 ? "none" : "blue")}\n");
            text.Append(random.Next(5) == 0 ? "\r\n" : "");
        }
        using var folder = new TemporaryFolder();
        var path = compressed ? folder.Write("people.csv.gz", Compressed(text.ToString())) : folder.Write("people.csv", text.ToString());
        using var source = RowSource.Open(path, net.Signature, new RowOptions { IdColumn = "id" });
        Assert.Equal(Count, source.Count);
        var whole = Rows.Of(source, 1000);
        Assert.Equal(Enumerable.Range(0, Count).Where(i => i % 7 != 0).Select(i => (float)i), whole.Values.Select(row => row[0]));
        for (var trial = 0; trial < 20; trial++)
        {
            var first = random.Next(Count);
            var count = random.Next(1, Math.Min(500, Count - first) + 1);
            var part = Rows.Of(source, first, count, 64);
            var expected = Enumerable.Range(0, whole.Numbers.Length)
                .Where(i => whole.Numbers[i] >= first && whole.Numbers[i] < first + count);
            Assert.Equal(expected.Select(i => whole.Ids[i]), part.Ids);
            Assert.Equal(expected.Select(i => whole.Numbers[i]), part.Numbers);
            Assert.Equal(count, part.Numbers.Length + part.Unreadable.Length);
        }
    }

    internal static byte[] Compressed(string text)
    {
        using var to = new MemoryStream();
        using (var zip = new GZipStream(to, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return to.ToArray();
    }
}
