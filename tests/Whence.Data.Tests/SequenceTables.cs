using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;

namespace Whence.Data.Tests;

/// <summary>Sequences as a column of text are the rows that the same sequences of a FASTA file are.</summary>
public sealed class SequenceTables
{
    private const int Count = 300;

    private static readonly DnaNet dna = DnaNet.Load(Weights.Random(2));

    private static readonly RowOptions named = new() { IdColumn = "name", OtherLetters = OtherLetters.Even };

    private static readonly (string Name, string Letters)[] sequences = Drawn();

    private static (string, string)[] Drawn()
    {
        var random = new Random(9);
        return [.. Enumerable.Range(0, Count).Select(i => ($"s{i}", string.Concat(Enumerable.Range(0, i == 17 ? 11 : 12)
            .Select(_ => "ACGTacgN"[random.Next(8)]))))];
    }

    private static async Task<string> Write(TemporaryFolder folder, string ending)
    {
        var path = folder.At($"genes{ending}");
        var (names, letters) = (sequences.Select(one => one.Name).ToArray(), sequences.Select(one => one.Letters).ToArray());
        if (ending == ".csv")
            return folder.Write("genes.csv", "name,sequence\n" + string.Concat(sequences.Select(one => $"{one.Name},{one.Letters}\n")));
        await using var file = File.Create(path);
        if (ending == ".parquet")
        {
            var schema = new ParquetSchema(new DataField<string>("name"), new DataField<string>("sequence"));
            await using var writer = await ParquetWriter.CreateAsync(schema, file);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], names);
            await group.WriteAsync(schema.DataFields[1], letters);
        }
        else
        {
            var schema = new Schema([new Field("name", StringType.Default, true), new Field("sequence", StringType.Default, true)], null);
            using var writer = new ArrowFileWriter(file, schema);
            writer.WriteRecordBatch(new RecordBatch(schema, [new StringArray.Builder().AppendRange(names).Build(),
                new StringArray.Builder().AppendRange(letters).Build()], Count));
            writer.WriteEnd();
        }
        return path;
    }

    [Theory]
    [InlineData(".csv", false)]
    [InlineData(".parquet", false)]
    [InlineData(".arrow", true)]
    public async Task AreThoseOfFasta(string ending, bool eachLetter)
    {
        using var folder = new TemporaryFolder();
        var options = named with { EachLetter = eachLetter };
        var fasta = folder.Write("genes.fa", string.Concat(sequences.Select(one => $">{one.Name}\n{one.Letters}\n")));
        using var expected = RowSource.Open(fasta, dna.Signature, options);
        using var found = RowSource.Open(await Write(folder, ending), dna.Signature, options);
        var (own, theirs) = (Rows.Of(found), Rows.Of(expected));
        Assert.Equal(theirs.Values.SelectMany(row => row), own.Values.SelectMany(row => row));
        Assert.Equal(theirs.Ids, own.Ids);
        Assert.Equal(["row 17, column \"sequence\": 11 letters, but the network takes 12"], own.Unreadable);
        Assert.Equal(new ScoreColumn("sequence", eachLetter ? 48 : 12, true), Assert.Single(found.Scores.Columns));
        Assert.Equal(Explained(folder, expected), Explained(folder, found));
    }

    private static float[] Explained(TemporaryFolder folder, RowSource rows)
    {
        var question = Question.DeepLift(Target.Unit(1), Rule.Rescale);
        using (var to = ScoreWriter.Create(folder.At("r.parquet"), rows, question))
            dna.Explain(rows, question, to);
        using var scores = ScoreTable.Open(folder.At("r.parquet"));
        return scores.ReadScores();
    }

    [Fact]
    public void WhatIsNoSequenceIsRefused()
    {
        using var folder = new TemporaryFolder();
        var rows = Rows.Of(folder.Write("genes.csv", "sequence\nACGTACGTACGN\nACGTACGTACGT\n \n\"\"\nNA\n"), dna);
        Assert.Single(rows.Values);
        Assert.Equal(
            [
                "row 0, column \"sequence\": the letter \"N\" at position 11 is none of ACGT", "row 2, column \"sequence\": no value",
                "row 3, column \"sequence\": no value", "row 4, column \"sequence\": 2 letters, but the network takes 12",
            ],
            rows.Unreadable);
    }
}
