namespace Whence.Runtime.Tests.Explaining;

using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

public sealed class InteractionTests
{
    private static readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private static readonly double[] x = [0.5, -1.2, 0.8, 2.0, -0.3];
    private static readonly double[] reference = [0.1, 0.4, -0.2, 0.3, 0.6];

    // By Grabisch and Roubens' definition over subsets as sets, not bits.
    private static double Index(Func<Func<int, bool>, double> value, int players, int i, int j)
    {
        var sum = 0.0;
        for (var subset = 0; subset < 1 << players; subset++)
        {
            bool In(int player) => (subset >> player & 1) != 0;
            if (In(i) || In(j))
                continue;
            var size = Enumerable.Range(0, players).Count(In);
            sum += Factorial(size) * Factorial(players - size - 2) / Factorial(players - 1)
                * (value(p => In(p) || p == i || p == j) - value(p => In(p) || p == i) - value(p => In(p) || p == j) + value(In));
        }
        return sum;
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static double Value(Func<int, bool> present)
    {
        double[] row = [.. Enumerable.Range(0, 5).Select(i => present(i) ? x[i] : reference[i])];
        var scores = new double[1];
        SpanExplainers.ScoreAlong<double>(net, row, 1, Target.Unit(1), default, new PathPoints([1.0]), scores);
        return scores[0];
    }

    [Fact]
    public void TheMatrixHoldsHalfOfEachPairsIndexAndItsRowsAreShapleyValues()
    {
        var (matrix, values, sums) = (new double[25], new double[5], new Completeness[1]);
        SpanExplainers.ShapleyInteractions<double>(net, null, x, 1, Target.Unit(1), reference, new() { Scores = matrix, Sums = sums });
        SpanExplainers.ShapleyValues<double>(net, null, x, 1, Target.Unit(1), reference, values);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(values[i], matrix.AsSpan(5 * i, 5).ToArray().Sum(), 13);
            for (var j = 0; j < 5; j++)
            {
                if (j != i)
                    Assert.Equal(Index(Value, 5, i, j) / 2, matrix[5 * i + j], 13);
            }
        }
        Assert.InRange(sums[0].RelativeGap!.Value, 0, 1e-14);
        Assert.Contains(matrix, score => Math.Abs(score) > 1e-3);
    }

    // Of a function of pairs Shapley-Taylor's index, which SHAP gives, is Shapley's.
    [Fact]
    public void OfAFunctionOfPairsTheyAreSHAPs()
    {
        var fixture = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "fixtures", "shap",
            "interactions.json")))!;
        double[] Numbers(string name) => [.. fixture[name]!.AsArray().Select(number => number!.GetValue<double>())];
        var (linear, pairs, matrix) = (Numbers("linear"), Numbers("pairs"), new double[36]);
        double F(double[] v)
        {
            var sum = 0.0;
            for (var i = 0; i < 6; i++)
            {
                sum += linear[i] * v[i];
                for (var j = 0; j < 6; j++)
                    sum += pairs[6 * i + j] * v[i] * v[j];
            }
            return sum;
        }

        SpanExplainers.ShapleyInteractions<double>(new FunctionNet(6, F, _ => new double[6]), null, Numbers("x"), 1, Target.Unit(0),
            References.Several(Numbers("references"), 3), matrix);
        Assert.Equal(Numbers("interactions"), matrix, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    // Every definition at once, over groups: the index of each pair, by subsets of groups.
    [Fact]
    public void OfGroupsTheMatrixIsThatOfTheirCoalitions()
    {
        int[] groupOf = [0, 2, 1, 0, 2];
        var matrix = new double[9];
        SpanExplainers.ShapleyInteractions<double>(net, new FeatureGroups(groupOf), x, 1, Target.Unit(1), reference, matrix);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                if (i != j)
                    Assert.Equal(Index(group => Value(element => group(groupOf[element])), 3, i, j) / 2, matrix[3 * i + j], 13);
            }
        }
    }

    [Fact]
    public void GroupsAreShownAsAMatrixAlsoWhereItIsAsLargeAsTheInput()
    {
        var single = SmallNet<float>.Relu();
        float[] row = [.. x.Select(value => (float)value)];
        foreach (var groups in new FeatureGroups[] { new([0, 1, 1, 1, 0]), new([0, 0, 0, 0, 0]) })
        {
            var why = new CompiledNet(single).ShapleyInteractions(row, Target.Unit(1), groups: groups);
            Assert.Equal(new Shape(groups.Count, groups.Count), why.Shape);
            Assert.Equal(groups.Count * groups.Count, why.Scores.Length);
            why.RequireGap(1e-6);
        }
    }

    [Fact]
    public void TooManyAreRefused() =>
        Assert.Contains("at most 20 groups", Assert.Throws<ArgumentException>(() =>
            SpanExplainers.ShapleyInteractions<double>(new FunctionNet(21, v => v.Sum(), _ => new double[21]), null, new double[21], 1,
                Target.Unit(0), default, new double[441])).Message);
}
