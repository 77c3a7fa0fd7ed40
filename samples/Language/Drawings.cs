using System.Text;
using Whence.Pictures;

namespace Language;

/// <summary>The paper's figure and coloured words.</summary>
internal static class Drawings
{
    private static readonly Colour known = new(0, 114, 178);
    private static readonly Colour unknown = new(213, 94, 0);

    /// <summary>The next word's probability against alpha, a line a section.</summary>
    public static Drawing Along(IReadOnlyList<Explained> all) => new LinePlot
    {
        Title = "The next word's probability, all embeddings times alpha",
        Width = 760,
        Height = 440,
        X = new Axis("alpha"),
        Y = new Axis("softmax probability"),
        Lines = [.. Lines(all.Where(one => one.Section.IsNextKnown), "", known),
            .. Lines(all.Where(one => !one.Section.IsNextKnown), $"next word is {Vocabulary.Unknown}", unknown)],
    };

    /// <summary>Some sections, each by every method.</summary>
    public static Drawing Words(IReadOnlyList<Explained> some) => new Panels
    {
        Columns = 1,
        Drawings =
        [
            .. from one in some
               from method in one.Methods
               select Map(one, method.Words) with { Title = $"{method.Name}: p({one.Section.Next}) = {one.Probability:f4}" },
        ],
    };

    /// <summary>All sections, each by every method, as one HTML page.</summary>
    public static string Html(IReadOnlyList<Explained> all)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"/><title>Why this word?</title>\n");
        page.Append("<style>body{font-family:Helvetica,Arial,sans-serif;max-width:60em;margin:2em "
            + "auto;color:#222}td{padding-right:1em;white-space:nowrap}.method{color:#666}p{margin:.2em 0}</style></head>\n<body>\n");
        page.Append("<h1>Why this word?</h1>\n<p>Ten words of the test text and the one that follows. Red words raise the next word's "
            + "probability, blue ones lower it; point at a word for its score. Words in brackets are one unknown word to the "
            + "network.</p>\n");
        foreach (var one in all)
        {
            page.Append($"<h3>p = {one.Probability:f4}</h3>\n<table>\n");
            foreach (var (name, words, _) in one.Methods)
                page.Append($"<tr><td class=\"method\">{name}</td><td>{Map(one, words).ToHtml()}</td></tr>\n");
            page.Append("</table>\n");
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    // The first line's name stands for all of its kind.
    private static IEnumerable<PlotLine> Lines(IEnumerable<Explained> some, string name, Colour colour) =>
        some.Select((one, i) => new PlotLine(i == 0 ? name : "", one.Along.Alphas, one.Along.Values) { Colour = colour, Thickness = 1.5 });

    private static WordMap Map(Explained one, float[] scores) => new()
    {
        Words = [.. one.Section.Words.Zip(scores, (word, score) => new ScoredWord(word, score))],
        Answer = one.Section.Next,
        Width = 820,
    };
}
