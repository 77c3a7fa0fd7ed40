using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>For every core operator, how it is carried out. A test finds one that is missing.</summary>
internal static class Lowerings
{
    private static readonly Lowering elements = new ElementsLowering();
    private static readonly Lowering loaded = new LoadedLowering();
    private static readonly Lowering input = new InputLowering();

    private static readonly IReadOnlyDictionary<Type, Lowering> table = new Dictionary<Type, Lowering>
    {
        // Leaves.
        [typeof(Input)] = input,
        [typeof(MaskInput)] = input,
        [typeof(ReferenceInput)] = new ReferenceLowering(),
        [typeof(Constant)] = loaded,
        [typeof(WeightOperand)] = loaded,
        [typeof(Seed)] = new SeedLowering(),

        // Element by element.
        [typeof(Elementwise)] = elements,
        [typeof(PRelu)] = elements,
        [typeof(Bound)] = elements,
        [typeof(Combine)] = elements,
        [typeof(Scale)] = elements,
        [typeof(Product)] = elements,
        [typeof(SoftmaxUnit)] = elements,
        [typeof(Map)] = elements,

        // Products with weights, and of values.
        [typeof(Dense)] = new DenseLowering(),
        [typeof(Convolve)] = new ConvolutionLowering(),
        [typeof(MatrixProduct)] = new MatrixLowering(),

        // Windows.
        [typeof(MaxWindow)] = ImageLowering.Pool("Max"),
        [typeof(MaxPieces)] = ImageLowering.Pool("Max"),
        [typeof(AverageWindow)] = ImageLowering.Pool("Average"),
        [typeof(AverageWindowBack)] = ImageLowering.Pool("AverageBack"),
        [typeof(MaxWindowBack)] = ImageLowering.Pool("MaxBack"),
        [typeof(MaxWindowSplit)] = ImageLowering.Pool("MaxSplit", apart: 2),
        [typeof(MaxPiecesPath)] = ImageLowering.Pool("MaxPath", apart: 2),
        [typeof(ChannelWindow)] = new ImageLowering("Neighbours.Sum", node =>
        [
            node.Shape!.Size / node.Shape[0], node.Shape[0], node.Settings.Int("before"), node.Settings.Int("after"),
            node.Settings.Number("factor"), node.Settings.Number("offset"),
        ]),

        // Along an axis.
        [typeof(SumAxis)] = new AxisLowering("Reduce.Sum", settings => [settings.Number("factor", 1)]),
        [typeof(LogSumExpAxis)] = new AxisLowering("Reduce.LogSumExp"),
        [typeof(LogSoftmaxAxis)] = new AxisLowering("Reduce.LogSoftmax",
            settings => [settings.Number("least", double.NegativeInfinity)]),
        [typeof(MaxAxis)] = new AxisLowering("Reduce.Max"),
        [typeof(Resample)] = new AxisLowering("Resample.Along", settings => [new KernelArgument.Taps(settings)]),
        [typeof(ResampleBack)] = new AxisLowering("Resample.Back", settings => [new KernelArgument.Taps(settings)], back: true),

        // Elements moved.
        [typeof(SpreadAxis)] = new SpreadLowering(),
        [typeof(Join)] = new JoinLowering(),
        [typeof(Cut)] = new CutLowering(),
        [typeof(Border)] = new BorderLowering(),
        [typeof(Flip)] = new FlipLowering(),
        [typeof(Permute)] = new PermuteLowering(),
        [typeof(Relabel)] = new RelabelLowering(),

        // Scans.
        [typeof(StepOf)] = new StepOfLowering(),
        [typeof(Carried)] = new StateLowering(),
        [typeof(Next)] = new StateLowering(),
        [typeof(Final)] = new FinalLowering(),
        [typeof(Stacked)] = new StackedLowering(),

        // Paths.
        [typeof(Between)] = new BetweenLowering(),
        [typeof(SumSteps)] = new SumLowering(),
    };

    /// <summary>How a node is carried out.</summary>
    public static Lowering Of(Node node) => Find(node.Op) ?? throw new InvalidOperationException($"{node.Op.Name} is not carried out.");

    /// <summary>How many operators are carried out.</summary>
    public static int Count => table.Count;

    /// <summary>How an operator is carried out, or null.</summary>
    public static Lowering? Find(Op op) => table.TryGetValue(op.GetType(), out var found) ? found : null;
}
