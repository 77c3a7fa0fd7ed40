using System.Globalization;
using System.Xml.Linq;
using Whence.Pictures;

namespace Whence.Reasons;

/// <summary>The words of a letter that are the same in all letters, for another language than English.</summary>
public sealed record LetterWords
{
    internal static readonly LetterWords English = new();

    /// <summary>Above the reasons.</summary>
    public string Reasons { get; init; } = "Principal reasons";

    /// <summary>Before the example's value.</summary>
    public string Value { get; init; } = "Yours";

    /// <summary>Before the population's.</summary>
    public string Typical { get; init; } = "typical of those compared with";

    /// <summary>In place of a value that was missing; {0} is what stood for it.</summary>
    public string Missing { get; init; } = "not given, {0} was taken";

    /// <summary>Before the population's description.</summary>
    public string ComparedWith { get; init; } = "Compared with";

    /// <summary>Before what the letter is about.</summary>
    public string Subject { get; init; } = "Re";

    /// <summary>Above the account of how the reasons were found.</summary>
    public string Account { get; init; } = "How the reasons were found";

    /// <summary>Above the groups of features.</summary>
    public string Feature { get; init; } = "Feature";

    /// <summary>Above their scores.</summary>
    public string Score { get; init; } = "Score";
}

/// <summary>
/// A statement of reasons as a letter: a printable page (one HTML file with its print style, no script, no link, no other file) or plain
/// text. The same statement gives the same bytes.
/// </summary>
public sealed partial record Letter
{
    /// <summary>The title.</summary>
    public string Title { get; init; } = "Statement of reasons";

    /// <summary>The sender's lines.</summary>
    public IReadOnlyList<string> Sender { get; init; } = [];

    /// <summary>The recipient's lines.</summary>
    public IReadOnlyList<string> Recipient { get; init; } = [];

    /// <summary>Paragraphs above the reasons: what was decided.</summary>
    public IReadOnlyList<string> Opening { get; init; } = [];

    /// <summary>Paragraphs below the reasons: rights, and whom to ask.</summary>
    public IReadOnlyList<string> Closing { get; init; } = [];

    /// <summary>The date's format, as .NET's.</summary>
    public string DateFormat { get; init; } = "yyyy-MM-dd";

    /// <summary>The language's tag, as HTML takes it.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The words around the reasons.</summary>
    public LetterWords Words { get; init; } = LetterWords.English;

    /// <summary>Whether each reason has the example's value and the population's beside it.</summary>
    public bool ShowValues { get; init; } = true;

    /// <summary>
    /// Whether the account of how the reasons were found is there, on a page of its own: every group's score, the output, the gap, the
    /// population, hashes and versions.
    /// </summary>
    public bool ShowAccount { get; init; } = true;

    /// <summary>The letter as a page.</summary>
    public string ToHtml(StatementOfReasons statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var page = new XElement("html", new XAttribute("lang", Clean(Language)),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", Clean(Title)),
                new XElement("style", Style)),
            new XElement("body", new XElement("main", Page(statement)), ShowAccount ? Account(statement) : null));
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private IEnumerable<XElement> Page(StatementOfReasons statement)
    {
        yield return new XElement("header", Address("sender", Sender), Address("recipient", Recipient),
            new XElement("p", new XAttribute("class", "date"), DateOf(statement)));
        yield return new XElement("h1", Clean(Title));
        if (statement.Subject.Length > 0)
            yield return new XElement("p", new XAttribute("class", "subject"), Clean($"{Words.Subject}: {statement.Subject}"));
        foreach (var paragraph in Opening)
            yield return new XElement("p", Clean(paragraph));
        yield return new XElement("h2", Clean(Words.Reasons));
        yield return new XElement("ol", statement.Reasons.Select(reason => new XElement("li",
            new XElement("strong", Clean(Told(reason))),
            Values(statement, reason) is { Length: > 0 } values ? new XElement("span", Clean(values)) : null)));
        yield return new XElement("p", new XAttribute("class", "population"), Clean(Comparison(statement)));
        foreach (var paragraph in Closing)
            yield return new XElement("p", Clean(paragraph));
    }

    private XElement Account(StatementOfReasons statement) => new("section",
        new XElement("h2", Clean(Words.Account)),
        new XElement("table",
            new XElement("thead", new XElement("tr",
                new[] { Words.Feature, Words.Value, Words.Typical, Words.Score }.Select(title =>
                    new XElement("th", new XAttribute("scope", "col"), Clean(Capital(title)))))),
            new XElement("tbody", statement.Groups.Select(group => new XElement("tr",
                new XElement("th", new XAttribute("scope", "row"), Clean(group.Name)),
                new XElement("td", Clean(ValueOf(group))), new XElement("td", Clean(group.TypicalText)),
                new XElement("td", Short(group.Score)))))),
        new XElement("dl", Facts(statement).Select(fact => new XElement("div",
            new XElement("dt", Clean(fact.Term)), new XElement("dd", Clean(fact.Value))))));

    private static XElement? Address(string kind, IReadOnlyList<string> lines) => lines.Count == 0 ? null
        : new XElement("address", new XAttribute("class", kind), lines.Select(line => new XElement("span", Clean(line))));

    private static string Told(Reason reason) => reason.Code.Length > 0 ? $"{reason.Code}: {reason.Words}" : reason.Words;

    private string Comparison(StatementOfReasons statement) => $"{Words.ComparedWith}: {statement.Population.Description}.";

    private string DateOf(StatementOfReasons statement) => statement.Date.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>"Yours: 18,000; typical of those compared with: 42,000"; empty where there is no value.</summary>
    private string Values(StatementOfReasons statement, Reason reason)
    {
        var group = statement.Groups.First(group => group.Feature == reason.Feature);
        return ShowValues && group.ValueText.Length > 0
            ? $"{Words.Value}: {ValueOf(group)}; {Words.Typical}: {group.TypicalText}"
            : "";
    }

    private string ValueOf(GroupScore group) =>
        group.IsMissing ? Words.Missing.Replace("{0}", group.ValueText, StringComparison.Ordinal) : group.ValueText;

    // The account is for who checks it, by the names that the JSON has.
    private static IEnumerable<(string Term, string Value)> Facts(StatementOfReasons statement)
    {
        var program = statement.Provenance;
        yield return ("target", statement.Target);
        yield return ("method", string.Join(", ", new[] { statement.Method, statement.Rule, statement.Steps is { } steps
            ? string.Create(CultureInfo.InvariantCulture, $"{steps} steps") : null }.Where(part => part is not null)));
        yield return ("output", Number(statement.Output));
        yield return ("output of the population", Number(statement.ReferenceOutput));
        yield return ("sum of the reasons", Number(statement.Reasons.Sum(reason => reason.Score)));
        yield return ("sum of all others", Number(statement.Others));
        yield return ("gap", Number(statement.Gap));
        yield return ("relative gap, and the most allowed", $"{Number(statement.RelativeGap)}, {Number(statement.Tolerance)}");
        yield return ("population", string.Create(CultureInfo.InvariantCulture,
            $"{statement.Population.Description} ({statement.Population.Rows} rows)"));
        yield return ("population's SHA-256", statement.Population.Sha256);
        yield return ("network", $"{program.Network}, version {program.NetworkVersion}");
        yield return ("network's SHA-256", program.NetworkHash);
        yield return ("weights' SHA-256", program.WeightsHash);
        yield return ("Whence", string.Create(CultureInfo.InvariantCulture,
            $"{program.WhenceVersion}, vectors of {program.VectorBits} bits"));
        yield return ("date", statement.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G9", CultureInfo.InvariantCulture);

    private static string Clean(string text) => Canvas.Clean(text);
}
