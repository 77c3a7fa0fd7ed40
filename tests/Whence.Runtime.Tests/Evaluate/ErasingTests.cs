using Whence.Evaluate;
using Whence.Runtime.Tests.Explaining;

namespace Whence.Tests.Evaluate;

public class ErasingTests
{
    [Fact]
    public void OnlyTheLargestPositiveDifferencesAreErased()
    {
        Assert.Equal([1, 0, 3, 0, 5], Erased([1, 2, 3, 4, 5], [-1, 9, 0, 8, 7], most: 2));
        Assert.Equal([1, 0, 3, 0, 0], Erased([1, 2, 3, 4, 5], [-1, 9, 0, 8, 7], most: 4));
        Assert.Equal([1, 2, 3, 4, 5], Erased([1, 2, 3, 4, 5], [-1, -9, 0, -8, -7], most: 4));
        Assert.Equal([1, 2, 3, 4, 5], Erased([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], most: 0));
        Assert.Equal([0, 0, 0, 0, 0], Erased([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], most: 5));
    }

    [Fact]
    public void OfEqualDifferencesAtTheThresholdNoneIsErased() =>
        Assert.Equal([1, 2, 3, 0], Erased([1, 2, 3, 4], [7, 7, 7, 8], most: 2));

    [Fact]
    public void ItIsTheAuthorsRule()
    {
        // keep = diff <= max(sorted(diff, reverse)[157], 0)
        var random = new Random(2);
        for (var round = 0; round < 20; round++)
        {
            var x = Enumerable.Range(0, 784).Select(_ => random.NextDouble()).ToArray();
            var differences = x.Select(_ => Math.Round(random.NextDouble() - 0.8 * round / 20, 2)).ToArray();
            var threshold = Math.Max(differences.OrderDescending().ElementAt(157), 0);
            var erased = Erased(x, differences, Erasing.MostPixels);
            Assert.Equal(x.Zip(differences, (value, difference) => value * (difference <= threshold ? 1 : 0)), erased);
            Assert.InRange(erased.Count(value => value == 0), 0, 157);
        }
    }

    [Fact]
    public void TheChangeIsThatOfTheDifferenceOfTheLogits()
    {
        var net = SmallNet<double>.Tanh();
        var x = Inputs.Random<double>(3);
        var differences = Inputs.Random<double>(3, seed: 2);

        var changes = Erasing.LogOddsChanges<double>(net, x, 3, differences, 2, 0, most: 2);

        for (var row = 0; row < 3; row++)
        {
            var own = x.AsSpan(row * 5, 5).ToArray();
            var before = Logits(net, own);
            var after = Logits(net, Erased(own, differences.AsSpan(row * 5, 5).ToArray(), most: 2));
            Assert.Equal(before[2] - before[0] - (after[2] - after[0]), changes[row], 1e-14);
            Assert.NotEqual(0, changes[row]);
        }
    }

    [Fact]
    public void LengthsAndNumbersThatDoNotFitAreRefused()
    {
        Assert.Contains("differences 1", Assert.Throws<ArgumentException>(() => Erased([1, 2], [1], 1)).Message);
        Assert.Contains("element 1 is NaN", Assert.Throws<ArgumentException>(() => Erased([1, 2], [1, double.NaN], 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Erased([1, 2], [1, 2], -1));
    }

    private static double[] Erased(double[] x, double[] differences, int most)
    {
        var erased = new double[x.Length];
        Erasing.Erase<double>(x, differences, erased, most);
        return erased;
    }

    private static double[] Logits(SmallNet<double> net, double[] x)
    {
        var logits = new double[3];
        net.Forward(x, SmallNet<double>.Logits, logits, 1);
        return logits;
    }
}
