using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Whence.Benchmarks;

/// <summary>
/// The first answer of a new process: opening and packing the weights, the JIT's work and one example. Each launch measures one
/// call and starts anew; there is no warm-up.
/// </summary>
[SimpleJob(RunStrategy.ColdStart, launchCount: 5, iterationCount: 1, invocationCount: 1)]
public class FirstCall
{
    [ParamsSource(nameof(Networks))]
    public string Network { get; set; } = Subject.Mnist;

    public static IEnumerable<string> Networks => Subject.Small;

    [Benchmark]
    public float[] LoadAndPredict()
    {
        var subject = Subject.Load(Network);
        return subject.Net.Predict(subject.Inputs(1));
    }

    [Benchmark]
    public Attribution LoadAndDeepLift()
    {
        var subject = Subject.Load(Network);
        return ((IDeepLiftNetwork)subject.Net).DeepLift(subject.Inputs(1), Target.Unit(0));
    }
}
