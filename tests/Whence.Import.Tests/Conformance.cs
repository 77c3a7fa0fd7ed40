using System.Globalization;
using Whence.Import.Check;
using Whence.Import.Read;
using Xunit.Abstractions;

namespace Whence.Import.Tests;

/// <summary>
/// All models of ONNX's test data: each is imported, compiled and agrees with its data, or is refused for a reason from a closed list. The
/// table beside this file says which; WHENCE_ACCEPT=1 writes it anew.
/// </summary>
public class Conformance(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;
    private const int Together = 30;
    private static readonly string[] groups = ["node", "pytorch-converted", "pytorch-operator", "simple"];

    // What is said of a model that is not imported, by a part of the message.
    private static readonly (string Part, string Reason)[] reasons =
    [
        ("indices or positions", "no derivative"), ("truth values", "no derivative"), ("constant but for steps", "no derivative"),
        ("which has no derivative", "no derivative"), ("which have no derivative", "no derivative"),
        ("no derivative says so", "no derivative"),
        ("it jumps", "no derivative"), ("belongs to training", "training"), ("preview.training", "training"), ("training mode", "training"),
        ("is about text", "text"), ("is of Text", "text"), ("sequences or optionals", "sequences"), ("it is no tensor", "sequences"),
        ("it is random", "random"), ("quantised", "quantised"), ("gives a constant only", "constant only"),
        ("it is a constant", "constant only"),
        ("an input as it comes", "constant only"), ("how often it runs", "control flow"), ("its condition depends", "control flow"),
        ("over 3 axes", "three axes of space"), ("depends on the input", "weights or shapes that depend on the input"),
        ("which places it reads", "weights or shapes that depend on the input"),
        ("what it takes depends", "weights or shapes that depend on the input"),
        ("axes depend on the input", "weights or shapes that depend on the input"),
        ("does not say which axes", "weights or shapes that depend on the input"),
        ("scales are not known", "weights or shapes that depend on the input"), ("it is not supported", "not supported"),
        ("a single number", "an input without an axis"), ("version", "an old version"), ("the batch", "examples are mixed"),
        ("examples", "examples are mixed"),
        ("without elements", "an empty tensor"), ("hold no element", "an empty tensor"), ("axes without a size", "an empty tensor"),
        ("its exponents differ", "not supported"), ("sequences have lengths", "not supported"),
        ("begins with something else", "not supported"),
        ("peepholes", "not supported"), ("resets the state", "not supported"), ("above half its window", "not supported"),
        ("even size", "not supported"),
        ("it crops", "not supported"), ("output padding", "not supported"), ("infinite numbers", "not supported"),
        ("its cell state", "not supported"),
        ("divides whole numbers", "whole numbers"), ("of type", "not supported"), ("its mode is", "not supported"),
        ("its norm is", "not supported"),
        ("ellipsis", "not supported"), ("diagonal", "not supported"), ("its activations", "not supported"),
        ("clips its gates", "not supported"),
        ("more axes", "not supported"), ("its input is a constant", "constant only"), ("is a constant", "constant only"),
        ("of the domain", "not supported"),
    ];

    /// <summary>How many of each group are imported and agree, at the least.</summary>
    private static readonly Dictionary<string, int> least = new()
    {
        ["node"] = 330, ["pytorch-converted"] = 69, ["pytorch-operator"] = 32, ["simple"] = 0,
    };

    [SkippableTheory]
    [Trait("Long", "import")]
    [InlineData("node")]
    [InlineData("pytorch-converted")]
    [InlineData("pytorch-operator")]
    [InlineData("simple")]
    public void EveryModelIsAsTheTableSays(string group)
    {
        Skip.IfNot(TestData.IsThere, "Debian's libonnx-testdata is not installed.");
        var rows = Rows(group);
        var path = TestData.Beside($"conformance.{group}.md");
        if (Environment.GetEnvironmentVariable("WHENCE_ACCEPT") == "1")
            File.WriteAllText(path, Table(group, rows));
        foreach (var row in rows.Where(row => row.Outcome is "wrong" or "failed"))
            output.WriteLine($"{row.Name}: {row.Outcome} {row.Detail}");
        Assert.DoesNotContain(rows, row => row.Outcome is "wrong" or "failed");
        Assert.True(rows.Count(row => row.Outcome == "imported") >= least[group],
            $"{rows.Count(row => row.Outcome == "imported")} of {rows.Count} are imported.");
        Assert.Equal(Outcomes(File.ReadAllLines(path)), rows.Select(row => $"{row.Name} {row.Outcome}"));
    }

    private static IEnumerable<string> Outcomes(IEnumerable<string> lines) =>
        lines.Where(line => line.StartsWith("| test_", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => $"{cells[1]} {cells[2]}");

    private sealed record Row(string Name, string Outcome, Comparison? Found, string Detail);

    private static List<Row> Rows(string group)
    {
        var rows = new SortedDictionary<string, Row>(StringComparer.Ordinal);
        var imported = new List<(string Folder, ImportedModel Model, Dictionary<string, Literal> Inputs)>();
        foreach (var folder in TestData.Folders(group))
        {
            var name = TestData.NameOf(folder);
            try
            {
                imported.Add(Import(folder, $"{Write.Words.Pascal(name)}{imported.Count}"));
            }
            catch (ImportException refused)
            {
                rows[name] = new(name, Reason(refused.Findings[0]), null, refused.Findings[0].ToString());
            }
        }
        foreach (var some in imported.Chunk(Together))
        {
            using var compiled = CompiledModels.Compile([.. some.Select(one => one.Model)]);
            foreach (var (folder, model, inputs) in some)
            {
                var name = TestData.NameOf(folder);
                rows[name] = Compared(name,
                    () => Comparing.Compare(model, compiled.Load(model), inputs, Outputs(folder, model)));
            }
        }
        return [.. rows.Values];
    }

    private static List<Read.Literal> Outputs(string folder, ImportedModel model)
    {
        var outputs = TestData.Tensors(folder, "output");
        return [.. model.Outputs.Select(output => outputs[output.Name])];
    }

    private static Row Compared(string name, Func<Comparison> compare)
    {
        try
        {
            var found = compare();
            return new(name, found.Relative <= Tolerance ? "imported" : "wrong", found,
                Differs(found));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(name, "failed", null, e.ToString());
        }
    }

    /// <summary>
    /// The model with its inputs as they are; where that is refused, with all but the first set to the test's data: the data's tests of one
    /// operator give its weights and shapes as inputs.
    /// </summary>
    private static (string, ImportedModel, Dictionary<string, Literal>) Import(string folder, string name)
    {
        var path = Path.Combine(folder, "model.onnx");
        try
        {
            var model = Importer.Import(path, new() { Name = name });
            return (folder, model, TestData.Tensors(folder, "input"));
        }
        catch (ImportException) when (TestData.InputsOf(folder).Count > 1)
        {
            var inputs = TestData.Tensors(folder, "input");
            var set = TestData.InputsOf(folder).Skip(1).Where(inputs.ContainsKey)
                .ToDictionary(input => input, input => inputs[input].Reals());
            try
            {
                return (folder, Importer.Import(path, new() { Name = name, Set = set }), inputs);
            }
            catch (ImportException)
            {
                Importer.Import(path, new() { Name = name });
                throw;
            }
        }
    }

    private static string Reason(Finding finding)
    {
        var reason = reasons.FirstOrDefault(one => finding.Why.Contains(one.Part, StringComparison.Ordinal)).Reason;
        Assert.True(reason is not null, $"Not from the list of reasons: {finding}");
        return reason!;
    }

    private static string Table(string group, List<Row> rows)
    {
        var counts = string.Concat(
            rows.GroupBy(row => row.Outcome).OrderByDescending(each => each.Count()).Select(each => $"| {each.Key} | {each.Count()} |\n"));
        var lines = rows.Select(
            row => $"| {row.Name} | {row.Outcome} | {Bound(row.Found?.Relative)} | {Bound(row.Found?.Gap)} | {Remark(row)} |\n");
        return $"# ONNX's test data: {group}\n\nWritten by `Conformance`. Differences are of the largest output, gaps relative, each below "
            + "the power of ten that is given.\n\n"
            + $"| outcome | models |\n| --- | --- |\n{counts}\n| model | outcome | difference | DeepLIFT's gap | |\n| --- | --- | --- | "
            + $"--- | --- |\n{string.Concat(lines)}";
    }

    private static string Remark(Row row) =>
        row.Found is null ? row.Detail.Replace('|', '/') : row.Found.IsEager ? "in double precision" : "";

    private static string Bound(double? number) => number is not { } value ? "" : double.IsNaN(value) ? "none" : value == 0 ? "0"
        : $"1e{Math.Ceiling(Math.Log10(value)).ToString(CultureInfo.InvariantCulture)}";

    private static string Differs(Comparison found) => FormattableString.Invariant($"differs by {found.Difference} of {found.Scale}");
}
