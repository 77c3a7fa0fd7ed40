using System.Xml.Linq;
using Credit;
using Whence.Reasons;

namespace Whence.Samples.Tests;

/// <summary>Letters of samples/Credit.</summary>
public sealed class LetterTests
{
    private static readonly string folder = AppContext.BaseDirectory;
    private static readonly DateOnly date = new(2026, 3, 9);
    private static readonly Letters letters = Letters.Load(folder);
    private static readonly Csv test = Csv.Read(Path.Combine(folder, "test.csv"), labels: true);

    [Fact]
    public void EveryRowsNumbersAreTheExplanations()
    {
        var assessor = Assessor.Load(folder);
        for (var row = 0; row < 20; row++)
        {
            var x = Assessor.Row(test.Rows[row]);
            var why = assessor.Explain(x, Assessor.TargetOf(0));
            var told = letters.State(test.Rows[row], "", date);
            Assert.Equal(why.Scores.ToArray().Select(score => (double)score), told.Groups.Select(group => group.Score));
            Assert.Equal(x, told.Groups.Select(group => group.Value!.Value));
            var sign = assessor.Answer(x) == 0 ? 1 : -1;
            Assert.Equal(why.Scores.ToArray().OrderByDescending(score => sign * score).Take(4).Select(score => (double)score),
                told.Reasons.Select(reason => reason.Score));
            Assert.All(told.Reasons, reason => Assert.EndsWith(sign > 0 ? "malignant tumours" : "benign tumours", reason.Words));
            Assert.Equal(why.Output, told.ReferenceOutput + told.Reasons.Sum(reason => reason.Score) + told.Others + told.Gap, 9);
        }
    }

    [Fact]
    public void TheSameRowGivesTheSameFiles()
    {
        var once = Saved();
        Assert.Equal(once, Saved());
        Assert.Equal(["letter.html", "letter.txt", "reasons.json"], once.Select(file => file.Name));
        Assert.Equal(4, StatementOfReasons.FromJson(once[2].Text).Reasons.Count);
    }

    [Fact]
    public void TheReportHasEveryRow()
    {
        var to = Directory.CreateTempSubdirectory("whence-report");
        try
        {
            var path = Path.Combine(to.FullName, "pages", "report.html");
            Assert.Equal(0, Commands.Run(["report", path]));
            var page = XDocument.Parse(File.ReadAllText(path).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
            var rows = page.Descendants("tbody").Last().Elements().ToList();
            Assert.Equal(test.Rows.Count, rows.Count);
            var why = Assessor.Load(folder).Explain(Assessor.Row(test.Rows[5]), Assessor.TargetOf(0));
            var cells = rows[5].Elements().Select(cell => cell.Attribute("data-value")?.Value ?? cell.Value).ToArray();
            Assert.Equal(["5", why.Output.ToString("R"), why.Gap!.Value.ToString("R"), why.Top(1)[0].Feature!], cells[..4]);
        }
        finally
        {
            to.Delete(recursive: true);
        }
    }

    private static List<(string Name, string Text)> Saved()
    {
        var to = Directory.CreateTempSubdirectory("whence-letter");
        try
        {
            Assert.Equal(0, Commands.Run(["letter", "3", "--date", "2026-03-09", "--out", to.FullName]));
            return [.. to.GetFiles().OrderBy(file => file.Name).Select(file => (file.Name, File.ReadAllText(file.FullName)))];
        }
        finally
        {
            to.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("letter", "143")]
    [InlineData("letter", "-1")]
    [InlineData("letter", "0", "--date", "9.3.2026")]
    public void ARowOrADateThatIsNoneIsRefused(params string[] words) => Assert.Equal(1, Commands.Run(words));
}
