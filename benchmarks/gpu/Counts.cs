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
        WholeCost.Products(step),
        sizeof(float) * ((long)step.To.Size + step.From.Where(from => from.Storage != Storage.Constant).Sum(from => (long)from.Size)),
        sizeof(float) * WholeCost.WeightsOf(step));

    /// <summary>The one kernel of whole paths of so many steps; a row is a path.</summary>
    public static KernelCount Of(WholePlan whole, int steps) => new(
        whole.Cost.PairProducts + steps * whole.Cost.StepProducts,
        whole.Cost.PairBytes + (whole.Memory.AreStepsShared ? 0 : 2L * sizeof(float) * whole.Memory.StepSize * steps),
        sizeof(float) * whole.Cost.Weights);
}
