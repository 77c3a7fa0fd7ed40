using System.Globalization;
using System.Xml.Linq;

namespace Whence.Pictures;

/// <summary>A word, or another piece of text, and its score.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Score">What it contributes.</param>
public sealed record ScoredWord(string Text, double Score);

/// <summary>A text whose words have a ground in the colour of their score, as SVG or as a piece of HTML.</summary>
public sealed record WordMap : Drawing
{
    private const double Margin = 14;

    /// <summary>The words in order.</summary>
    public required IReadOnlyList<ScoredWord> Words { get; init; }

    /// <summary>What follows the words without a score, such as the predicted one; may be empty.</summary>
    public string Answer { get; init; } = "";

    /// <summary>The colours; <see cref="Palette.BlueRed"/> if not given.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>The score at which the colour is full; the largest absolute one if not given.</summary>
    public double? Full { get; init; }

    /// <summary>Whether the scores are written below the words; in HTML they are shown when a word is pointed at.</summary>
    public bool ShowScores { get; init; } = true;

    /// <summary>Where lines are broken, in pixels.</summary>
    public int Width { get; init; } = 720;

    /// <summary>A paragraph of HTML, well-formed, with its colours in it: to be put into any page.</summary>
    /// <exception cref="ArgumentException">A score is not finite.</exception>
    public string ToHtml()
    {
        var legend = Legend();
        var paragraph = new XElement("p", new XAttribute("class", "words"), new XAttribute("style", "line-height:1.9"));
        foreach (var word in Words)
        {
            var colour = legend[word.Score];
            paragraph.Add(new XElement("span",
                new XAttribute("title", Signed(word.Score)),
                new XAttribute("style", $"background:{colour};color:{Ink.Upon(colour)};padding:.15em .25em;border-radius:.2em"),
                Canvas.Clean(word.Text)), " ");
        }
        if (Answer.Length > 0)
            paragraph.Add(new XElement("b", Canvas.Clean(Answer)));
        return paragraph.ToString(SaveOptions.DisableFormatting);
    }

    internal override Canvas Draw()
    {
        var legend = Legend();
        var places = Places(out var lines);
        var lineHeight = ShowScores ? 44.0 : 28;
        var top = Margin + (Title.Length > 0 ? 22 : 0);
        var canvas = new Canvas(Width, top + lines * lineHeight + Margin / 2, Title);
        if (Title.Length > 0)
            canvas.Text(Margin, 18, Title, "start", 14, bold: true);
        for (var i = 0; i < places.Count; i++)
        {
            var (x, line, width) = places[i];
            var y = top + line * lineHeight;
            if (i == Words.Count)
            {
                canvas.Text(x + 5, y + 11, Answer, size: 14, bold: true);
                continue;
            }
            var colour = legend[Words[i].Score];
            canvas.Rect(x, y, width, 22, colour.ToString(), rounded: 3);
            canvas.Text(x + width / 2, y + 11, Words[i].Text, "middle", 14, fill: Ink.Upon(colour));
            if (ShowScores)
                canvas.Text(x + width / 2, y + 31, Signed(Words[i].Score), "middle", 10, fill: Ink.Soft);
        }
        return canvas;
    }

    private ColourLegend Legend()
    {
        foreach (var word in Words)
        {
            if (!double.IsFinite(word.Score))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Only finite scores can be drawn, but that of \"{word.Text}\" is {word.Score}."),
                    nameof(Words));
        }
        return new ColourLegend(Palette, ColourLegend.FullOf([.. Words.Select(word => (float)word.Score)], Full, nameof(Full)));
    }

    private List<(double X, int Line, double Width)> Places(out int lines)
    {
        var places = new List<(double X, int Line, double Width)>();
        var (x, line) = (Margin, 0);
        foreach (var text in Answer.Length > 0 ? Words.Select(word => word.Text).Append(Answer) : Words.Select(word => word.Text))
        {
            var width = Math.Max(Canvas.WidthOf(text, 14) + 10, ShowScores ? 40 : 0);
            if (x > Margin && x + width > Width - Margin)
                (x, line) = (Margin, line + 1);
            places.Add((x, line, width));
            x += width + 4;
        }
        lines = line + 1;
        return places;
    }

    private static string Signed(double score) => (score > 0 ? "+" : "") + (score != 0 && Math.Abs(score) < 0.0001
        ? score.ToString("0.0e+0", CultureInfo.InvariantCulture)
        : score.ToString("0.####", CultureInfo.InvariantCulture)).Replace('-', '\u2212');
}
