namespace Whence.Runtime.Tests.Explaining;

using System.Text.Json;
using Whence.Pictures;

/// <summary>Names of features go from the network's inputs into what is shown of an answer.</summary>
public class FeatureTests
{
    private static readonly TensorInfo[] tensors =
    [
        new("row", new Shape(2)) { Features = ["age", "income"] },
        new("sequence", new Shape(2, 3)) { Features = ["low", "mid", "high"], FeatureAxis = 1 },
        new("image", new Shape(1, 2, 2)),
    ];

    private static readonly Attribution why = Attributed([0.5f, -4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0]);

    [Fact]
    public void AScoreIsPrintedWithItsPlace()
    {
        Assert.Equal(["income: -4", "sequence[1, low]: 3", "image[0, 0, 1]: 2", "age: 0.5"], why.Top(4).Select(one => one.ToString()));
        Assert.Equal(["income", "low", null, "age"], why.Top(4).Select(one => one.Feature));
        Assert.Equal(why.Top(3), why.Top(3));
        Assert.NotEqual(why.Top(1)[0], why.Top(2)[1]);
        Assert.Equal("x[7]: 0.25", new TopScore("x", 7, [7], 0.25f).ToString());
        Assert.Equal("x: 0.25", new TopScore("x", 0, [], 0.25f).ToString());
    }

    [Fact]
    public void TheJsonHasTheNames()
    {
        using var json = JsonDocument.Parse(why.ToJson());
        var scores = json.RootElement.GetProperty("scores");
        Assert.Equal("""["age","income"]""", scores[0].GetProperty("features").GetRawText());
        Assert.Equal(0, scores[0].GetProperty("featureAxis").GetInt32());
        Assert.Equal("""["low","mid","high"]""", scores[1].GetProperty("features").GetRawText());
        Assert.Equal(1, scores[1].GetProperty("featureAxis").GetInt32());
        Assert.False(scores[2].TryGetProperty("features", out _));
    }

    [Fact]
    public void PicturesHaveTheNames()
    {
        var chart = BarChart.Of(why, 3);
        Assert.Equal(["income", "sequence[1, low]", "image[0, 0, 1]", "9 others together"], chart.Rows);
        Assert.Equal([-4, 3, 2, 0.5], chart.Series[0].Values);
        Assert.Contains("sequence[1, low]", chart.ToSvg());
        Assert.Equal(12, BarChart.Of(why, 100).Rows.Count);
        Assert.Throws<ArgumentOutOfRangeException>("count", () => BarChart.Of(why, 0));

        var report = new Report("T", "N");
        report.Examples.Add(new Example { Title = "row", Shape = new Shape(2), Input = new float[2], Explanations = [Explained.Of(why)] });
        report.Examples
            .Add(new Example { Title = "sequence", Shape = new Shape(2, 3), Input = new float[6], Explanations = [Explained.Of(why,
                "sequence")] });
        report.Examples.Add(new Example { Title = "named", Shape = new Shape(
            2), Input = new float[2], Names = ["first", "second"], Explanations = [Explained.Of(why)] });
        var page = report.ToHtml();
        Assert.Contains(">income<", page);
        Assert.Contains("1 low", page);
        Assert.Contains(">second<", page);
    }

    private static Attribution Attributed(float[] scores)
    {
        var signature = new Signature
        {
            Name = "Named", Inputs = tensors, Outputs = [new("y", new Shape(1))], Points = [new("y", new Shape(1), PointKind.Output)],
            Passes = [], ChunkRows = 1,
        };
        var all = new Attributions(signature, "Gradient", tensors, 1, Target.Unit(0), default, false, [], false);
        scores.CopyTo(all.Scores, 0);
        all.Sums[0] = new Completeness(1, double.NaN, scores.Sum(), 0, false, 0, null);
        return all[0];
    }
}
