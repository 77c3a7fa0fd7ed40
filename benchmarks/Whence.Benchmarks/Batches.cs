using BenchmarkDotNet.Attributes;

namespace Whence.Benchmarks;

/// <summary>One question to each network in batches: caller's spans, one thread, the logit of class 0.</summary>
public abstract class Batches
{
    [ParamsSource(nameof(Networks))]
    public string Network { get; set; } = Subject.Mnist;

    [Params(1, 32, 256)]
    public int Batch { get; set; }

    public static IEnumerable<string> Networks => Subject.Small;

    protected Questions Questions { get; private set; } = null!;

    [GlobalSetup]
    public void Load() => Questions = new Questions(Subject.Load(Network), Batch);
}

[MemoryDiagnoser]
public class Forward : Batches
{
    [Benchmark]
    public void Predict() => Questions.Forward();
}

[MemoryDiagnoser]
public class Gradient : Batches
{
    [Benchmark]
    public void Saliency() => Questions.Gradient();
}

[MemoryDiagnoser]
public class IntegratedGradients : Batches
{
    [Benchmark]
    public void FiftyMidpoints() => Questions.IntegratedGradients();

    [Benchmark]
    public void FromKinkToKink() => Questions.ExactIntegral();
}

[MemoryDiagnoser]
public class DeepLift : Batches
{
    [Benchmark]
    public void Rescale() => Questions.Rescale();

    [Benchmark]
    public void RevealCancel() => Questions.RevealCancel();

    [Benchmark]
    public void RescalePrepared() => Questions.RescalePrepared();
}
