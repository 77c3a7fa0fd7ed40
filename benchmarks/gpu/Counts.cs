using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Benchmarks;

/// <summary>
/// What one kernel does of a row: its multiply-adds, and the bytes that it reads and writes; and the bytes of its weights.
/// </summary>
internal readonly record struct KernelCount(long MultiplyAdds, long RowBytes, long WeightBytes)
{
    /// <summary>The kernels of some steps of a plan, each as often as it is launched.</summary>
    public static IEnumerable<KernelCount> Of(IEnumerable<Step> steps) =>
        from step in steps
        where step is not ReadyMark && step.Guard.Kind != GuardKind.Deltas
        let count = Of(step)
        from _ in Enumerable.Range(0, step.Scan?.Steps ?? 1)
        select count;

    private static KernelCount Of(Step step) => new(
        MultiplyAddsOf(step),
        sizeof(float) * ((long)step.To.Size + step.From.Where(from => from.Storage != Storage.Constant).Sum(from => (long)from.Size)),
        sizeof(float) * WeightsOf(step));

    private static long MultiplyAddsOf(Step step) => step switch
    {
        DenseStep dense => dense.Repeat * WeightsOf(step),
        ConvolutionStep convolution => (convolution.Weights.Transposed ? convolution.From[0] : convolution.To).Size
            * PerElement(convolution.Weights.Settings),
        KernelStep { Kernel: "MatMul.Product", Arguments: [KernelArgument.Whole pairs, KernelArgument.Whole n, KernelArgument.Whole k,
            KernelArgument.Whole m, ..] } => (long)pairs.Number * n.Number * k.Number * m.Number,
        _ => 0,
    };

    private static long WeightsOf(Step step) => step switch
    {
        DenseStep { Weights.Settings: var dense } => (long)dense.Int("inputs") * dense.Int("outputs"),
        ConvolutionStep { Weights.Settings: var window } => window.Int("filters") * PerElement(window),
        _ => 0,
    };

    // Of one element of what the window is laid over, whose channels are in groups.
    private static long PerElement(Settings window) => (long)window.Int("kernelHeight", 1) * window.Int("kernelWidth", 1)
        * window.Int("channels") / window.Int("groups", 1);
}
