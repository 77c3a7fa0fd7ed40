using System.CommandLine;
using System.Globalization;
using Samples;
using Spectre.Console;
using Whence.Evaluate;
using Whence.Pictures;

namespace Digits;

/// <summary>
/// DeepLIFT's experiment on digits (arXiv 1704.02685, section 4.1): of all test digits of one class, up to 157 pixels are erased that a
/// method says speak for it rather than for another class; the better the method, the more the log-odds of the two classes change.
/// </summary>
internal static class Erase
{
    private const int Short = 60;

    private static readonly (int Original, int Other)[] conversions = [(8, 3), (8, 6), (9, 1), (4, 1)];

    public static Command Command { get; } = new Command("erase", """
        Erases the pixels that each method says make an 8 rather than a 3 (8 than 6, 9 than 1, 4 than 1) of all test digits
        of the class, and measures by how much the log-odds of the two classes change.
        """).Experiment($"only the first {Short} digits of a class", ".", Run);

    /// <returns>0, or 1 if an order of tiers does not hold: all test digits show every one.</returns>
    private static int Run(string folder, bool isShort)
    {
        var most = isShort ? Short : int.MaxValue;
        var methods = Scored.All(Path.Combine(AppContext.BaseDirectory, "digits.safetensors"));
        var results = conversions.Select(conversion => Measure(methods, conversion.Original, conversion.Other, most)).ToList();
        var broken = 0;
        foreach (var result in results)
        {
            AnsiConsole.Write(Table(result));
            AnsiConsole.Write(Orders(result, ref broken));
            AnsiConsole.WriteLine();
        }
        Plot(results).Save(Path.Combine(folder, "erase.svg"));
        Png.Save(ErasedExample.Draw(methods, Read(8, 1), 8, 3), Path.Combine(folder, "erase.png"));
        AnsiConsole.MarkupLineInterpolated(
            $"The box plots are in [bold]{Path.GetFullPath(Path.Combine(folder, "erase.svg"))}[/], an example in erase.png.");
        if (broken > 0)
            Console.Error.WriteLine($"{broken} of the orders that all test digits show (see README.md) did not hold.");
        return broken > 0 ? 1 : 0;
    }

    /// <summary>The changes of log-odds, one for each digit, of each method.</summary>
    private sealed record Result(int Original, int Other, int Count, IReadOnlyList<(Scored Method, double[] Changes)> Methods)
    {
        public string Title => string.Create(CultureInfo.InvariantCulture, $"{Original} to {Other}");
    }

    private static Result Measure(IReadOnlyList<Scored> methods, int original, int other, int most)
    {
        var images = Read(original, most);
        var count = images.Length / Digit.Shape.Size;
        return new Result(original, other, count, [.. methods.Select(method =>
            (method, Erasing.LogOddsChanges<float>(method.Net, images, count, method.Differences(images, count, original, other), original,
                other)))]);
    }

    /// <summary>The test digits of one class, misclassified ones too, in the test set's order; pixels from 0 to 1.</summary>
    private static float[] Read(int label, int most)
    {
        var images = IdxFile.Open(Path.Combine(AppContext.BaseDirectory, "test489-images-idx3-ubyte.gz"));
        var labels = IdxFile.Open(Path.Combine(AppContext.BaseDirectory, "test489-labels-idx1-ubyte.gz"));
        return [.. Enumerable.Range(0, images.Count).Where(i => labels[i][0] == label).Take(most)
            .SelectMany(i => Array.ConvertAll(images[i].ToArray(), pixel => pixel / 255f))];
    }

    private static Table Table(Result result)
    {
        var table = new Table()
            .Border(TableBorder.Horizontal)
            .Title($"[bold]{result.Title}[/]: change of log-odds of {result.Count} digits");
        foreach (var title in new[] { "method", "median", "quartiles", "RevealCancel less it" })
            table.AddColumn(title, column => (title == "method" ? column : column.RightAligned()).NoWrap().Padding(0, 0, 1, 0));
        var first = result.Methods[0].Changes;
        foreach (var (method, changes) in result.Methods)
        {
            var statistics = BoxStatistics.Of(changes);
            table.AddRow(method.Name, $"{statistics.Median:f1}", $"{statistics.LowerQuartile:f1} to {statistics.UpperQuartile:f1}",
                changes == first ? "" : Text(Difference(first, changes)));
        }
        return table;
    }

    private static Panels Plot(List<Result> results)
    {
        var all = results.SelectMany(result => result.Methods.SelectMany(entry => entry.Changes)).ToList();
        var axis = new Axis("change of log-odds") { Minimum = Math.Floor(all.Min() / 5) * 5, Maximum = Math.Ceiling(all.Max() / 5) * 5 };
        return new Panels
        {
            Title = "Pixels erased that speak for one digit and against another",
            Drawings = [.. results.Select(result => new BoxPlot
            {
                Title = $"{result.Title}, {result.Count} digits",
                Width = 620,
                Height = 420,
                X = axis,
                Boxes = [.. result.Methods.Select(
                    entry => new PlotBox(entry.Method.Name, BoxStatistics.Of(entry.Changes)) { Colour = ColourOf(entry.Method.Tier) })],
            })],
        };
    }

    private static Colour ColourOf(int tier) => tier switch
    {
        0 => new Colour(213, 94, 0),
        1 => new Colour(230, 159, 0),
        2 => new Colour(0, 114, 178),
        3 => new Colour(0, 158, 115),
        _ => new Colour(110, 110, 110),
    };

    /// <summary>The order that the paper reports: each tier against the next, each digit's mean over the tier's methods.</summary>
    private static Table Orders(Result result, ref int broken)
    {
        var table = new Table().Border(TableBorder.Horizontal);
        foreach (var title in new[] { "order expected", "mean difference", "shown" })
            table.AddColumn(title, column => (title == "mean difference" ? column.RightAligned() : column).NoWrap().Padding(0, 0, 1, 0));
        for (var tier = 0; tier + 1 < Scored.Tiers.Length; tier++)
        {
            var difference = Difference(Mean(result, tier), Mean(result, tier + 1));
            broken += difference.Estimate <= 0 ? 1 : 0;
            table.AddRow($"{Scored.Tiers[tier]} > {Scored.Tiers[tier + 1]}", Text(difference),
                !difference.ExcludesZero ? "open" : difference.Low > 0 ? "yes" : "no");
        }
        return table;
    }

    /// <summary>The mean of the differences digit by digit, with its 95 % bootstrap interval.</summary>
    private static Interval Difference(double[] changes, double[] others) =>
        Bootstrap.Mean([.. changes.Zip(others, (one, other) => one - other)]);

    private static string Text(Interval interval) =>
        $"{interval.Estimate:+0.00;-0.00;0.00} [[{interval.Low:+0.00;-0.00;0.00}, {interval.High:+0.00;-0.00;0.00}]]";

    private static double[] Mean(Result result, int tier)
    {
        var methods = result.Methods.Where(entry => entry.Method.Tier == tier).ToList();
        return [.. Enumerable.Range(0, result.Count).Select(digit => methods.Average(entry => entry.Changes[digit]))];
    }
}
