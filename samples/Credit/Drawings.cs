using Whence;
using Whence.Pictures;

namespace Credit;

/// <summary>One answer's reasons as a picture.</summary>
internal static class Drawings
{
    /// <summary>Under which the picture is saved.</summary>
    public const string FileName = "reasons.svg";

    private const int Reasons = 8;

    /// <summary>Draws the reasons for the first test row, the one of the README.</summary>
    public static void Save(Assessor assessor, Csv test, string folder)
    {
        Directory.CreateDirectory(folder);
        var assessment = assessor.Assess(test.Rows[0], Reasons);
        Chart(assessment, assessor.Measurements.Count - Reasons).Save(Path.Combine(folder, FileName));
    }

    /// <summary>The page over all test rows, for the log-odds that a tumour is malignant.</summary>
    public static RowsReport Report(Assessor assessor, Csv test)
    {
        float[] x = [.. test.Rows.SelectMany(Assessor.Row)];
        var all = assessor.Network.DeepLift(x, test.Rows.Count, Assessor.TargetOf(0), Rule.Rescale, assessor.Population);
        return new("Malignant, or benign?", all[0].Network)
        {
            Note = $"{test.Rows.Count} test rows, compared with {assessor.Population.Each} training rows by DeepLIFT.",
            Table = ScoredRows.Of(all, x),
            Outputs = [.. all.Select(one => one.Output)],
            Gaps = [.. all.Select(one => one.Gap!.Value)],
        };
    }

    private static BarChart Chart(Assessment assessment, int others) => new()
    {
        Title = $"Why {assessment.Answer}: log-odds {assessment.LogOdds:f2}, those of the population {assessment.PopulationLogOdds:f2}",
        X = new("contribution to the log-odds"),
        Rows = [.. assessment.Reasons.Select(Named), $"{others} others together"],
        Series = [new("", [.. assessment.Reasons.Select(reason => reason.Contribution), assessment.Others])],
    };

    private static string Named(Reason reason) => $"{reason.Measurement} {reason.Value:0.###} (typical {reason.Typical:0.###})";
}
