using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator.Bind;

namespace Whence.Generator.Tests.Robust;

/// <summary>A mistake of the compiler's own costs one network, with a message at its class.</summary>
public class SafetyNet
{
    private const string Two = """
        [Network] public partial class Good { [Linear(2)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }
        [Network] public partial class Bad { [Linear(2)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }
        """;

    [Fact]
    public void OneNetworkIsLostWhereCompilingThrows()
    {
        var generator = new NetworkGenerator(
            network => network.Name == "Bad" ? throw new InvalidOperationException("Half\na sentence.") : Compiler.Compile(network));
        var before = Source.Compile(Source.Usings + Two);
        var driver = CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: Source.Options)
            .RunGeneratorsAndUpdateCompilation(before, out var written, out _);
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        var report = Assert.Single(result.Diagnostics);
        Assert.Equal(("WH118", DiagnosticSeverity.Error), (report.Id, report.Severity));
        Assert.Contains("InvalidOperationException", report.GetMessage(), StringComparison.Ordinal);
        Assert.Contains("Half a sentence", report.GetMessage(), StringComparison.Ordinal);
        Assert.Equal("Bad", before.SyntaxTrees[0].GetText().ToString(report.Location.SourceSpan));
        Assert.Equal("File0.cs", report.Location.GetLineSpan().Path);
        Assert.Empty(written.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error));
        Assert.NotEmpty(written.Class("Good").GetMembers("Predict"));
        // What is used of it is there all the same.
        Assert.NotEmpty(written.Class("Bad").GetMembers("Predict"));
    }

    [Fact]
    public void WhereReadingThrowsThereIsOneReport()
    {
        var type = Source.Compile(Source.Usings + Two).Class("Bad");
        var bound = Bound.From(type, null!, WeightsFiles.None, default);
        var report = Assert.Single(bound.Reports);
        Assert.Equal("WH118", report.Problem.Id);
        Assert.Equal(type.Locations[0], report.Place);
    }

    [Fact]
    public void ACancelledReadIsNoMistake()
    {
        var compilation = Source.Compile(Source.Usings + Two);
        Assert.ThrowsAny<OperationCanceledException>(
            () => Bound.From(compilation.Class("Bad"), compilation, WeightsFiles.None, new CancellationToken(canceled: true)));
    }
}
