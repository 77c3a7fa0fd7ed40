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

    private static BarChart Chart(Assessment assessment, int others) => new()
    {
        Title = $"Why {assessment.Answer}: log-odds {assessment.LogOdds:f2}, those of the population {assessment.PopulationLogOdds:f2}",
        X = new("contribution to the log-odds"),
        Rows = [.. assessment.Reasons.Select(Named), $"{others} others together"],
        Series = [new("", [.. assessment.Reasons.Select(reason => reason.Contribution), assessment.Others])],
    };

    private static string Named(Reason reason) => $"{reason.Measurement} {reason.Value:0.###} (typical {reason.Typical:0.###})";
}
