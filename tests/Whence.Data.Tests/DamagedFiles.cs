using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Whence.Data.Tests;

/// <summary>
/// What of a file can be read is explained, with the numbers that its rows have; what cannot is told by its rows' numbers, and counted.
/// </summary>
public sealed class DamagedFiles
{
    private const int Groups = 4;
    private const int GroupRows = 100;
    private const int Count = Groups * GroupRows;

    private static readonly PersonNet net = PersonNet.Load(Weights.Random(1));

    private static readonly RowOptions named = new() { IdColumn = "name" };

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "parquet", name);

    /// <summary>People in four row groups, and where each group's bytes are.</summary>
    private static async Task<(byte[] Bytes, Range[] Groups)> People(CompressionMethod compression)
    {
        var schema = new ParquetSchema(new DataField<string>("name"), new DataField<double>("age"), new DataField<double>("income"),
            new DataField<string>("colour"));
        var (random, groups) = (new Random(3), new List<Range>());
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, new ParquetOptions { CompressionMethod = compression }))
        {
            for (var group = 0; group < Groups; group++)
            {
                var start = (int)file.Position;
                using var to = writer.CreateRowGroup();
                var rows = Enumerable.Range(group * GroupRows, GroupRows).ToList();
                await to.WriteAsync(schema.DataFields[0], rows.Select(i => $"p{i}").ToArray());
                await to.WriteAsync<double>(schema.DataFields[1], rows.Select(_ => random.NextDouble() * 90).ToArray().AsMemory());
                await to.WriteAsync<double>(schema.DataFields[2], rows.Select(_ => random.NextDouble()).ToArray().AsMemory());
                await to.WriteAsync(schema.DataFields[3], rows.Select(i => i % 3 == 0 ? "red" : "blue").ToArray());
                groups.Add(start..(int)file.Position);
            }
        }
        return (file.ToArray(), [.. groups]);
    }

    private static byte[] With(byte[] bytes, Range range, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed.AsSpan()[range].Fill(value);
        return changed;
    }

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Worker.Run(words, path => PersonNet.Load(path), output, error, isTerminal: false);
        return (code, output.ToString(), error.ToString().TrimEnd());
    }

    private static string[] Words(TemporaryFolder folder, string input)
    {
        Samples.SaveWeights(folder.At("w.safetensors"));
        return ["--weights", folder.At("w.safetensors"), "--input", folder.At(input), "--id", "name", "--target", "2",
            "--part-rows", "64"];
    }

    private static JsonElement Manifest(TemporaryFolder folder, string parts)
    {
        Assert.Equal((0, ""), Short(Run("merge", "--out", folder.At(parts), "--result", folder.At($"{parts}.parquet"))));
        return JsonDocument.Parse(File.ReadAllText(folder.At($"{parts}.parquet.json"))).RootElement;
    }

    private static (int, string) Short((int Code, string, string Error) run) => (run.Code, run.Error);

    /// <summary>Also where parts begin within it, and where it is the first.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0xFF)]
    [InlineData(3, 0x80)]
    public async Task ADamagedRowGroupIsToldAndTheOthersGoOn(int damaged, byte value)
    {
        using var folder = new TemporaryFolder();
        var (bytes, groups) = await People(CompressionMethod.Snappy);
        folder.Write("whole.parquet", bytes);
        folder.Write("damaged.parquet", With(bytes, groups[damaged], value));
        var words = Words(folder, "damaged.parquet");
        Assert.Equal(0, Run([.. Words(folder, "whole.parquet"), "--out", folder.At("truth")]).Code);
        Assert.Equal((4, ""), Short(Run([.. words, "--out", folder.At("one"), "--fail-on-unreadable"])));
        foreach (var shard in new[] { "2/3", "0/3", "1/3" })
            Assert.Equal((0, ""), Short(Run([.. words, "--out", folder.At("three"), "--shard", shard])));
        var (truth, told) = (Manifest(folder, "truth"), Manifest(folder, "one"));
        Assert.Equal((Count, 0), (truth.GetProperty("rows").GetInt32(), truth.GetProperty("unreadable").GetInt32()));
        Assert.Equal((Count - GroupRows, GroupRows), (told.GetProperty("rows").GetInt32(), told.GetProperty("unreadable").GetInt32()));
        var stretch = Assert.Single(told.GetProperty("unreadable rows").EnumerateArray());
        Assert.Equal((damaged * GroupRows, (damaged + 1) * GroupRows - 1),
            (stretch.GetProperty("row").GetInt32(), stretch.GetProperty("last row").GetInt32()));
        Assert.StartsWith($"row group {damaged} of the file is damaged: ", stretch.GetProperty("problem").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(told.GetRawText(), Manifest(folder, "three").GetRawText());
        Assert.Equal(File.ReadAllBytes(folder.At("one.parquet")), File.ReadAllBytes(folder.At("three.parquet")));
        Assert.Equal(Scores(folder.At("truth.parquet")).Where(row => row.Row / GroupRows != damaged), Scores(folder.At("one.parquet")));
    }

    private static List<(long Row, string? Id, double Output, string Scores)> Scores(string path)
    {
        using var table = ScoreTable.Open(path);
        var rows = new List<(long, string?, double, string)>();
        foreach (var batch in table.Batches())
        {
            for (var i = 0; i < batch.Count; i++)
                rows.Add((batch.Rows[i], batch.Ids[i], batch.Outputs[i],
                    string.Join(' ', batch.Scores.Slice(i * batch.Width, batch.Width).ToArray())));
        }
        return rows;
    }

    /// <summary>Whichever byte of a page is changed, its checksum tells: no other number is ever read.</summary>
    [Theory]
    [InlineData("datapage_v1-snappy-compressed-checksum.parquet", 31)]
    [InlineData("plain-dict-uncompressed-checksum.parquet", 5)]
    [InlineData("rle-dict-snappy-checksum.parquet", 5)]
    public void AWrongChecksumIsADamagedPage(string name, int every)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Fixture(name));
        var hasPairs = name.StartsWith("data", StringComparison.Ordinal);
        INetwork reader = hasPairs ? PairNet.Load(Weights.Random(1)) : OneNet.Load(Weights.Random(1));
        var truth = Rows.Of(Fixture(name), reader);
        Assert.Empty(truth.Unreadable);
        var footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        var told = 0;
        for (var at = 4; at < footer; at += every)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0x10;
            var rows = Rows.Of(folder.Write("changed.parquet", changed), reader);
            if (rows.Unreadable.Length == 0)
            {
                // Statistics in a head, or a column that is not asked for.
                Assert.Equal(truth.Values, rows.Values);
                continue;
            }
            Assert.Empty(rows.Values);
            Assert.Equal(truth.Numbers.Length, rows.Unreadable.Length);
            Assert.Contains("row group 0 of the file is damaged", rows.Unreadable[0], StringComparison.Ordinal);
            told += rows.Unreadable[0].Contains("its checksum is wrong", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.InRange(told, 3, bytes.Length);
    }

    [Fact]
    public void ADictionaryWithAWrongChecksumIsTold()
    {
        var rows = Rows.Of(Fixture("rle-dict-uncompressed-corrupt-checksum.parquet"), OneNet.Load(Weights.Random(1)));
        Assert.Empty(rows.Values);
        Assert.Equal("row 0: row group 0 of the file is damaged: the column \"long_field\", page 0, at byte 4: its checksum is wrong",
            rows.Unreadable[0]);
    }

    /// <summary>Whatever is wrong, each row is there once, read or refused, or the file is refused as a whole.</summary>
    [Theory]
    [InlineData(CompressionMethod.None, 1)]
    [InlineData(CompressionMethod.Snappy, 2)]
    [InlineData(CompressionMethod.Gzip, 3)]
    public async Task RandomDamageIsToldRowByRow(CompressionMethod compression, int seed)
    {
        using var folder = new TemporaryFolder();
        var (bytes, groups) = await People(compression);
        var truth = Rows.Of(folder.Write("whole.parquet", bytes), net, named);
        var (random, refused, whole) = (new Random(seed), 0, 0);
        for (var trial = 0; trial < 80; trial++)
        {
            var changed = (byte[])bytes.Clone();
            // Every second one in the footer, which everything hangs on.
            var (first, end) = trial % 2 == 0 ? (4, groups[^1].End.Value) : (groups[^1].End.Value, bytes.Length);
            for (var change = random.Next(1, 4); change > 0; change--)
                changed[random.Next(first, end)] ^= (byte)random.Next(1, 256);
            try
            {
                var rows = Rows.Of(folder.Write("changed.parquet", changed), net, named);
                var numbers = rows.Numbers.Concat(rows.Unreadable.Select(row => long.Parse(row.Split(' ', ',', ':')[1]))).Order();
                Assert.Equal(Enumerable.Range(0, numbers.Count()).Select(row => (long)row), numbers);
                refused += rows.Unreadable.Length > 0 ? 1 : 0;
                Assert.True(trial % 2 == 1 || numbers.Count() == truth.Numbers.Length);
            }
            catch (InvalidDataException)
            {
                whole++;
                Assert.True(trial % 2 == 1);
            }
        }
        Assert.NotEqual(0, whole);
        Assert.NotEqual(0, refused);
    }

    /// <summary>Without a footer no row has a number: one sentence, a code of its own, and nothing is written.</summary>
    [Fact]
    public async Task WhatCannotBeBegunIsOneSentence()
    {
        using var folder = new TemporaryFolder();
        var (bytes, _) = await People(CompressionMethod.Snappy);
        folder.Write("cut.parquet", bytes[..^200]);
        var footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        folder.Write("zeros.parquet", With(bytes, footer..(footer + 100), 0));
        folder.Write("text.parquet", "name,age\n");
        folder.Write("no.arrow", bytes);
        folder.Write("other.csv", "name,age,income\na,1,2\n");
        folder.Write("open.csv", "name,age,income,\"colour\na,1,2,red\n");
        folder.Write("binary.csv.gz", bytes);
        var text = "name,age,income,colour\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"p{i},{i},{i * 7919 % 1000},red\n"));
        folder.Write("cut.csv.gz", CsvTests.Compressed(text)[..^500]);
        foreach (var (input, told) in new[]
        {
            ("cut.parquet", "cut.parquet cannot be read as a Parquet file: it does not begin and end as one does"),
            ("zeros.parquet", "zeros.parquet cannot be read as a Parquet file: "),
            ("text.parquet", "it does not begin and end as one does"),
            ("no.arrow", "no.arrow cannot be read as an Arrow file: "), ("other.csv", "other.csv has no column \"colour\""),
            ("open.csv", "open.csv has no rows: the quotes opened at byte 16 are not closed."), ("binary.csv.gz", "archive"),
            ("cut.csv.gz", "cut.csv.gz is no whole gzip file"),
        })
        {
            var (code, output, error) = Run([.. Words(folder, input), "--out", folder.At("parts")]);
            Assert.Equal((Worker.Damaged, ""), (code, output));
            Assert.Contains(told, Assert.Single(error.Split('\n')), StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder.At("parts")), input);
        }
    }

    /// <summary>A target that the network has not is told before anything is written, also where the first row cannot be read.</summary>
    [Fact]
    public async Task AWrongTargetIsToldThoughTheFirstRowIsDamaged()
    {
        using var folder = new TemporaryFolder();
        var (bytes, groups) = await People(CompressionMethod.Snappy);
        folder.Write("people.parquet", With(bytes, groups[0], 0));
        var words = Words(folder, "people.parquet");
        words[Array.IndexOf(words, "--target") + 1] = "9";
        var (code, _, error) = Run([.. words, "--out", folder.At("parts")]);
        Assert.Equal(2, code);
        Assert.Contains("9", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("parts")));
    }

    /// <summary>Quotes that are never closed take what is behind them, and nothing before them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    public void RowsBeforeQuotesThatAreNotClosedAreRead(int before)
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder("name,age,income,colour\n");
        for (var i = 0; i < before; i++)
            text.Append($"p{i},{i},2,red\n");
        var quote = text.Length + 5;
        text.Append("open,\"3,2,red\n").Insert(text.Length, "p,1,2,red\n", 6000);
        var path = folder.Write("people.csv", text.ToString());
        var rows = Rows.Of(path, net, named, 64);
        Assert.Equal(Enumerable.Range(0, before).Select(i => $"p{i}"), rows.Ids);
        Assert.Equal([$"row {before}: the quotes opened at byte {quote} are not closed, so that it is all that follows"], rows.Unreadable);
    }

    /// <summary>Of one member or several: cut anywhere, it is not taken for one of fewer rows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AGzipFileThatIsCutIsTold(int members)
    {
        using var folder = new TemporaryFolder();
        var text = "name,age,income,colour\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"p{i},{i * 7919 % 90},2,red\n"));
        var bytes = text.Chunk(text.Length / members + 1).SelectMany(part => CsvTests.Compressed(new string(part))).ToArray();
        Assert.Equal(400, Rows.Of(folder.Write("whole.csv.gz", bytes), net, named).Numbers.Length);
        for (var length = bytes.Length - 1; length > bytes.Length / members; length -= length > bytes.Length - 12 ? 1 : 297)
            Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("cut.csv.gz", bytes[..length]), net.Signature));
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("zeros.csv.gz", [.. bytes, 0, 0]), net.Signature));
        bytes[^6] ^= 1;
        Assert.Throws<InvalidDataException>(() => RowSource.Open(folder.Write("checksum.csv.gz", bytes), net.Signature));
    }

    /// <summary>Lines of other lengths, text where a number is asked for, records of other lengths and letters.</summary>
    [Fact]
    public void LinesAndRecordsThatCannotBeReadAreCounted()
    {
        using var folder = new TemporaryFolder();
        folder.Write("people.csv", "name,age,income,colour\n" + string.Concat(Enumerable.Range(0, 300).Select(i => (i % 50) switch
        {
            3 => "short,1\n",
            4 => "long,1,2,red,5\n",
            5 => $"p{i},old,2,red\n",
            6 => $"p{i},1e99,2,red\n",
            _ => $"p{i},1,2,red\n",
        })));
        Assert.Equal((0, ""), Short(Run([.. Words(folder, "people.csv"), "--out", folder.At("parts")])));
        var told = Manifest(folder, "parts");
        Assert.Equal((276, 24), (told.GetProperty("rows").GetInt32(), told.GetProperty("unreadable").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 300).Where(i => i % 50 is >= 3 and <= 6),
            told.GetProperty("unreadable rows").EnumerateArray().Select(row => row.GetProperty("row").GetInt32()));
        Assert.Equal("it has 2 values, but the file names 4 columns",
            told.GetProperty("unreadable rows")[0].GetProperty("problem").GetString());
    }
}
