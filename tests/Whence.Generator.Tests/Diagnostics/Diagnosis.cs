using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// Asserts the diagnostics of a source whose squiggles are marked <c>[|...|]</c>: their ids in the order of the source, and that there
/// is no other, neither ours nor the compiler's.
/// </summary>
internal sealed class Diagnosis
{
    private readonly List<(string File, TextSpan Span)> squiggles = [];
    private readonly CSharpCompilation compilation;
    private readonly string[] compilerErrors;
    private readonly AnalyzerOptions options;

    private Diagnosis(string[] files, string[] compilerErrors, MetadataReference[] others, params (string Name, string Header)[] weights)
    {
        compilation = Source.Compile([.. files.Select((file, i) => Unmark(Source.Usings + file, $"File{i}.cs"))], others);
        this.compilerErrors = compilerErrors;
        options = new([.. weights.Select(file => new HeaderFile(file.Name, file.Header))], new HeaderOptions());
    }

    /// <summary>Asserts one diagnostic of this id at each squiggle, whose messages contain <paramref name="says"/>.</summary>
    public static Task Is(string id, string source, string says = "", params string[] compilerErrors) =>
        In([source], id, says, compilerErrors);

    /// <summary>The same for a class Net with these members.</summary>
    public static Task IsIn(string id, string members, string says = "", params string[] compilerErrors) =>
        Is(id, Net(members), says, compilerErrors);

    /// <summary>The same for several files.</summary>
    public static Task In(string[] files, string id, string says = "", string[]? compilerErrors = null,
        MetadataReference[]? others = null) =>
        new Diagnosis(files, compilerErrors ?? [], others ?? []).Check(id, says);

    /// <summary>The same with these weights files.</summary>
    public static Task WithWeights(string id, string source, string says, params (string Name, string Header)[] weights) =>
        new Diagnosis([source], [], [], weights).Check(id, says);

    /// <summary>Asserts that nothing is wrong.</summary>
    public static Task Nothing(string source, params (string Name, string Header)[] weights) =>
        new Diagnosis([source], [], [], weights).Check("", "");

    /// <summary>Asserts that only the compiler complains.</summary>
    public static Task OnlyTheCompiler(string members, params string[] errors) => new Diagnosis([Net(members)], errors, []).Check("", "");

    /// <summary>The analyzer's diagnostics.</summary>
    public static async Task<(Compilation Compilation, ImmutableArray<Diagnostic> Found)> Find(string source,
        params (string Name, string Header)[] weights)
    {
        var diagnosis = new Diagnosis([source], [], [], weights);
        // As in an editor, what is generated is there.
        return (diagnosis.compilation, await diagnosis.Analyze(Generation.Run(diagnosis.compilation)));
    }

    private static string Net(string members) => $"[Network] public partial class Net\n{{\n{members}\n}}";

    private async Task Check(string id, string says)
    {
        var written = Generation.Run(compilation);
        var found = await Analyze(written);
        var expected = squiggles.Select(squiggle => (Id: id, squiggle.File, squiggle.Span)).OrderBy(one => one.File)
            .ThenBy(one => one.Span.Start).ToList();
        var actual = found.Select(one => (one.Id, File: one.Location.SourceTree!.FilePath, Span: one.Location.SourceSpan))
            .OrderBy(one => one.File).ThenBy(one => one.Span.Start).ToList();
        if (!expected.SequenceEqual(actual))
            Assert.Fail(Explain(expected, found));
        Assert.All(found, one => Assert.Contains(says, one.GetMessage(), StringComparison.Ordinal));
        var errors = written.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(compilerErrors.Order().SequenceEqual(errors.Select(one => one.Id).Order()),
            $"The compiler reports\n{string.Join("\n", errors)}");
    }

    private async Task<ImmutableArray<Diagnostic>> Analyze(Compilation written)
    {
        var analyzed = written.WithAnalyzers([new NetworkAnalyzer()], options);
        return await analyzed.GetAnalyzerDiagnosticsAsync();
    }

    private static string Explain(IEnumerable<(string Id, string File, TextSpan Span)> expected, ImmutableArray<Diagnostic> found)
    {
        var text = new StringBuilder("Expected ")
            .AppendJoin(", ", expected.Select(one => $"{one.Id} at {one.File} {one.Span}"))
            .AppendLine(", but found");
        foreach (var one in found)
            text.AppendLine($"{one.Id} at {one.Location.SourceTree?.FilePath} {one.Location.SourceSpan} "
                + $"[|{one.Location.SourceTree?.GetText().ToString(one.Location.SourceSpan)}|]: {one.GetMessage()}");
        return text.ToString();
    }

    private string Unmark(string marked, string file)
    {
        var text = new StringBuilder();
        var open = new Stack<int>();
        for (var i = 0; i < marked.Length; i++)
        {
            var pair = i + 1 < marked.Length ? marked.Substring(i, 2) : "";
            if (pair == "[|")
                open.Push(text.Length);
            else if (pair == "|]")
                squiggles.Add((file, TextSpan.FromBounds(open.Pop(), text.Length)));
            else
                text.Append(marked[i]);
            i += pair is "[|" or "|]" ? 1 : 0;
        }
        return text.ToString();
    }

    /// <summary>A header as the build lists it.</summary>
    private sealed class HeaderFile(string name, string header) : AdditionalText
    {
        public string Name { get; } = name;

        public override string Path => $"obj/{Name}.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(header);
    }

    private sealed class HeaderOptions : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Metadata("");

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Metadata(((HeaderFile)textFile).Name);
    }

    private sealed class Metadata(string name) : AnalyzerConfigOptions
    {
        // As a project lists it: "a.safetensors for Net, Other".
        private readonly string[] parts = name.Split(" for ");

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key switch
            {
                "build_metadata.AdditionalFiles.WhenceWeights" => parts[0],
                "build_metadata.AdditionalFiles.WhenceNetworks" => parts.ElementAtOrDefault(1),
                _ => null,
            };
            return value is not null;
        }
    }
}
