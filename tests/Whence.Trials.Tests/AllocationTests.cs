namespace Whence.Trials.Tests;

/// <summary>The overloads over spans, after their first calls, leave the heap as it was.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void PooledBranchesAllocateNothing() => AllocatesNothing(SmallInception.Load(Weights.Random(3)));

    [Fact]
    public void ResidualBlocksAllocateNothing() => AllocatesNothing(Sequence.Load(Weights.Random(3)));

    [Fact]
    public void OverlappingPoolsAllocateNothing() => AllocatesNothing(Pools.Load(Weights.Random(3)));

    [Fact]
    public void StridedConvolutionsAllocateNothing() =>
        AllocatesNothing(global::Whence.Trials.Tests.Readme.DigitNet.Load("digits.safetensors"));

    [Fact]
    public void ScansAllocateNothing() => AllocatesNothing(Recurrence.Load(Weights.Random(3)));

    private static readonly PathOptions coarse = new() { Steps = 2, MaxSteps = 8, Tolerance = 1e-3 };

    private static void AllocatesNothing<TNetwork>(TNetwork net) where TNetwork : IIntegratedGradientsNetwork, IDeepLiftNetwork
    {
        const int Count = 5;
        var size = net.Signature.InputSize;
        var x = Enumerable.Range(0, Count * size).Select(i => MathF.Sin(i * 1.7f)).ToArray();
        var (y, scores) = (new float[Count * net.Signature.OutputSize], new float[Count * size]);
        void Ask()
        {
            SpanExplainers.Predict<float>(net, x, y, Count);
            SpanExplainers.Gradient<float>(net, x, Count, Target.Unit(0), scores);
            SpanExplainers.IntegratedGradients<float>(net, x, Count, Target.Unit(0), default, scores);
            SpanExplainers.DeepLift<float>(net, x, Count, Target.Unit(0), Rule.Rescale, default, scores);
            SpanExplainers.DeepLift<float>(net, x, Count, Target.Unit(0), Rule.RevealCancel, default, scores);
        }
        Assert.Equal(0, Allocated.By(Ask));
        Target[] targets = [Target.Unit(0), Target.Unit(0).OfOutput(), Target.Unit(0).MeanCentred(), Target.Unit(0)];
        var all = new float[targets.Length * scores.Length];
        void AskOfAll()
        {
            SpanExplainers.Gradient<float>(net, x, Count, Targets.Each(targets), all);
            SpanExplainers.IntegratedGradients<float>(net, x, Count, Targets.Each(targets), default, all);
            SpanExplainers.IntegratedGradients<float>(net, x, Count, Targets.Each(targets), default, all, options: coarse);
            SpanExplainers.DeepLift<float>(net, x, Count, Targets.Each(targets), Rule.Rescale, default, all);
            SpanExplainers.DeepLift<float>(net, x, Count, Targets.Each(targets), Rule.RevealCancel, default, all);
        }
        Assert.Equal(0, Allocated.By(AskOfAll));
    }
}
