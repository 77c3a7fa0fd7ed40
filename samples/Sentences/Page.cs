using System.Net;
using System.Text;
using Whence.Pictures;

namespace Sentences;

/// <summary>All pairs of sentences as one HTML page, which needs nothing beside it.</summary>
internal static class Page
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"/><title>Why are these sentences similar?</title>
        <style>
        body{font-family:Helvetica,Arial,sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#222}
        section{border-top:1px solid #ddd;margin-top:1.5em}
        table{border-collapse:collapse}
        td,th{padding:.1em 1em .1em 0;text-align:left;font-weight:normal;vertical-align:baseline}
        th,.number{color:#666;white-space:nowrap}
        .number{text-align:right;font-variant-numeric:tabular-nums}
        p{margin:.3em 0}
        </style></head>
        <body>
        <h1>Why are these sentences similar?</h1>
        <p>all-MiniLM-L6-v2 makes 384 numbers of a sentence; two are as similar as the cosine of the angle between theirs. A sentence is
        compared with one of as many [MASK] tokens, the other is held fixed. Red words make the two more similar, blue ones less; the sum
        of a line's scores, [CLS] and [SEP] included, is how much more similar the sentence is than its masks. Point at a word for its
        score.</p>

        """;

    /// <summary>The page.</summary>
    public static string Of(IEnumerable<Similarity> pairs)
    {
        var page = new StringBuilder(Head);
        foreach (var pair in pairs)
        {
            page.Append($"<section>\n<h3>{Text(pair.Left)}<br/>{Text(pair.Right)}</h3>\n<p>Similarity {pair.Cosine:f3}</p>\n<table>\n");
            foreach (var method in pair.Answers.GroupBy(answer => answer.Method))
            {
                page.Append($"<tr><th colspan=\"3\">{method.Key}</th></tr>\n");
                // One scale for both sentences, so that their colours compare.
                var full = method.SelectMany(answer => answer.Words).Max(Math.Abs);
                foreach (var answer in method)
                    Row(page, answer, full);
            }
            page.Append("</table>\n</section>\n");
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Row(StringBuilder page, Answer answer, double full)
    {
        var map = new WordMap
        {
            Words = [.. answer.Sentence.Words.Zip(answer.Words, (word, score) => new ScoredWord(word, score))],
            Full = full > 0 ? full : null,
        };
        var masked = answer.Why.ReferenceOutput ?? 0;
        page.Append($"<tr><td>{map.ToHtml()}</td><td class=\"number\">{masked:f3} with masks</td>"
            + $"<td class=\"number\">{answer.Why.Output - masked:+0.000;-0.000}</td></tr>\n");
    }

    private static string Text(Sentence sentence) => WebUtility.HtmlEncode(sentence.Text);
}
