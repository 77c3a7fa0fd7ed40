namespace Whence.Generator.Ops;

/// <summary>Every operator, once.</summary>
internal static class Registry
{
    // What Forward can say.
    public static readonly Input Input = new();
    public static readonly MaskInput HeldInput = new();
    public static readonly TokenInput TokenInput = new();
    public static readonly Constant Constant = new();
    public static readonly Elementwise Elementwise = new();
    public static readonly Add Add = new();
    public static readonly Subtract Subtract = new();
    public static readonly Multiply Multiply = new();
    public static readonly Divide Divide = new();
    public static readonly Negate Negate = new();
    public static readonly Item Item = new();
    public static readonly Permute Permute = new();
    public static readonly ConstantEmbedding ConstantEmbedding = new();

    private static readonly Op[] named =
    [
        new Zeros(), new Embedding(), new Linear(), new Conv1d(), new Conv2d(), new BatchNorm(), new PRelu(), new MaxPool1d(),
        new MaxPool2d(), new AvgPool1d(),
        new AvgPool2d(), new GlobalAvgPool(), new GlobalMaxPool(), new Flatten(), new Reshape(), new Concat(), new Slice(), new Pad(),
        new Sum(),
        new Mean(), new LogSumExp(), new Softmax(), new LogSoftmax(), new Dropout(), new Max(), new Min(), new Maxout(),
        new LocalResponseNorm(),
        new LayerNorm(), new RmsNorm(), new GroupNorm(), new InstanceNorm(),
        Permute, new Transpose(), new Gather(), new MatMul(), new ScaledDotProductAttention(), new MultiHeadAttention(),
        new UpsampleNearest(), new UpsampleBilinear(), new ConvTranspose1d(), new ConvTranspose2d(),
        new Stack(), new Reverse(), new Last(), new LstmCell(), new GruCell(), new Lstm(), new Gru(), new FreeParameter(),
    ];

    // What foreach over a tensor says.
    public static readonly StepOf StepOf = new();
    public static readonly Carried Carried = new();
    public static readonly Next Next = new();
    public static readonly Final Final = new();
    public static readonly Stacked Stacked = new();

    // What that is made of.
    public static readonly Dense Dense = new();
    public static readonly Convolve Convolve = new();
    public static readonly Combine Combine = new();
    public static readonly Scale Scale = new();
    public static readonly Product Product = new();
    public static readonly MatrixProduct MatrixProduct = new();
    public static readonly AverageWindow AverageWindow = new();
    public static readonly MaxWindow MaxWindow = new();
    public static readonly MaxPieces MaxPieces = new();
    public static readonly ChannelWindow ChannelWindow = new();
    public static readonly Bound Bound = new();
    public static readonly SumAxis SumAxis = new();
    public static readonly SpreadAxis SpreadAxis = new();
    public static readonly LogSumExpAxis LogSumExpAxis = new();
    public static readonly LogSoftmaxAxis LogSoftmaxAxis = new();
    public static readonly SoftmaxUnit SoftmaxUnit = new();
    public static readonly Relabel Relabel = new();
    public static readonly Resample Resample = new();
    public static readonly Join Join = new();
    public static readonly Cut Cut = new();
    public static readonly Border Border = new();
    public static readonly Flip Flip = new();
    public static readonly WeightOperand WeightOperand = new();

    // What appears only in questions.
    public static readonly Map Map = new();
    public static readonly Seed Seed = new();
    public static readonly ReferenceInput ReferenceInput = new();
    public static readonly Between Between = new();
    public static readonly SumSteps SumSteps = new();
    public static readonly MaxAxis MaxAxis = new();
    public static readonly AverageWindowBack AverageWindowBack = new();
    public static readonly ResampleBack ResampleBack = new();
    public static readonly MaxWindowBack MaxWindowBack = new();
    public static readonly MaxWindowSplit MaxWindowSplit = new();
    public static readonly MaxPiecesPath MaxPiecesPath = new();

    /// <summary>The operators a user can name.</summary>
    public static IEnumerable<Op> Named => named.Concat([Add, Subtract, Multiply, Divide, Negate]);

    /// <summary>The operator of this name, or null.</summary>
    public static Op? Find(string name) => Array.Find(named, op => op.Name == name);
}
