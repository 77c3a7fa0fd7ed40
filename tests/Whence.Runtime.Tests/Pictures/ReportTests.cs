using System.Xml.Linq;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class ReportTests
{
    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_else()
    {
        var page = Parse(Page(Digit(), Sequence(), Table()));

        Assert.Empty(page.Descendants("script").Single().Attributes());
        Assert.Empty(page.Descendants("link"));
        Assert.All(page.Descendants("img"), image => Assert.StartsWith("data:image/png;base64,", image.Attribute("src")!.Value));
        Assert.All(page.Descendants("img"), image => Assert.NotEmpty(image.Attribute("alt")!.Value));
        Assert.Equal("utf-8", page.Descendants("meta").First().Attribute("charset")!.Value);
        Assert.Equal(3, page.Descendants("section").Count());
    }

    [Fact]
    public void No_element_but_an_image_or_meta_is_closed_by_itself()
    {
        // A browser reads <div/> as an opening tag.
        var html = Page(Digit(), Sequence(), Table());
        var closed = System.Text.RegularExpressions.Regex.Matches(html, "<(\\w+)[^<>]*/>")
            .Select(match => match.Groups[1].Value)
            .Distinct();
        Assert.Subset(new HashSet<string> { "img", "meta" }, closed.ToHashSet());
        Assert.DoesNotContain("&",
            html[html.IndexOf("<style>", StringComparison.Ordinal)..html.IndexOf("</style>", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Text_is_escaped_wherever_it_stands()
    {
        const string evil = "<script>alert(\"1\")</script> & 'x' \u0000\uD800 é 7";
        var digit = Digit();
        var example = digit with
        {
            Title = evil,
            Note = evil,
            Explanations = [digit.Explanations[0] with { Method = evil, Detail = evil, Target = evil, Reference = evil }],
        };
        var table = Table() with { Names = [evil, evil, evil] };

        var html = new Report(evil, evil) { Note = evil, Examples = { example, table } }.ToHtml();

        Assert.Equal(html.IndexOf("<script", StringComparison.Ordinal), html.LastIndexOf("<script", StringComparison.Ordinal));
        var page = Parse(html);
        const string shown = "<script>alert(\"1\")</script> & 'x' \uFFFD\uFFFD é 7";
        Assert.Equal(shown, page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("h3"), title => title.Value == shown);
        Assert.Contains(page.Descendants("img"), image => image.Attribute("alt")!.Value.StartsWith(shown, StringComparison.Ordinal));
        Assert.Contains(page.Descendants("th"), name => name.Value.StartsWith(shown, StringComparison.Ordinal));
    }

    [Fact]
    public void The_embedded_heat_map_is_the_enlarged_picture_of_the_scores()
    {
        var digit = Digit();
        var page = Parse(Page(digit));

        var map = Image(page, "Gradient, heat map");
        var scores = digit.Explanations[0];
        Assert.Equal(Png.Write(HeatMap.Draw(scores.Scores.Span, scores.Shape, enlarge: 140)), map);
        var window = Image(page, "Gradient, windowing");
        var input = Picture.FromTensor(digit.Input.Span, digit.Shape);
        Assert.Equal(Png.Write(Windowing.Draw(input, scores.Scores.Span, scores.Shape, enlarge: 140)), window);
    }

    [Fact]
    public void The_numbers_of_an_explanation_stand_beside_its_picture()
    {
        var page = Parse(Page(Digit()));

        var facts = page.Descendants("dl").Single().Elements("div")
            .ToDictionary(fact => fact.Element("dt")!.Value, fact => fact.Element("dd")!.Value);
        Assert.Equal("logit of class 7", facts["target"]);
        Assert.Equal("12.5", facts["output"]);
        Assert.Equal("\u22120.25", facts["reference output"]);
        Assert.Equal("1.5", facts["sum of scores"]);
        Assert.Equal("1.5e\u22127", facts["gap"]);
        Assert.Equal("3.0e\u22128", facts["relative gap"]);
        Assert.Equal("no", facts["converged"]);
    }

    [Fact]
    public void A_method_without_reference_shows_no_gap()
    {
        var digit = Digit();
        var gradient =
            digit.Explanations[0] with { ReferenceOutput = null, Gap = null, RelativeGap = null, Converged = null, Reference = "" };

        var terms = Parse(Page(digit with { Explanations = [gradient] })).Descendants("dt").Select(term => term.Value);

        Assert.Equal(["target", "output", "sum of scores"], terms);
    }

    [Fact]
    public void A_table_lists_its_strongest_features_and_the_sum_of_the_others()
    {
        var html = new Report("Table", "Mlp") { Top = 2, Examples = { Table() } }.ToHtml();

        var rows = Parse(html).Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToArray();
        Assert.Equal(["Feature", "Size", "Score"], rows[0]);
        Assert.Equal(["age 40", "", "\u22122"], rows[1]);
        Assert.Equal(["2 0.5", "", "+1"], rows[2]);
        Assert.Equal(["1 others", "", "+0.5"], rows[3]);
        var bars = Parse(html).Descendants("span").Where(span => span.Parent!.Attribute("class")?.Value == "bar")
            .Select(span => span.Attribute("style")!.Value);
        Assert.Equal(["left:0%;width:50%", "left:50%;width:25%", "left:50%;width:12.5%"], bars);
    }

    [Fact]
    public void A_sequence_names_its_strongest_places()
    {
        var peaks = Parse(Page(Sequence())).Descendants("li").Select(place => place.Value).ToArray();
        Assert.Equal("G 1 \u22123", peaks[0]);
        Assert.Equal("T 2 +2", peaks[1]);
    }

    [Fact]
    public void A_map_of_another_size_than_the_input_has_no_window()
    {
        var digit = Digit();
        var coarse = digit.Explanations[0] with { Shape = new Shape(1, 1, 1), Scores = new float[] { 1 } };

        var images = Parse(Page(digit with { Explanations = [coarse] })).Descendants("img").Select(image => image.Attribute("alt")!.Value);

        Assert.DoesNotContain("Gradient, windowing", images);
        Assert.Contains("Gradient, heat map", images);
    }

    [Fact]
    public void The_page_is_the_same_in_every_culture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        var expected = Page(Digit(), Sequence(), Table());
        var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, Page(Digit(), Sequence(), Table()));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Scores_that_cannot_be_shown_are_refused()
    {
        var digit = Digit();
        Assert.Throws<ArgumentException>(() => Page(digit with { Input = new float[3] }));
        Assert.Throws<ArgumentException>(
            () => Page(digit with { Explanations = [digit.Explanations[0] with { Scores = new float[] { 1, 2, 3, float.NaN } }] }));
        Assert.Throws<ArgumentException>(
            () => Page(digit with { Explanations = [digit.Explanations[0] with { Shape = new Shape(1, 1, 1, 4) }] }));
        Assert.Throws<ArgumentException>(
            () => Page(Table() with { Explanations = [Table().Explanations[0] with { Scores = new float[2] }] }));
    }

    private static byte[] Image(XElement page, string text) =>
        Convert.FromBase64String(page.Descendants("img")
            .Single(image => image.Attribute("alt")!.Value == text)
            .Attribute("src")!.Value["data:image/png;base64,".Length..]);

    private static XElement Parse(string html) => XDocument.Parse(html, LoadOptions.PreserveWhitespace).Root!;

    private static string Page(params Example[] examples)
    {
        var report = new Report("Why", "DigitNet");
        foreach (var example in examples)
            report.Examples.Add(example);
        return report.ToHtml();
    }

    private static Example Digit() => new()
    {
        Title = "Digit",
        Shape = new Shape(1, 2, 2),
        Input = new float[] { 0, 0.5f, 1, 0.25f },
        Explanations = [Explained(new Shape(1, 2, 2), [1, -0.5f, 0.75f, 0.25f])],
    };

    private static Example Sequence() => new()
    {
        Title = "Sequence",
        Shape = new Shape(4, 3),
        Input = new float[] { 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 },
        Names = ["A", "C", "G", "T"],
        Explanations = [Explained(new Shape(4, 3), [1, 0, 0, 0, 0, 0, 0, -3, 0, 0, 0, 2])],
    };

    private static Example Table() => new()
    {
        Title = "Patient",
        Shape = new Shape(3),
        Input = new float[] { 40, 1, 0.5f },
        Names = ["age", "height"],
        Explanations = [Explained(new Shape(3), [-2, 0.5f, 1])],
    };

    private static Explained Explained(Shape shape, float[] scores) => new()
    {
        Method = "Gradient",
        Target = "logit of class 7",
        Reference = "zero",
        Shape = shape,
        Scores = scores,
        Output = 12.5,
        ReferenceOutput = -0.25,
        Gap = 1.5e-7,
        RelativeGap = 3e-8,
        Converged = false,
    };
}
