using System.Globalization;
using Whence.Evaluate;
using Whence.Pictures;
using Whence.Reasons;
using static Whence.Nn;

namespace Whence.Data.Tests;

/// <summary>Loans, as a file has them: the network scales what it is given.</summary>
[Network(Explain = Methods.Rescale, Weights = "")]
public sealed partial class LoanNet
{
    [Parameter(6)] private partial Tensor Mean();
    [Parameter(6)] private partial Tensor Deviation();
    [Linear(5)] private partial Tensor Fc1(Tensor x);
    [Linear(1)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(6), Features("income", "debt", "years", "home=own", "home=rent", "home=other")] Tensor loan) =>
        Fc2(Relu(Fc1((loan - Mean()) / Deviation())));
}

/// <summary>The same network of scaled numbers.</summary>
[Network(Explain = Methods.Rescale, Weights = "")]
public sealed partial class ScaledLoanNet
{
    [Linear(5)] private partial Tensor Fc1(Tensor x);
    [Linear(1)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(6)] Tensor loan) => Fc2(Relu(Fc1(loan)));
}

/// <summary>
/// From a file of loans with a category and missing values to a file of scores, views over all, pictures and letters: the public interface
/// from end to end.
/// </summary>
public sealed class LoanTests : IDisposable
{
    private static readonly double[] mean = [30_000, 5_000, 6, 0.4, 0.5, 0.1];
    private static readonly double[] deviation = [12_000, 4_000, 4, 0.5, 0.5, 0.3];
    private static readonly float[] population = [30_000, 5_000, 6, 1, 0, 0, 45_000, 1_000, 9, 0, 1, 0, 24_000, 800, 4, 0, 1, 0];
    private static readonly Question question = Question.DeepLift(Target.Unit(0), Rule.Rescale, population, 3);
    private const int Count = 400;

    private readonly TemporaryFolder folder = new();
    private readonly LoanNet net;
    private readonly ScaledLoanNet scaled;
    private readonly string path;

    public LoanTests()
    {
        var random = new Random(2);
        Tensor Drawn(params int[] axes) => new(new Shape(axes),
            [.. Enumerable.Range(0, axes.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextDouble() - 0.5)]);
        var layers = new Dictionary<string, Tensor>
        {
            ["fc1.weight"] = Drawn(5, 6), ["fc1.bias"] = Drawn(5), ["fc2.weight"] = Drawn(1, 5), ["fc2.bias"] = Drawn(1),
        };
        Weights.Save(folder.At("scaled.safetensors"), layers);
        Weights.Save(folder.At("loans.safetensors"), new Dictionary<string, Tensor>(layers)
        {
            ["mean"] = new(new Shape(6), mean), ["deviation"] = new(new Shape(6), deviation),
        });
        (net, scaled) = (LoanNet.Load(folder.At("loans.safetensors")), ScaledLoanNet.Load(folder.At("scaled.safetensors")));
        string[] homes = ["own", "rent", "other", ""];
        path = folder.Write("loans.csv", "id,income,debt,years,home\n" + string.Concat(Enumerable.Range(0, Count).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"L{i},{10_000 + random.Next(60_000)},{(i % 9 == 4 ? "" : random.Next(12_000))},{random.Next(20)},{homes[random.Next(4)]}\n")))
            );
    }

    public void Dispose() => folder.Dispose();

    private RowSource Open() => RowSource.Open(path, net.Signature, new RowOptions
    {
        IdColumn = "id", Schema = TableSchema.Of(net.Signature).WithMissing("debt", "5000").WithMissing("home", "other"),
    });

    private string Scores()
    {
        using var rows = Open();
        using var to = ScoreWriter.Create(folder.At("scores.parquet"), rows, question);
        var told = net.Explain(rows, question, to);
        Assert.Equal((Count, 0), (told.Rows, told.UnreadableCount));
        Assert.InRange(told.LargestGap!.Value, 0, 1e-4);
        return folder.At("scores.parquet");
    }

    [Fact]
    public void ReasonsAreInTheUnitsOfTheFile()
    {
        static float[] Scaled(ReadOnlySpan<float> rows)
        {
            var scaled = new float[rows.Length];
            for (var i = 0; i < rows.Length; i++)
                scaled[i] = (float)((rows[i] - mean[i % 6]) / deviation[i % 6]);
            return scaled;
        }

        using var rows = Open();
        var batch = rows.Read(Count).Single();
        for (var i = 0; i < Count; i += 20)
        {
            var row = batch.Values.Slice(6 * i, 6).ToArray();
            var why = net.DeepLift(row, Target.Unit(0), Rule.Rescale, References.Several(population, 3));
            var other = scaled.DeepLift(Scaled(row), Target.Unit(0), Rule.Rescale, References.Several(Scaled(population), 3));
            Assert.Equal(other.Scores.ToArray(), why.Scores.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
            // Multipliers are for each unit of the file: a unit of income is 1 / 12,000 of a deviation.
            for (var element = 0; element < 6; element++)
                Assert.Equal(other.Multipliers[element] / deviation[element], why.Multipliers[element], 5);
        }
    }

    [Fact]
    public void TheViewsOverAllAreTheMeansOfTheFilesColumns()
    {
        using var table = ScoreTable.Open(Scores());
        Assert.Equal(["income", "debt", "years", "home"], table.Names);
        var view = new GlobalScores(table.Width) { Names = table.Names };
        foreach (var batch in table.Batches())
            view.Add(batch.Rows[0], batch.Scores);
        var all = table.ReadScores();
        foreach (var one in view.Summarise())
        {
            var own = Enumerable.Range(0, Count).Select(row => (double)all[row * 4 + one.Element]).ToList();
            Assert.Equal(own.Average(Math.Abs), one.MeanAbsolute.Estimate, 12);
            Assert.Equal(own.Average(), one.Mean.Estimate, 12);
            Assert.True(one.MeanAbsolute.Low < one.MeanAbsolute.Estimate && one.MeanAbsolute.Estimate < one.MeanAbsolute.High);
        }
        var page = new RowsReport("Loans", net.Signature.Name)
        {
            Table = new ScoredRows { Features = table.Names, Scores = all }, Features = view.Summarise(),
        }.ToHtml();
        Assert.All(table.Names, name => Assert.Contains($">{name}</th>", page));
    }

    [Fact]
    public void ViewsOfColumnsAreThoseOfTheFile()
    {
        using var table = ScoreTable.Open(Scores());
        var (own, view) = (new GlobalScores(table.Width) { Names = table.Names }, GlobalScores.Of(FeatureGroups.OfColumns(net.Signature)));
        own.Add(0, table.ReadScores());
        using var rows = Open();
        foreach (var batch in rows.Read(100))
        {
            var all = net.DeepLift(batch.Values, batch.Count, Target.Unit(0), Rule.Rescale, References.Several(population, 3));
            for (var i = 0; i < batch.Count; i++)
                view.Add(batch.Numbers[i], all[i]);
        }
        Assert.Equal(own.Summarise(), view.Summarise());
    }

    [Fact]
    public void PicturesOfColumnsHaveTheFilesScoresAndTheNumbersValues()
    {
        using var table = ScoreTable.Open(Scores());
        using var rows = Open();
        var batch = rows.Read(Count).Single();
        var all = net.DeepLift(batch.Values, Count, Target.Unit(0), Rule.Rescale, References.Several(population, 3));
        var shown = ScoredRows.Of(all, batch.Values, FeatureGroups.OfColumns(net.Signature));
        Assert.Equal(table.Names, shown.Features);
        Assert.Equal(table.ReadScores(), shown.Scores.ToArray());
        for (var row = 0; row < Count; row++)
        {
            Assert.Equal(batch.Values.Slice(6 * row, 3), shown.Values.Span.Slice(4 * row, 3));
            Assert.True(float.IsNaN(shown.Values.Span[4 * row + 3]));
        }
        Assert.Contains("home", new RowsReport("Loans", "LoanNet") { Table = shown }.ToHtml());
    }

    // Against the definition: what two columns do together beyond each, averaged over all that are there before them.
    [Fact]
    public void InteractionsOfColumnsAreTheMeansOfTheirDefinition()
    {
        const int some = 25;
        var groups = FeatureGroups.OfColumns(net.Signature);
        var view = GlobalScores.OfPairs(groups);
        using var rows = Open();
        var batch = rows.Read(some).First();
        var (sums, single) = (new double[16], population.AsSpan(0, 6).ToArray());
        for (var row = 0; row < some; row++)
        {
            var x = batch.Values.Slice(6 * row, 6).ToArray();
            view.Add(row, net.ShapleyInteractions(x, Target.Unit(0), single, groups));
            var values = Enumerable.Range(0, 16).Select(coalition => (double)net.Predict([.. Enumerable.Range(0, 6)
                .Select(i => (coalition >> groups[i] & 1) != 0 ? x[i] : single[i])])[0]).ToArray();
            for (var pair = 0; pair < 16; pair++)
                sums[pair] += pair / 4 == pair % 4 ? 0 : Interaction(values, pair / 4, pair % 4) / 2 / some;
        }
        var found = view.Summarise();
        Assert.Equal(["income", "income, debt", "income, years", "income, home", "debt, income"], found.Take(5).Select(one => one.Name));
        Assert.All(found.Where((_, pair) => pair / 4 != pair % 4), one => Assert.Equal(sums[one.Element], one.Mean.Estimate, 5));
        Assert.Contains(found, one => one.Name.Contains(',', StringComparison.Ordinal) && one.MeanAbsolute.Estimate > 1e-3);
    }

    // Of four players: 1/3, 1/6, 1/6 or 1/3 for coalitions of none, one, one or two of the two others.
    private static double Interaction(double[] values, int one, int other)
    {
        var sum = 0.0;
        for (var coalition = 0; coalition < 16; coalition++)
        {
            var (a, b) = (1 << one, 1 << other);
            if ((coalition & (a | b)) == 0)
                sum += (System.Numerics.BitOperations.PopCount((uint)coalition) == 1 ? 1 / 6.0 : 1 / 3.0)
                    * (values[coalition | a | b] - values[coalition | a] - values[coalition | b] + values[coalition]);
        }
        return sum;
    }

    [Fact]
    public void LettersHaveTheFilesScoresAndSayWhatIsMissing()
    {
        var policy = new ReasonPolicy(net.Signature,
            [
                new("income", "Income is low", "Income is high") { Format = "#,##0 'EUR'" },
                new("debt", "Other debts") { Format = "#,##0 'EUR'" }, new("years", "Time in the job"), new("home", "Housing"),
            ],
            "three loans", Provenance.Of(net, folder.At("loans.safetensors")), new() { Count = 4, Direction = ReasonDirection.Both });
        using var table = ScoreTable.Open(Scores());
        var (scores, at, missed) = (table.ReadScores(), 0, 0);
        using var rows = Open();
        foreach (var batch in rows.Read(64))
        {
            var all = net.DeepLift(batch.Values, batch.Count, Target.Unit(0), Rule.Rescale, References.Several(population, 3));
            for (var i = 0; i < batch.Count; i++, at++)
            {
                var told = policy.State(all[i], batch.Values.Slice(6 * i, 6), new(2026, 3, 9), batch.Ids[i]!, batch.MissingOf(i));
                Assert.Equal($"L{at}", told.Subject);
                Assert.Equal(scores.AsSpan(4 * at, 4).ToArray(), told.Groups.Select(group => (float)group.Score));
                Assert.Equal(batch.MissingOf(i), told.Groups.Where(group => group.IsMissing).Select(group => group.Feature));
                if (told.Groups[1].IsMissing)
                {
                    missed++;
                    Assert.Contains("not given, 5,000 EUR was taken",
                        new Letter().ToText(told).Replace("\n   ", " ", StringComparison.Ordinal));
                }
            }
        }
        Assert.Equal((Count, Count / 9), (at, missed));
    }
}
