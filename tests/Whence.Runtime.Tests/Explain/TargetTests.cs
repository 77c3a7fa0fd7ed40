namespace Whence.Runtime.Tests.Explaining;

public class TargetTests
{
    [Fact]
    public void ReadAsWords()
    {
        Assert.Equal("unit 7", Target.Unit(7).ToString());
        Assert.Equal("unit 8 - unit 3, as output, mean-centred", Target.Difference(8, 3).OfOutput().MeanCentred().ToString());
        Assert.Equal("unit [1, 2] of layer Conv2", Target.Layer("Conv2", 1, 2).ToString());
        Assert.Equal("unit [1, 2, 3] of mask", Target.Unit(1, 2, 3).Of("mask").ToString());
        Assert.Equal("2 weights of output 1", Target.Weights(1, 2).Of(1).ToString());
        Assert.Equal("none", default(Target).ToString());
    }

    [Fact]
    public void AreEqualByValue()
    {
        Assert.Equal(Target.Weights(1, 2), Target.Weights(1, 2));
        Assert.Equal(Target.Weights(1, 2).GetHashCode(), Target.Weights(1, 2).GetHashCode());
        Assert.True(Target.Unit(1) == Target.Unit(1));
        Assert.True(Target.Unit(1) != Target.Unit(1).OfOutput());
        Assert.NotEqual(Target.Weights(1, 2), Target.Weights(1, 3));
        Assert.NotEqual(Target.Unit(1), Target.Layer("Fc1", 1));
        Assert.NotEqual(Target.Unit(1).Of("a"), Target.Unit(1).Of("b"));
        Assert.NotEqual(Target.Unit(1), Target.Unit(1).MeanCentred());
    }

    [Fact]
    public void WeightsAreCopied()
    {
        double[] weights = [1, 2];
        var target = Target.Weights(weights);
        weights[0] = 5;
        Assert.Equal(Target.Weights(1, 2), target);
    }
}
