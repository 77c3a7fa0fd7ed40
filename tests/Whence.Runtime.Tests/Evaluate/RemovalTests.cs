using Whence.Evaluate;
using Whence.Runtime.Tests.Explaining;

namespace Whence.Tests.Evaluate;

public class RemovalTests
{
    // f = x0 + 2 x1 + 3 x2 + 4 x3 x0: the last term makes the order matter.
    private static readonly FunctionNet net = new(4, x => x[0] + 2 * x[1] + 3 * x[2] + 4 * x[3] * x[0], x => [1 + 4 * x[3], 2, 3, 4 * x[0]],
        chunkRows: 2);
    private static readonly double[] x = [1, 1, 1, 1];
    private static readonly Target target = Target.Unit(0);

    [Fact]
    public void TheHighestScoresGoFirst()
    {
        var curve = Removal.Delete<double>(net, x, 1, [5, -9, 7, 6], target);

        // 10, without x2 7, without x3 3, without x0 2, without x1 0.
        Assert.Equal([10, 7, 3, 2, 0], curve.Values(0));
        Assert.Equal([0, 1, 2, 3, 4], curve.Changed);
        // Drops 0, 3, 7, 8, 10.
        Assert.Equal([0, 1.5, 10 / 3.0, 4.5, 5.6], curve.Aopc());
        Assert.Equal((8.5 + 5 + 2.5 + 1) / 4, curve.Area(0), 1e-15);
    }

    [Fact]
    public void InsertionIsDeletionFromTheOtherEnd()
    {
        Assert.Equal([0, 3, 3, 8, 10], Removal.Insert<double>(net, x, 1, [5, -9, 7, 6], target).Values(0));
        double[] scores = [5, -9, 7, 6];
        Assert.Equal(Removal.Delete<double>(net, x, 1, scores.Select(score => -score).ToArray(), target).Values(0).Reverse(),
            Removal.Insert<double>(net, x, 1, scores, target).Values(0));
    }

    [Fact]
    public void RemovedElementsBecomeTheReferences()
    {
        double[] two = [1, 1, 1, 1, 2, 2, 2, 2];
        var curve = Removal.Delete<double>(net, two, 2, [9, 0, 0, 0, 0, 0, 0, 9], target,
            References.PerInput([-1, 0, 0, 0, 0, 0, 0, 0.5]), new() { Steps = 1 });
        Assert.Equal([10, 0], curve.Values(0));
        Assert.Equal([28, 16], curve.Values(1));
        Assert.Equal([19, 8], curve.Mean());
        Assert.Equal([0, 5.5], curve.Aopc());
        Assert.Equal([0, 6], curve.Aopc(1));
    }

    [Fact]
    public void GroupsGoAsOneAndByMagnitudeIfAsked()
    {
        var groups = new FeatureGroups([0, 0, 1, 1]);
        double[] scores = [5, -9, 1, 1];
        // By their sums -4 and 2 the second goes first; by magnitudes 14 and 2 the first.
        double[] other = [1, 1, 2, 1];
        Assert.Equal([13, 3, 0], Removal.Delete<double>(net, other, 1, scores, target, options: new() { Groups = groups }).Values(0));
        Assert.Equal([13, 6, 0],
            Removal.Delete<double>(net, other, 1, scores, target, options: new() { Groups = groups, ByMagnitude = true }).Values(0));
    }

    [Fact]
    public void StepsMayTakeSeveralAndEndEarly()
    {
        Assert.Equal([0, 3, 4], Removal.Delete<double>(net, x, 1, [5, -9, 7, 6], target, options: new() { Each = 3 }).Changed);
        Assert.Equal([10, 3], Removal.Delete<double>(net, x, 1, [5, -9, 7, 6], target, options: new() { Each = 2, Steps = 1 }).Values(0));
        Assert.Equal(5, Removal.Delete<double>(net, x, 1, [5, -9, 7, 6], target, options: new() { Steps = 99 }).Changed.Count);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("1 rows of 4", Assert.Throws<ArgumentException>(() => Removal.Delete<double>(net, x, 1, [1], target)).Message);
        Assert.Contains("element 2 of row 0 is NaN",
            Assert.Throws<ArgumentException>(() => Removal.Delete<double>(net, x, 1, [1, 1, double.NaN, 1], target)).Message);
        Assert.Contains("at least 1", Assert.Throws<ArgumentOutOfRangeException>(
            () => Removal.Delete<double>(net, x, 1, x, target, options: new() { Each = 0 })).Message);
        Assert.Contains("4 input elements", Assert.Throws<ArgumentException>(
            () => Removal.Delete<double>(net, x, 1, x, target, options: new() { Groups = new FeatureGroups([0]) })).Message);
        Assert.Contains("but 2 were given",
            Assert.Throws<ArgumentException>(() => Removal.Delete<double>(net, x, 1, x, Targets.Each([target, target]))).Message);
        Assert.Contains("not finite at a variant of input 0", Assert.Throws<NonFiniteException>(
            () => Removal.Delete<double>(new FunctionNet(1, at => 1 / at[0], at => at), [1], 1, [1], target)).Message);
    }
}
