using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Whence.Evaluate;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

/// <summary>The pictures of many rows say what SHAP's own plots draw of the same scores (tests/fixtures/shap).</summary>
public class ShapPlotTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";
    private static readonly JsonNode plots = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "fixtures", "shap", "plots.json")))!;

    private static readonly int shown = plots["shown"]!.GetValue<int>();
    private static readonly string[] features = [.. plots["features"]!.AsArray().Select(name => name!.GetValue<string>())];

    private static ScoredRows Table(string values) =>
        new() { Features = features, Scores = Floats(plots["scores"]!), Values = Floats(plots[values]!) };

    [Fact]
    public void A_beeswarm_has_SHAPs_lines_places_and_colours()
    {
        var table = Table("missing");
        var lines = table.Lines(shown);
        var expected = plots["beeswarm"]!;
        Assert.Equal(Named(expected["labels"]!), lines.Select(line => line.Name));
        var sheet = Sheet(new Beeswarm { Table = table, Most = shown });
        var (ticks, circles) = (Ticks(sheet), sheet.Elements(svg + "circle").ToList());
        var middles = lines.Select(line => MiddleOf(sheet, line.Name)).ToList();
        Assert.Equal(table.Count * lines.Count, circles.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var row = expected["rows"]![i]!;
            var dots = circles.Skip(i * table.Count).Take(table.Count).ToList();
            var height = middles[1] - middles[0];
            var mine = dots.Select(dot => (X: ticks(Number(dot, "cx")), Up: (middles[i] - Number(dot, "cy")) / height));
            var theirs = Doubles(row["x"]!).Zip(Doubles(row["offset"]!), (x, up) => (X: x, Up: up));
            // Which of the dots of one bin stands above which is chance with SHAP.
            Assert.Equal(theirs.Select(dot => dot.X).Order(), mine.Select(dot => dot.X).Order(), Close);
            Assert.Equal(theirs.Select(dot => dot.Up).Order(), mine.Select(dot => dot.Up).Order(), Close);
            var grey = i < lines.Count - 1 ? row["grey"]!.GetValue<int>() : table.Count;
            Assert.Equal(grey, dots.Count(dot => dot.Attribute("fill")!.Value == "#777777"));
            if (i == lines.Count - 1)
                continue;
            var colours = ValueColours.Of(Palette.BlueRed, Enumerable.Range(0, table.Count).Select(r => table.Value(r, lines[i].Feature)));
            Assert.Equal(row["low"]!.GetValue<double>(), colours.Low, 1e-6);
            Assert.Equal(row["high"]!.GetValue<double>(), colours.High, 1e-6);
        }
    }

    [Fact]
    public void Dots_of_one_bin_stand_apart_as_SHAPs_do()
    {
        foreach (var row in plots["beeswarm"]!["rows"]!.AsArray())
        {
            var (x, theirs) = (Doubles(row!["x"]!), Doubles(row["offset"]!));
            var mine = Beeswarm.Offsets(x);
            var bins = x.Select(value => Math.Round(100 * (value - x.Min()) / (x.Max() - x.Min() + 1e-8))).ToArray();
            foreach (var bin in bins.Distinct())
                Assert.Equal(theirs.Where((_, i) => bins[i] == bin).Order(), mine.Where((_, i) => bins[i] == bin).Order(), Near);
        }
    }

    [Fact]
    public void Bars_are_SHAPs_mean_sizes()
    {
        var view = new GlobalScores(features.Length) { Names = features };
        view.Add(0, Floats(plots["scores"]!));
        var chart = BarChart.Of(view.Summarise(), shown);
        Assert.Equal(Named(plots["bar"]!["labels"]!), chart.Rows);
        Assert.Equal(Doubles(plots["bar"]!["widths"]!), chart.Series.Single().Values, Near);

        var sheet = Sheet(chart);
        var ticks = Ticks(sheet);
        var bars = sheet.Elements(svg + "rect").Where(rect => rect.Element(svg + "title") is not null);
        Assert.Equal(Doubles(plots["bar"]!["widths"]!), bars.Select(bar => ticks(Number(bar, "x") + Number(bar, "width"))),
            Close);
        // The largest bar's value has no room at its right; it is written on the bar, before the interval.
        var first = sheet.Elements(svg + "text").First(text => text.Value == "0.801");
        Assert.Equal("end", first.Attribute("text-anchor")!.Value);
        Assert.True(ticks(Number(first, "x")) < chart.Series.Single().Intervals[0].Low);
        Assert.All(chart.Series.Single().Intervals.Zip(chart.Series.Single().Values),
            pair => Assert.InRange(pair.Second, pair.First.Low, pair.First.High));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_waterfall_leads_from_SHAPs_base_value_to_the_output(int which)
    {
        var (expected, table) = (plots["waterfalls"]![which]!, Table("missing"));
        var (row, size) = (expected["row"]!.GetValue<int>(), features.Length);
        var reference = plots["base"]!.GetValue<double>();
        var waterfall = Waterfall.Of(table.Scores.Span.Slice(row * size, size), table.Values.Span.Slice(row * size, size), features,
            reference, shown);
        var bars = waterfall.Bars();
        Assert.Equal(
            expected["labels"]!.AsArray().Select(label => label!.GetValue<string>().Replace("nan", "missing", StringComparison.Ordinal)
                .Replace("other features", "others together", StringComparison.Ordinal)),
            waterfall.Steps.Select(step => step.Name));
        Assert.Equal(reference, bars[^1].From);
        Assert.Equal(reference + Enumerable.Range(0, size).Sum(i => (double)table.Score(row, i)), bars[0].To, 1e-9);

        var sheet = Sheet(waterfall);
        var ticks = Ticks(sheet);
        var drawn = sheet.Elements(svg + "polygon").Select(polygon => polygon.Attribute("points")!.Value.Split(' ')
            .Select(point => ticks(double.Parse(point.Split(',')[0], CultureInfo.InvariantCulture))).ToList()).ToList();
        for (var i = 0; i < shown; i++)
        {
            // SHAP draws no bar shorter than a millionth of itself beyond its end.
            var ends = Doubles(expected["bars"]![i]!);
            Assert.Equal(ends[0], Math.Min(bars[i].From, bars[i].To), 2e-6);
            Assert.Equal(ends[1], Math.Max(bars[i].From, bars[i].To), 2e-6);
            Assert.Equal(ends[0], drawn[i].Min(), 2e-3);
            Assert.Equal(ends[1], drawn[i].Max(), 2e-3);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_dependence_plot_has_SHAPs_places_and_its_choice_of_colour(int which)
    {
        var (expected, table) = (plots["scatters"]![which]!, Table("values"));
        var feature = expected["feature"]!.GetValue<int>();
        var by = Array.IndexOf(features, expected["by"]!.GetValue<string>());
        // The order of equal values is that of NumPy's sort, which is not stable: of whole numbers the choice is chance with SHAP.
        if (feature != 3)
            Assert.Equal(by, DependencePlot.TakesPart(table, feature));
        var plot = new DependencePlot { Table = table, Feature = feature, ColouredBy = feature == 3 ? by : null };
        var colours = plot.Colours(table, by);
        Assert.Equal(expected["low"]!.GetValue<double>(), colours.Low, 1e-6);
        Assert.Equal(expected["high"]!.GetValue<double>(), colours.High, 1e-6);

        var sheet = Sheet(plot);
        var ticks = Ticks(sheet);
        // SHAP shakes whole numbers so that they lie apart; here they lie where they are.
        var whole = feature == 3;
        var theirs = Doubles(expected["x"]!).Select(x => whole ? Math.Round(x) : x).Order();
        var dots = sheet.Elements(svg + "circle").ToList();
        Assert.Equal(theirs, dots.Select(dot => ticks(Number(dot, "cx"))).Order(), Close);
        var up = Enumerable.Range(0, table.Count).Select(row => (double)table.Score(row, feature)).ToArray();
        Assert.Equal(Doubles(expected["y"]!).Order(), up.Order(), Near);
        // Pixels from the top go with the scores: one line through all.
        var (low, high) = (Array.IndexOf(up, up.Min()), Array.IndexOf(up, up.Max()));
        var slope = (Number(dots[high], "cy") - Number(dots[low], "cy")) / (up[high] - up[low]);
        Assert.True(slope < 0, "upwards is up");
        for (var row = 0; row < up.Length; row++)
            Assert.Equal(Number(dots[low], "cy") + slope * (up[row] - up[low]), Number(dots[row], "cy"), 0.02);
    }

    [Fact]
    public void A_map_of_examples_has_SHAPs_order_line_and_cells()
    {
        var (expected, table) = (plots["heatmap"]!, Table("missing"));
        var lines = table.Lines(shown);
        var order = Doubles(expected["order"]!).Select(row => (int)row).ToArray();
        Assert.Equal(Named(expected["labels"]!), lines.Select(line => line.Name));
        Assert.Equal(order, ExampleMap.Order(table));
        Assert.Equal(expected["high"]!.GetValue<double>(), ExampleMap.Full(lines), 1e-6);
        Assert.Equal(-expected["low"]!.GetValue<double>(), ExampleMap.Full(lines), 1e-6);

        var sheet = Sheet(new ExampleMap { Table = table, Most = shown });
        var hinted = sheet.Elements(svg + "rect").Where(rect => rect.Element(svg + "title") is not null).ToList();
        var legend = new ColourLegend(Palette.BlueRed, ExampleMap.Full(lines));
        Assert.Equal(Doubles(expected["values"]!).Select(value => legend[value].ToString()),
            hinted.Take(shown * table.Count).Select(cell => cell.Attribute("fill")!.Value));
        var bars = hinted.Skip(shown * table.Count).Select(bar => Number(bar, "width")).ToList();
        Assert.Equal(Doubles(expected["bars"]!), bars.Select(bar => bar / bars[0]), Close);
        var points = sheet.Elements(svg + "polyline").Single().Attribute("points")!.Value.Split(' ')
            .Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)).ToArray();
        var middle = MiddleOf(sheet, "sum");
        var most = points.Max(point => Math.Abs(point - middle));
        Assert.Equal(Doubles(expected["line"]!), points.Select(point => (middle - point) / most), Close);
    }

    [Fact]
    public void A_sample_of_rows_is_drawn()
    {
        var sample = new RowSample(5);
        for (var row = 0; row < 60; row++)
            sample.Add(row, Floats(plots["scores"]!).AsSpan(row * 12, 12), Floats(plots["missing"]!).AsSpan(row * 12, 12));
        var table = ScoredRows.Of(sample, features);
        Assert.Equal(sample.Rows.Select(row => $"row {row.Row}"), table.Rows);
        Assert.Equal(sample.Rows.SelectMany(row => row.Scores.ToArray()), table.Scores.ToArray());
        Assert.Equal(sample.Rows.SelectMany(row => row.Values.ToArray()), table.Values.ToArray());
        Assert.Contains(table.Rows[0], new Beeswarm { Table = table }.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_drawn_is_said()
    {
        var table = new ScoredRows { Features = ["a", "b"], Scores = new float[] { 1, 2, 3 } };
        Assert.Contains("3 scores", Message(new Beeswarm { Table = table }), StringComparison.Ordinal);
        table = table with { Scores = new float[] { 1, 2, 3, 4 } };
        Assert.Contains("no", Message(new DependencePlot { Table = table, Feature = 0 }), StringComparison.Ordinal);
        Assert.Contains("1 values", Message(new Beeswarm { Table = table with { Values = new float[1] } }), StringComparison.Ordinal);
        Assert.Contains("1 names", Message(new ExampleMap { Table = table with { Rows = ["x"] } }), StringComparison.Ordinal);
        Assert.Contains("Most is 0", Message(new ExampleMap { Table = table, Most = 0 }), StringComparison.Ordinal);
        Assert.Contains("NaN", Message(new Beeswarm { Table = table with { Scores = new[] { 1, float.NaN } } }), StringComparison.Ordinal);
        Assert.Contains("at least one step", Message(new Waterfall { ReferenceOutput = 0, Steps = [] }), StringComparison.Ordinal);
        Assert.Contains("1 names",
            Assert.Throws<ArgumentException>(() => Waterfall.Of([1, 2], [], ["a"], 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BarChart.Of(Array.Empty<GlobalScore>()));
        Assert.Throws<ArgumentException>(() => ScoredRows.Of(new RowSample()));
    }

    [Fact]
    public void Scores_of_one_number_are_drawn()
    {
        var table = new ScoredRows { Features = ["a"], Scores = new float[3], Values = new float[3] };
        Assert.All<Drawing>(
            [new Beeswarm { Table = table }, new ExampleMap { Table = table }, new DependencePlot { Table = table, Feature = 0 }],
            drawing => Assert.DoesNotContain("NaN", drawing.ToSvg(), StringComparison.Ordinal));
    }

    private static string Message(Drawing drawing) => Assert.ThrowsAny<ArgumentException>(() => drawing.ToSvg()).Message;

    private static bool Near(double one, double other) => Math.Abs(one - other) < 1e-6;

    // Read off a sheet, whose numbers are hundredths of a pixel.
    private static bool Close(double one, double other) => Math.Abs(one - other) < 2e-3;

    private static IEnumerable<string> Named(JsonNode labels) => labels.AsArray().Select(label =>
        label!.GetValue<string>() is var name && name.StartsWith("Sum of ", StringComparison.Ordinal)
            ? $"{name.Split(' ')[2]} others together"
            : name);

    private static double[] Doubles(JsonNode numbers) => numbers.Deserialize<double[]>()!;

    private static float[] Floats(JsonNode numbers) =>
        [.. numbers.AsArray().Select(number => number is null ? float.NaN : number.GetValue<float>())];

    private static XElement Sheet(Drawing drawing) => XDocument.Parse(drawing.ToSvg()).Root!;

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    // Where a row's name stands; capitals are a third of the size below their middle line.
    private static double MiddleOf(XElement sheet, string name) =>
        Number(sheet.Elements(svg + "text").First(text => text.Value == name), "y") - 0.35 * 12;

    /// <summary>The number that a pixel stands for, as a reader would say from the numbers under the axis.</summary>
    private static Func<double, double> Ticks(XElement sheet)
    {
        var ticks = sheet.Elements(svg + "text").Where(text => double.TryParse(Plain(text), CultureInfo.InvariantCulture, out _))
            .GroupBy(text => Number(text, "y")).MaxBy(group => group.Key)!
            .Select(text => (X: Number(text, "x"), Value: double.Parse(Plain(text), CultureInfo.InvariantCulture))).ToList();
        var ((left, low), (right, high)) = (ticks[0], ticks[^1]);
        return x => low + (x - left) / (right - left) * (high - low);

        static string Plain(XElement text) => text.Value.Replace('\u2212', '-');
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
