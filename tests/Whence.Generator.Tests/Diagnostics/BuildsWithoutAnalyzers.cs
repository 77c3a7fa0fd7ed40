using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// A build that runs no analyzers fails with the same errors, which the generator says; where they run, it does not say them.
/// </summary>
public class BuildsWithoutAnalyzers
{
    private const string Wrong = """
        [Network(Explain = Methods.Gradient, Layers = ["nowhere"])]
        public partial class First
        {
            [Linear(0)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Fc(x) + Zeros(3);
        }

        namespace Inner
        {
            [Network]
            public partial class Second
            {
                [Linear(3)] private partial Tensor Unused(Tensor x);
                public Tensor Forward([Shape(4)] Tensor x) => x + Zeros(3);

                [Network]
                public partial class Third
                {
                    public Tensor Forward([Shape(4)] Tensor x) { var i = 0; while (true) i++; }
                }
            }

            [Network]
            public partial struct Fourth
            {
                public Tensor Forward([Shape(4)] Tensor x) => x;
            }

            [Network]
            public partial class Right
            {
                public Tensor Forward([Shape(4)] Tensor x) => x * double.NaN;
            }
        }
        """;

    [Theory]
    [InlineData("RunAnalyzers", "false")]
    [InlineData("RunAnalyzers", "False")]
    [InlineData("RunAnalyzersDuringBuild", "false")]
    public async Task TheGeneratorSaysTheErrors(string property, string value)
    {
        var (_, found) = await Diagnosis.Find(Wrong);
        var errors = found.Where(one => one.Severity == DiagnosticSeverity.Error).Select(Place).Order().ToList();
        Assert.Equal(["WH101", "WH103", "WH108", "WH201"], errors.Select(error => error[..5]).Distinct().Order());
        Assert.Equal(errors, Run((property, value)).Select(Place).Order());
    }

    [Fact]
    public void WhereAnalyzersRunItDoesNot()
    {
        // The struct, for which the compiler would leave analyzers out, it says in any case.
        Assert.Equal(["WH103"], Run().Select(one => one.Id));
        Assert.Equal(["WH103"], Run(("RunAnalyzers", "true"), ("RunAnalyzersDuringBuild", "false")).Select(one => one.Id));
    }

    private static string Place(Diagnostic one) => $"{one.Id} {one.Location.SourceSpan} {one.GetMessage()}";

    private static IEnumerable<Diagnostic> Run(params (string Property, string Value)[] build)
    {
        var compilation = Source.Compile(Source.Usings + Wrong);
        return CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options,
            optionsProvider: new Build(build.ToDictionary(one => "build_property." + one.Property, one => one.Value)))
            .RunGenerators(compilation).GetRunResult().Diagnostics;
    }

    private sealed class Build(IReadOnlyDictionary<string, string> properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(properties);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Properties(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
