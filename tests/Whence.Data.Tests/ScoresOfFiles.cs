namespace Whence.Data.Tests;

/// <summary>What files of results hold is what the network says of each row by itself, to the bit.</summary>
public sealed class ScoresOfFiles
{
    private static readonly PersonNet people = PersonNet.Load(Weights.Random(1));
    private static readonly DnaNet dna = DnaNet.Load(Weights.Random(2));
    private static readonly MaskedNet masked = MaskedNet.Load(Weights.Random(4));

    private static string People(TemporaryFolder folder, int count)
    {
        var random = new Random(6);
        string[] colours = ["red", "blue", "green", ""];
        return folder.Write("people.csv", "name,age,income,colour\n" + string.Concat(Enumerable.Range(0, count).Select(i =>
            FormattableString.Invariant($"p{i},{random.Next(90)},{random.NextDouble():r},{colours[random.Next(4)]}\n"))));
    }

    [Theory]
    [InlineData("reasons.parquet")]
    [InlineData("reasons.arrow")]
    public void OfATable(string results)
    {
        using var folder = new TemporaryFolder();
        using var rows = RowSource.Open(People(folder, 3000), people.Signature, new RowOptions { IdColumn = "name" });
        var question = Question.DeepLift(Target.Difference(2, 0), Rule.RevealCancel, [40, 0.3f, 0.3f, 0.5f, 0.4f]);
        DataSummary told;
        using (var to = ScoreWriter.Create(folder.At(results), rows, question))
            told = people.Explain(rows, question, to);
        var expected = Rows.Of(rows);
        Assert.Equal((expected.Numbers.Length, expected.Unreadable.Length), (told.Rows, told.UnreadableCount));
        Assert.Equal(expected.Unreadable, told.Unreadable.Select(row => row.ToString()));
        using var table = ScoreTable.Open(folder.At(results));
        Assert.Equal(["age", "colour", "income"], table.Names);
        Assert.Equal(told.Rows, table.Count);
        var at = 0;
        foreach (var batch in table.Batches())
        {
            for (var i = 0; i < batch.Count; i++, at++)
                CheckPerson(batch, i, expected.Values[at], expected.Numbers[at], expected.Ids[at]);
        }
        Assert.Equal(expected.Numbers.Length, at);
        Assert.True(told.LargestGap < 1e-5);
    }

    private static void CheckPerson(ScoreBatch batch, int i, float[] person, long number, string name)
    {
        var why = people.DeepLift(person, Target.Difference(2, 0), Rule.RevealCancel, new float[] { 40, 0.3f, 0.3f, 0.5f, 0.4f });
        var s = why.Scores;
        Assert.Equal([s[0], (float)((double)s[1] + s[2] + s[4]), s[3]], batch.Scores.Slice(i * 3, 3));
        Assert.Equal((why.Output, why.Gap!.Value), (batch.Outputs[i], batch.Gaps[i]));
        Assert.Equal((number, name), (batch.Rows[i], batch.Ids[i]!));
    }

    [Theory]
    [InlineData("reasons.parquet")]
    [InlineData("reasons.arrow")]
    public void OfSequencesEachByItsLargestOutput(string results)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        var path = folder.Write("genes.fa", string.Concat(Enumerable.Range(0, 700).Select(i =>
            $">s{i}\n{string.Concat(Enumerable.Range(0, 12).Select(_ => "ACGT"[random.Next(4)]))}\n")));
        using var rows = RowSource.Open(path, dna.Signature);
        var question = new Question("gradient", null, static (net, x, count, targets, scores) =>
            SpanExplainers.Gradient(net, x, count, targets, scores));
        using (var to = ScoreWriter.Create(folder.At(results), rows, question))
            Assert.Null(dna.Explain(rows, question, to).LargestGap);
        var expected = Rows.Of(rows);
        using var table = ScoreTable.Open(folder.At(results));
        Assert.Equal(new ScoreColumn("scores", 12, true), Assert.Single(table.Columns));
        var at = 0;
        foreach (var batch in table.Batches())
        {
            for (var i = 0; i < batch.Count; i++, at++)
            {
                var y = dna.Predict(expected.Values[at]);
                var unit = y[1] > y[0] ? 1 : 0;
                var gradient = dna.Gradient(expected.Values[at], Target.Unit(unit)).Scores;
                Assert.Equal(unit, batch.Targets[i]);
                Assert.True(double.IsNaN(batch.Gaps[i]));
                for (var position = 0; position < 12; position++)
                {
                    var sum = (double)gradient[position] + gradient[12 + position] + gradient[24 + position] + gradient[36 + position];
                    Assert.Equal((float)sum, batch.Scores[i * 12 + position]);
                }
            }
        }
        Assert.Equal(700, at);
        Assert.Equal(700 * 12, table.ReadScores().Length);
    }

    /// <summary>Rows whose answer is not finite are told, wherever they stand in a batch, and the others are as they were.</summary>
    [Fact]
    public void RowsWithoutAFiniteAnswerAreToldAndDoNotStopTheOthers()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("rows.csv", "a,b,has a,has b\n" + string.Concat(Enumerable.Range(0, 100).Select(i =>
            $"{(i % 10 == 3 ? -1 : i + 1)},{i % 17 + 1},1,{i % 2}\n")));
        using var rows = RowSource.Open(path, masked.Signature);
        var question = Question.IntegratedGradients(Target.Unit(1), [1, 1, 1, 1], options: new PathOptions { Steps = 5 });
        using (var to = ScoreWriter.Create(folder.At("r.parquet"), rows, question))
        {
            var told = masked.Explain(rows, question, to);
            Assert.Equal((90, 10), (told.Rows, told.UnreadableCount));
            Assert.Equal(Enumerable.Range(0, 10).Select(i => 10L * i + 3), told.Unreadable.Select(row => row.Row).Order());
            Assert.All(told.Unreadable, row => Assert.Contains("not finite", row.Problem, StringComparison.Ordinal));
        }
        using var table = ScoreTable.Open(folder.At("r.parquet"));
        Assert.Equal(["a", "b"], table.Names);
        var batch = Assert.Single(table.Batches());
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 != 3).Select(i => (long)i), batch.Rows.ToArray());
    }

    /// <summary>However rows come in batches, a file of them has the same bytes.</summary>
    [Theory]
    [InlineData("r.parquet")]
    [InlineData("r.arrow")]
    public void TheSameRowsGiveTheSameBytes(string results)
    {
        using var folder = new TemporaryFolder();
        using var rows = RowSource.Open(People(folder, 5000), people.Signature, new RowOptions { IdColumn = "name" });
        var question = Question.DeepLift(Target.Unit(1));
        byte[] Written(int batchRows)
        {
            using (var to = ScoreWriter.Create(folder.At(results), rows, question))
            {
                var explainer = new RowExplainer(people, question, rows.Scores, batchRows);
                foreach (var batch in rows.Read(batchRows))
                    to.Write(explainer.Explain(batch));
                to.Complete();
            }
            return File.ReadAllBytes(folder.At(results));
        }
        var once = Written(5000);
        Assert.Equal(once, Written(17));
        Assert.Equal(once, Written(1));
    }
}
