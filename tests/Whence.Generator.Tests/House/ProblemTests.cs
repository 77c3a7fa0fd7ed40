using Whence.Generator.Check;

namespace Whence.Generator.Tests.House;

/// <summary>Every problem is documented, released and tested.</summary>
public class ProblemTests
{
    public static TheoryData<string> Ids => [.. Problems.All.Select(problem => problem.Id)];

    [Fact]
    public void IdsAreUniqueAndInOrder() =>
        Assert.Equal(Problems.All.Select(problem => problem.Id).Distinct().Order(), Problems.All.Select(problem => problem.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void AProblemHasATest(string id)
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Source.Root, "tests", "Whence.Generator.Tests"), "*.cs",
            SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "ProblemTests.cs");
        Assert.Contains(tests, file => File.ReadAllText(file).Contains($"\"{id}\"", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void AProblemHasARowInTheDocumentation(string id) =>
        Assert.Contains(File.ReadLines(Path.Combine(Source.Root, "generator", "README.md")),
            line => line.StartsWith($"| {id} | {Problems.All.Single(problem => problem.Id == id).Title} |", StringComparison.Ordinal));

    [Fact]
    public void TheListOfReleasesHasEveryProblem()
    {
        var rows = File.ReadLines(Path.Combine(Source.Root, "generator", "AnalyzerReleases.Unshipped.md"))
            .Where(line => line.StartsWith("WH", StringComparison.Ordinal));
        Assert.Equal(
            Problems.All.Select(problem => $"{problem.Id} | Whence | {Severity(problem)} | {problem.Title}"),
            rows);
    }

    private static string Severity(Problem problem) => problem.IsCompilersToo ? "Info" : problem.IsWarning ? "Warning" : "Error";

    [Fact]
    public void AMessageHasNoLineBreakAndNoFullStop() =>
        Assert.All(Problems.All, problem => Assert.DoesNotMatch(@"\n|\.$|^\s|\s$", problem.Text));
}
