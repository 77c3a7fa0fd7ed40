namespace Whence.Generator.Plan;

/// <summary>What a kernel of a whole network takes.</summary>
/// <param name="PairProducts">Multiply-adds with weights, and of matrices, of a pair.</param>
/// <param name="StepProducts">Those of a step.</param>
/// <param name="PairBytes">Bytes of device memory that a pair's inputs, seeds and multipliers are.</param>
/// <param name="Weights">Floats of weights and constants, which all groups read.</param>
internal sealed record WholeCost(long PairProducts, long StepProducts, long PairBytes, long Weights)
{
    /// <summary>Multiply-adds of one row of a step.</summary>
    public static long Products(Step step) => step switch
    {
        DenseStep dense => (long)dense.Repeat * dense.Weights.Settings.Int("inputs") * dense.Weights.Settings.Int("outputs"),
        ConvolutionStep { Weights: { } weights } convolution => (long)(weights.Transposed ? convolution.From[0] : convolution.To).Size
            * PerElement(weights.Settings),
        KernelStep { Kernel: "MatMul.Product", Arguments: [KernelArgument.Whole pairs, KernelArgument.Whole n, KernelArgument.Whole k,
            KernelArgument.Whole m, ..] } => (long)pairs.Number * n.Number * k.Number * m.Number,
        _ => 0,
    };

    /// <summary>Multiply-adds of all steps of a row, those of a scan as often as they are done.</summary>
    public static long Products(IEnumerable<Step> steps) => steps.Sum(step => (step.Scan?.Steps ?? 1) * Products(step));

    /// <summary>Floats of a product's weights.</summary>
    public static long WeightsOf(Step step) => step switch
    {
        DenseStep { Weights.Settings: { } dense } => (long)dense.Int("inputs") * dense.Int("outputs"),
        ConvolutionStep { Weights.Settings: { } window } => (long)window.Int("filters") * PerElement(window),
        _ => 0,
    };

    private static long PerElement(Graphs.Settings window) => (long)window.Int("kernelHeight", 1) * window.Int("kernelWidth", 1)
        * window.Int("channels") / window.Int("groups", 1);
}
