namespace Whence.Runtime.Tests.WeightFiles;

public class OneHotTests
{
    // one_hot_conv_weight_normalisation of deeplift.json, there [kernel, base, filter], here [filter, base, kernel].
    [Fact]
    public void AgreesWithTheDeepLiftAuthors()
    {
        double[] weight = [1, 0, 2, 4, 3, 0, 6, 0];
        double[] bias = [0.5];

        OneHot.Normalise(weight, bias, 4);

        Assert.Equal([-2, -1, -1, 3, 0, -1, 3, -1], weight);
        Assert.Equal([4.5], bias);
    }

    [Fact]
    public void TheValueOnOneHotColumnsStays()
    {
        var random = new Random(3);
        var weight = Enumerable.Range(0, 3 * 4 * 5).Select(_ => random.NextDouble() - 0.5).ToArray();
        var bias = new double[] { 0.1, -0.2, 0.3 };
        var letters = Enumerable.Range(0, 5).Select(_ => random.Next(4)).ToArray();
        double[] Value() =>
            [.. Enumerable.Range(0, 3).Select(f => bias[f] + Enumerable.Range(0, 5).Sum(k => weight[(f * 4 + letters[k]) * 5 + k]))];
        var before = Value();

        OneHot.Normalise(weight, bias, 4);

        Assert.All(Value().Zip(before), pair => Assert.Equal(pair.Second, pair.First, 1e-14));
        Assert.All(Enumerable.Range(0, 3)
            .SelectMany(f => Enumerable.Range(0, 5).Select(k => Enumerable.Range(0, 4).Sum(c => weight[(f * 4 + c) * 5 + k]))),
            sum => Assert.Equal(0, sum, 1e-14));
    }

    [Fact]
    public void WeightsThatDoNotFitAreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => OneHot.Normalise(new double[9], new double[2], 4));
        Assert.Equal("weight", error.ParamName);
        Assert.Contains("multiple of 8", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => OneHot.Normalise(new double[8], new double[2], 0));
    }
}
