using System.Globalization;
using System.Xml.Linq;

namespace Whence.Pictures;

/// <summary>
/// Explanations side by side on one page: a single HTML file without links or other files, also well-formed XML; its script, which sorts
/// tables and says the scores that are pointed at, is inside. Inputs of rank 3
/// are shown as pictures, of rank 2 as strips along the sequence, of rank 1 as bars of the strongest features.
/// </summary>
/// <param name="title">The page's title.</param>
/// <param name="network">The explained network's name.</param>
public sealed partial class Report(string title, string network)
{
    /// <summary>What is said below the title; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>The colours of negative and positive scores.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>The percentile of a picture's absolute scores at which its colour is full.</summary>
    public double Percentile { get; init; } = 100;

    /// <summary>Whether pictures are also shown through <see cref="Windowing"/>.</summary>
    public bool Windowed { get; init; } = true;

    /// <summary>How many features of a table and positions of a sequence are listed.</summary>
    public int Top { get; init; } = 10;

    /// <summary>The examples, in the order in which they are shown.</summary>
    public IList<Example> Examples { get; } = [];

    /// <summary>Writes the page.</summary>
    /// <exception cref="ArgumentException">Scores do not fit their shape, or are of a rank that cannot be shown.</exception>
    public void Save(string path) => File.WriteAllText(path, ToHtml());

    /// <summary>The page's text.</summary>
    /// <exception cref="ArgumentException">Scores do not fit their shape, or are of a rank that cannot be shown.</exception>
    public string ToHtml()
    {
        return Page(title, Palette, [Header(title, network, Note), new XElement("main", Examples.Select(Section))]);
    }

    /// <summary>A page of this style, with its script.</summary>
    internal static string Page(string title, Palette palette, IEnumerable<XElement> body)
    {
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("title", Clean(title)),
                new XElement("style", Style, $":root {{ --negative: {palette.Negative}; --positive: {palette.Positive}; }}")),
            new XElement("body", body, PageScript.Element()));
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    internal static XElement Header(string title, string network, string note) => new("header",
        new XElement("h1", Clean(title)),
        new XElement("p", Class("network"), "Network ", new XElement("strong", Clean(network))),
        Paragraph("note", note),
        new XElement("div", Class("legend"),
            new XElement("span", "lowers the target"), new XElement("span", Class("ramp"), ""), new XElement("span", "raises it")));

    private XElement Section(Example example) => new("section",
        new XElement("h2", Clean(example.Title)),
        Paragraph("note", example.Note),
        new XElement("div",
            Class(example.IsText ? "strips" : example.Shape.Rank switch { 1 => "cards tables", 2 => "strips", _ => "cards" }),
            InputCard(example),
            example.Explanations.Select(explained => Card(example, explained))));

    private XElement? InputCard(Example example)
    {
        if (example.Shape.Rank < 2)
            return null;
        var picture = InputPicture(example);
        return new XElement("article", Class("card"),
            new XElement("h3", "Input"),
            new XElement("p", Class("detail"), $"{example.Shape}"),
            example.Shape.Rank == 2
                ? Strip(picture, example, example.Explanations.FirstOrDefault(one => one.Shape.Equals(example.Shape)),
                    $"Input {example.Title}")
                : new XElement("div", Class("pair"), Figure(picture, $"Input {example.Title}", "as the network sees it")));
    }

    private XElement Card(Example example, Explained explained) => new("article", Class("card"),
        new XElement("h3", Clean(explained.Method)),
        new XElement("p", Class("detail"), Clean(explained.Detail.Length > 0 ? explained.Detail : "nothing to set")),
        explained.Shape.Rank switch
        {
            1 when example.IsText => Words(example, explained),
            1 => Bars(example, explained),
            2 => Strip(example, explained),
            _ => Pictures(example, explained),
        },
        Facts(explained));

    private XElement Pictures(Example example, Explained explained)
    {
        var scores = explained.Scores.Span;
        var scale = HeatMap.Scale(scores, explained.Shape, Percentile);
        var pair = new XElement("div", Class("pair"),
            Figure(HeatMap.Draw(scores, explained.Shape, Palette, scale), $"{explained.Method}, heat map",
                $"full at ±{Minus(scale.ToString("G3", CultureInfo.InvariantCulture))}", scale));
        if (Windowed && Picture.Shows(example.Shape) && SameSize(example.Shape, explained.Shape))
            pair.Add(Figure(Windowing.Draw(InputPicture(example), scores, explained.Shape), $"{explained.Method}, windowing",
                "input × |score|"));
        return pair;
    }

    private XElement[] Strip(Example example, Explained explained)
    {
        var scores = explained.Scores.Span;
        var scale = HeatMap.Scale(scores, explained.Shape, Percentile);
        return
        [
            Strip(HeatMap.Draw(scores, explained.Shape, Palette, scale), example, explained, $"{explained.Method}, heat map", scale),
            new XElement("ol", Class("peaks"),
                Strongest(scores, Top).Select(i => new XElement("li", Class(Side(explained.Scores.Span[i])),
                    new XElement("span",
                        $"{Name(example, explained, 0, i / explained.Shape[1])} {Name(null, explained, 1, i % explained.Shape[1])}"),
                    " ", new XElement("b", Signed(explained.Scores.Span[i]))))),
        ];
    }

    private XElement Strip(Picture picture, Example example, Explained? explained, string text, double? scale = null)
    {
        return new XElement("div", Class("strip"),
            new XElement("div", Class("rows"), Enumerable.Range(0, picture.Height <= 8 ? picture.Height : 0)
                .Select(row => new XElement("span", Name(example, explained, 0, row)))),
            new XElement("div", Class("track"),
                Image(picture, text, scale),
                new XElement("div", Class("ticks"),
                    Ticks(picture.Width).Select(at => new XElement("span", Left((at + 0.5) / picture.Width), Integer(at))))));
    }

    /// <summary>About eight round positions along a sequence.</summary>
    private static IEnumerable<int> Ticks(int length)
    {
        var power = (int)Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, length / 8.0))));
        var step = new[] { power, 2 * power, 5 * power, 10 * power }.First(step => step >= length / 8.0);
        for (var at = 0; at < length; at += step)
            yield return at;
    }

    private static XAttribute Left(double fraction) =>
        new("style", string.Create(CultureInfo.InvariantCulture, $"left:{100 * fraction:0.##}%"));

    private XElement Words(Example example, Explained explained)
    {
        var scores = explained.Scores.Span;
        Scores.Check(scores, explained.Shape, nameof(Explained.Scores));
        var words = new List<ScoredWord>();
        for (var i = 0; i < scores.Length; i++)
            words.Add(new(Name(example, explained, 0, i), scores[i]));
        return XElement.Parse(new WordMap { Words = words, Palette = Palette }.ToHtml());
    }

    private XElement Bars(Example example, Explained explained)
    {
        var scores = explained.Scores.Span;
        Scores.Check(scores, explained.Shape, nameof(Explained.Scores));
        var strongest = Strongest(scores, Top);
        var full = Math.Max(Math.Abs(scores[strongest[0]]), float.Epsilon);
        var rows = strongest.Select(i => Bar(Name(example, explained, 0, i),
            i < example.Input.Length && SameSize(example.Shape, explained.Shape) ? Number(example.Input.Span[i]) : "",
            explained.Scores.Span[i], full))
            .ToList();
        if (scores.Length > strongest.Length)
            rows.Add(Bar($"{scores.Length - strongest.Length} others", "",
                Sum(scores) - strongest.Sum(i => (double)explained.Scores.Span[i]), full, "rest"));
        return new XElement("table", Class("bars sortable"),
            new XElement("thead", new XElement("tr", PageScript.Head("Feature", "text"),
                PageScript.Head("Size", "number", "descending"), PageScript.Head("Score", "number"))),
            new XElement("tbody", rows));
    }

    private static XElement Bar(string name, string value, double score, double full, string kind = "")
    {
        var width = Math.Min(Math.Abs(score) / full, 1) * 50;
        var left = score < 0 ? 50 - width : 50;
        return new XElement("tr", Class(kind),
            new XElement("th", new XAttribute("scope", "row"), Clean(name), value.Length > 0 ? new XElement("small", $" {value}") : null),
            new XElement("td", Class("bar"), Sorted(Math.Abs(score)),
                new XElement("span", Class(Side(score)),
                    new XAttribute("style", string.Create(CultureInfo.InvariantCulture, $"left:{left:0.##}%;width:{width:0.##}%")), "")),
            new XElement("td", Class("score"), Sorted(score), Signed(score)));
    }

    private static XAttribute Sorted(double value) => new("data-value", value.ToString("R", CultureInfo.InvariantCulture));

    private static XElement Facts(Explained explained)
    {
        var facts = new XElement("dl", Fact("target", explained.Target), Fact("output", Number(explained.Output)));
        if (explained.Reference.Length > 0)
            facts.Add(Fact("reference", explained.Reference));
        if (explained.ReferenceOutput is { } reference)
            facts.Add(Fact("reference output", Number(reference)));
        facts.Add(Fact("sum of scores", Number(explained.Sum ?? Sum(explained.Scores.Span))));
        if (explained.Gap is { } gap)
            facts.Add(Fact("gap", Tiny(gap)));
        if (explained.RelativeGap is { } relative)
            facts.Add(Fact("relative gap", Tiny(relative)));
        if (explained.Converged is { } converged)
            facts.Add(Fact("converged", converged ? "yes" : "no", converged ? "" : "warn"));
        return facts;
    }

    private static XElement Fact(string term, string value, string kind = "") =>
        new("div", Class(kind), new XElement("dt", term), new XElement("dd", Clean(value)));

    private XElement Figure(Picture picture, string text, string caption, double? scale = null) =>
        new("figure", Image(picture, text, scale), new XElement("figcaption", caption));

    /// <summary>
    /// The picture inside the page: enlarged by a whole factor, so that the browser's own scaling leaves its pixels square and crisp. A
    /// heat map says its scale, from which the page's script has the score of a pixel.
    /// </summary>
    private XElement Image(Picture picture, string text, double? scale)
    {
        const int wanted = 280;
        var factor = Math.Max(1, wanted / Math.Max(picture.Width, picture.Height));
        return new XElement("img",
            new XAttribute("alt", Clean(text)),
            new XAttribute("width", picture.Width * factor),
            new XAttribute("height", picture.Height * factor),
            scale is { } full
                ? new[]
                {
                    new XAttribute("data-scale", full.ToString("R", CultureInfo.InvariantCulture)),
                    new XAttribute("data-rows", picture.Height), new XAttribute("data-columns", picture.Width),
                    new XAttribute("data-negative", Palette.Negative), new XAttribute("data-positive", Palette.Positive),
                }
                : null,
            new XAttribute("src", $"data:image/png;base64,{Convert.ToBase64String(Png.Write(picture.Enlarge(factor)))}"));
    }

    /// <summary>
    /// The input in grey or colour, from black (0, or the least value below) to white (1, or the largest above); by its channels' sum where
    /// it has no colours.
    /// </summary>
    private Picture InputPicture(Example example)
    {
        var values = example.Input.Span;
        Scores.Check(values, example.Shape, nameof(Example.Input));
        if (!Picture.Shows(example.Shape))
            return HeatMap.Draw(values, example.Shape, Palette);
        var (black, white) = (0f, 1f);
        foreach (var value in values)
            (black, white) = (Math.Min(black, value), Math.Max(white, value));
        return Picture.FromTensor(values, example.Shape, black, white);
    }

    private static bool SameSize(Shape one, Shape other)
    {
        var (_, height, width) = Scores.Axes(one);
        var (_, otherHeight, otherWidth) = Scores.Axes(other);
        return (height, width) == (otherHeight, otherWidth);
    }

    /// <summary>The places of the scores farthest from zero, strongest first; equal ones in order.</summary>
    private static int[] Strongest(ReadOnlySpan<float> scores, int count)
    {
        var sizes = new float[scores.Length];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = Math.Abs(scores[i]);
        return Enumerable.Range(0, sizes.Length).OrderByDescending(i => sizes[i]).Take(Math.Max(1, count)).ToArray();
    }

    private static double Sum(ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var score in scores)
            sum += score;
        return sum;
    }

    /// <summary>What the example calls an index of axis 0, or else what the network does, or its number.</summary>
    private static string Name(Example? example, Explained? explained, int axis, int i) =>
        example is not null && i < example.Names.Count ? Clean(example.Names[i]) :
        explained is not null && explained.NamedAxis == axis && i < explained.Names.Count ? Clean(explained.Names[i]) : Integer(i);

    private static string Side(double score) => score < 0 ? "negative" : "positive";

    private static XElement? Paragraph(string kind, string text) => text.Length > 0 ? new XElement("p", Class(kind), Clean(text)) : null;

    private static XAttribute? Class(string name) => name.Length > 0 ? new XAttribute("class", name) : null;

    private static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Number(double value) =>
        Minus(value.ToString(Math.Abs(value) is 0 or >= 0.001 and < 100_000 ? "0.####" : "0.##e+0", CultureInfo.InvariantCulture));

    private static string Signed(double value) => value > 0 ? $"+{Number(value)}" : Number(value);

    private static string Tiny(double value) => Minus(value.ToString("0.0e+0", CultureInfo.InvariantCulture));

    private static string Clean(string text) => Canvas.Clean(text);

    private static string Minus(string number) => number.Replace('-', '\u2212');
}
