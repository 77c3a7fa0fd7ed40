using Whence.Pictures;
using Whence.Reasons;

namespace Whence.Pages.Tests;

/// <summary>What the pages show: made up, but of the kinds that networks give.</summary>
internal static class Samples
{
    private static readonly string[] features = ["age", "income", "debt", "years in the job", "loans before", "colour"];

    public static string Report()
    {
        var report = new Report("Why", "SmallNet") { Top = 4 };
        report.Examples.Add(new Example
        {
            Title = "A row", Shape = new Shape(6), Input = new float[] { 40, 18, 7, 2, 1, 0 }, Names = features,
            Explanations = [Explained(new Shape(6), [-2, 0.5f, 3, -0.25f, 1, 0.125f])],
        });
        report.Examples.Add(new Example
        {
            Title = "A picture", Shape = new Shape(1, 3, 4), Input = new float[12],
            Explanations = [Explained(new Shape(1, 3, 4), [0, 1, -1, 0.5f, 0, 0, 0, -0.25f, 0, 0, 0, 2])],
        });
        report.Examples.Add(new Example
        {
            Title = "A sequence", Shape = new Shape(4, 12), Input = new float[48], Names = ["A", "C", "G", "T"],
            Explanations = [Explained(new Shape(4, 12), [.. Enumerable.Range(0, 48).Select(i => i == 29 ? -1.5f : i % 5 * 0.1f)])],
        });
        return report.ToHtml();
    }

    public static string Rows() => new RowsReport("Many rows", "SmallNet")
    {
        Table = Table(), Most = 5, Note = "Two hundred rows that were made up.",
        Outputs = [.. Enumerable.Range(0, 200).Select(row => row * 37 % 200 / 10.0)],
        Gaps = [.. Enumerable.Range(0, 200).Select(row => row % 7 * 1e-8)],
    }.ToHtml();

    public static ScoredRows Table()
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, 1200).Select(i => (float)(random.NextDouble() * (i % 6 + 1))).ToArray();
        return new ScoredRows
        {
            Features = features, Values = values,
            Scores = Array.ConvertAll(Enumerable.Range(0, 1200).ToArray(), i => (values[i] - (i % 6 + 1) / 2f) * (i % 6 % 2 == 0 ? 1 : -1)
                * (0.5f + values[i / 6 * 6 + (i + 1) % 6] / 6)),
        };
    }

    public static string Letter() => new Letter
    {
        Sender = ["A bank", "1 Long Street"], Recipient = ["Somebody"], Opening = ["We did not grant the loan that you asked for."],
        Closing = ["You may ask us for a review."],
    }.ToHtml(Statement());

    private static StatementOfReasons Statement()
    {
        var hash = new string('a', 64);
        return new()
        {
            Schema = StatementOfReasons.CurrentSchema, Subject = "application 4711", Date = new(2026, 3, 9),
            Target = "log-odds of repayment", Direction = ReasonDirection.Lowers, Others = 0.5, Output = -1,
            ReferenceOutput = 0.5, Gap = 1e-8, RelativeGap = 0, Tolerance = 1e-4, Method = "DeepLift", Rule = "Rescale",
            Steps = null, Population = new("400 loans repaid in 2024", 400, hash),
            Reasons =
            [
                new(1, "income", "R2", "Income is low for the amount that was asked for", -1.2, 0.6),
                new(2, "debt", "R5", "There are many other debts", -0.8, 0.4),
            ],
            Groups = [.. features.Select((name, i) => new GroupScore(name, name, i - 2.123456, 1, "18,000 EUR", i == 1, 2, "42,000 EUR"))],
            Provenance = new("SmallNet", hash, "1.0.0", hash, "0.2.0", 256),
        };
    }

    private static Explained Explained(Shape shape, float[] scores) => new()
    {
        Method = "DeepLIFT", Detail = "Rescale", Target = "logit of class 1", Shape = shape, Scores = scores, Output = 2,
        ReferenceOutput = 1, Gap = 0, RelativeGap = 0,
    };
}
