using Whence.Evaluate;

namespace Whence.Tests.Evaluate;

public class SampleTests
{
    [Fact]
    public void Quartiles_lie_linearly_between_ranks_and_whiskers_end_within_their_fences()
    {
        // numpy.percentile([0, 10, 20, 30, 40, 1000], [25, 50, 75]) is 12.5, 25, 37.5; the fences are -25 and 75.
        var box = BoxStatistics.Of([1000, 0, 20, 10, 40, 30]);
        Assert.Equal((0, 12.5, 25, 37.5, 40), (box.Low, box.LowerQuartile, box.Median, box.UpperQuartile, box.High));
        Assert.Equal([1000], box.Outliers);
        Assert.Equal((1100 / 6.0, 6), (box.Mean, box.Count));
    }

    [Fact]
    public void One_value_is_a_box_of_its_own()
    {
        var box = BoxStatistics.Of([3]);
        Assert.Equal((3, 3, 3, 3, 3), (box.Low, box.LowerQuartile, box.Median, box.UpperQuartile, box.High));
        Assert.Empty(box.Outliers);
    }

    [Fact]
    public void Samples_without_values_or_with_infinite_ones_are_refused()
    {
        Assert.Contains("at least one value", Assert.Throws<ArgumentException>(() => BoxStatistics.Of([])).Message);
        Assert.Contains("values[1] is NaN", Assert.Throws<ArgumentException>(() => BoxStatistics.Of([1, double.NaN])).Message);
    }
}
