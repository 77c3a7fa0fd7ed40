using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Branches whose condition is known.</summary>
public class BranchTests
{
    private static byte[] File()
    {
        var then = new ModelBuilder().Node("Relu", "x", "a").Node("Neg", "a", "b").Output("b").Graph();
        var otherwise = new ModelBuilder().Node("Abs", "x", "a").Node("Neg", "a", "b").Output("b").Graph();
        return new ModelBuilder().Input("x", 1, 3).Raw("c", 9, [], [0])
            .Node("If", "if", ["c"], "y", ("then_branch", then), ("else_branch", otherwise)).Output("y").Build();
    }

    [Theory]
    [InlineData("y", "-Abs(x)")]
    [InlineData("a", "Abs(x)")]
    public void ValuesWithinTheChosenOneCanBeOutputs(string output, string expression)
    {
        var model = Importer.Import(File(), "branch", new() { Outputs = [output] });
        Assert.Contains($"{expression};", model.Source, StringComparison.Ordinal);
        using var compiled = CompiledModels.Compile([model]);
        Assert.InRange(new Checker(model).OnRandomInputs(compiled).Relative, 0, 1e-6);
    }
}
