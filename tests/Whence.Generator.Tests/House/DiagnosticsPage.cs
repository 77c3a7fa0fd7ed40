using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Whence.Generator.Check;
using Whence.Generator.Tests.Diagnostics;

namespace Whence.Generator.Tests.House;

/// <summary>Every diagnostic links to its section of generator/DIAGNOSTICS.md, whose examples are true.</summary>
public partial class DiagnosticsPage
{
    private static readonly string page = File.ReadAllText(Path.Combine(Source.Root, "generator", "DIAGNOSTICS.md"))
        .ReplaceLineEndings("\n");

    private static readonly Dictionary<string, string> sections = Section()
        .Matches(page)
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    public static TheoryData<string> Ids => [.. Problems.All.Select(problem => problem.Id)];

    public static TheoryData<string> Shown => [.. Problems.All.Select(problem => problem.Id)
        .Where(id => sections.TryGetValue(id, out var section) && section.Contains("```", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Ids))]
    public void ADiagnosticHasItsSectionAndLinksToIt(string id)
    {
        var problem = Problems.All.Single(one => one.Id == id);
        Assert.True(sections.TryGetValue(id, out var section), $"generator/DIAGNOSTICS.md has no section '## {id}'.");
        Assert.StartsWith($"\n**{problem.Title}.** ", section, StringComparison.Ordinal);
        var descriptor = new NetworkAnalyzer().SupportedDiagnostics.Single(one => one.Id == id);
        Assert.EndsWith($"/generator/DIAGNOSTICS.md#{id.ToLowerInvariant()}", descriptor.HelpLinkUri, StringComparison.Ordinal);
        Assert.True(Uri.TryCreate(descriptor.HelpLinkUri, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps,
            descriptor.HelpLinkUri);
    }

    [Fact]
    public void SectionsAreInOrder() => Assert.Equal(sections.Keys.Order(), sections.Keys);

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task TheWrongExampleGivesTheDiagnosticAndTheRightOneNone(string id)
    {
        var blocks = Block().Matches(sections[id]).Select(match => (Kind: match.Groups[1].Value, Code: match.Groups[2].Value)).ToList();
        Assert.Equal(["Wrong", "Right"], blocks.Select(block => block.Kind));
        Assert.Equal([id], (await Found(blocks[0].Code)).Distinct());
        Assert.Empty(await Found(blocks[1].Code));
        var written = Generation.Run(Source.Compile(Source.Usings + blocks[1].Code));
        Assert.Empty(written.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error));
    }

    private static async Task<IEnumerable<string>> Found(string code) =>
        (await Diagnosis.Find(code)).Found.Select(diagnostic => diagnostic.Id);

    [GeneratedRegex(@"^## (WH\d+)\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^(Wrong|Right):\n\n```csharp\n(.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
