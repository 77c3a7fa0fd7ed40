using FsCheck;
using FsCheck.Fluent;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>The laws over networks by chance.</summary>
public sealed class RandomNetworksObey
{
    [Fact]
    public void TheLawOfTheForwardPass() => Check(CoreEqualsEager.Require);

    [Fact]
    public void TheLawOfTheGradient() => Check(GradientEqualsDifferences.Require);

    [Fact]
    public void TheLawOfCompleteness() => Check(subject =>
    {
        foreach (var pass in new[] { Pass.Rescale, Pass.RevealCancel, Pass.Genomics })
            ContributionsSumToDifference.Require(subject, pass);
    });

    private static void Check(Action<Subject> law) =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => law(new Subject(RandomNetworks.Of(seed))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));
}
