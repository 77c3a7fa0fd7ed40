using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>For every core operator, how it is carried out. A test finds one that is missing.</summary>
internal static class Lowerings
{
    private static readonly Lowering elements = new ElementsLowering();
    private static readonly Lowering resampling = new ResampleLowering();
    private static readonly Lowering loaded = new LoadedLowering();
    private static readonly Lowering input = new InputLowering();

    private static readonly IReadOnlyDictionary<Type, Lowering> table = new Dictionary<Type, Lowering>
    {
        // Leaves.
        [typeof(Input)] = input,
        [typeof(HeldInput)] = input,
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
        [typeof(Affine)] = new DenseLowering(),
        [typeof(Convolve)] = new ConvolutionLowering(),
        [typeof(MatrixProduct)] = new MatrixLowering(),

        // Windows.
        [typeof(MaxWindow)] = new PoolLowering("Max"),
        [typeof(MaxPieces)] = new PoolLowering("Max"),
        [typeof(AverageWindow)] = new PoolLowering("Average"),
        [typeof(AverageWindowBack)] = new PoolLowering("AverageBack"),
        [typeof(MaxWindowBack)] = new PoolLowering("MaxBack"),
        [typeof(MaxWindowSplit)] = new PoolLowering("MaxSplit", apart: 2),
        [typeof(MaxPiecesPath)] = new PoolLowering("MaxPath", apart: 2),
        [typeof(ChannelWindow)] = new ChannelWindowLowering(),

        // Along an axis.
        [typeof(SumAxis)] = new ReductionLowering("Sum"),
        [typeof(LogSumExpAxis)] = new ReductionLowering("LogSumExp"),
        [typeof(Resample)] = resampling,
        [typeof(ResampleBack)] = resampling,

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
