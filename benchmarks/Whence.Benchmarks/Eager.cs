using BenchmarkDotNet.Attributes;

namespace Whence.Benchmarks;

/// <summary>
/// What compiling gains: <c>Forward</c> as it is written, on plain loops in double precision, and the compiled one, on one example.
/// </summary>
public class Eager
{
    private Subject subject = null!;
    private Questions compiled = null!;
    private Tensor input = null!;

    [ParamsSource(nameof(Networks))]
    public string Network { get; set; } = Subject.Mnist;

    public static IEnumerable<string> Networks => Subject.Small;

    [GlobalSetup]
    public void Load()
    {
        subject = Subject.Load(Network);
        compiled = new Questions(subject, 1);
        input = new Tensor(subject.Net.Signature.Inputs[0].Shape, subject.Inputs(1));
    }

    [Benchmark(Baseline = true)]
    public Tensor AsWritten() => subject.Eager(input);

    [Benchmark]
    public void Compiled() => compiled.Forward();
}
