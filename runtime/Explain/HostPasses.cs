namespace Whence;

/// <summary>How multipliers go back through the network: what a backward pass does at each family of operators.</summary>
public enum Pass
{
    /// <summary>The ordinary gradient.</summary>
    Gradient,
    /// <summary>Guided backprop (Springenberg et al. 2014): the gradient, where it and the activation are positive.</summary>
    GuidedBackprop,
    /// <summary>DeconvNet (Zeiler and Fergus 2013): activations applied to the signal going back.</summary>
    DeconvNet,
    /// <summary>DeepLIFT Linear and Rescale (arXiv 1704.02685, section 3.5).</summary>
    Rescale,
    /// <summary>DeepLIFT Linear and RevealCancel (arXiv 1704.02685, section 3.5.3).</summary>
    RevealCancel,
    /// <summary>DeepLIFT, Rescale after convolutions and RevealCancel after dense layers: the authors' genomics preset.</summary>
    Genomics,
    /// <summary>Rescale, where the multiplier is positive (the DeepLIFT authors' comparison).</summary>
    GuidedBackpropRescale,
    /// <summary>
    /// Layer-wise relevance propagation, the epsilon rule (Bach et al. 2015): multipliers whose product with a value is its relevance.
    /// </summary>
    LrpEpsilon,
}

/// <summary>A value of the network that can be asked about: an output, the logits below it, or a named layer.</summary>
/// <param name="Name">As the user named it: the layer method ("Conv2"), the local variable, or for sub-networks "field.Layer".</param>
/// <param name="Shape">In the user's axis order, without a batch axis.</param>
/// <param name="Kind">What it is.</param>
public sealed record NetworkPoint(string Name, Shape Shape, PointKind Kind)
{
    /// <summary>
    /// How many calls of a layer it holds: of "Fc.*", all. Where they are several the first axis counts them, and scores are summed over
    /// them.
    /// </summary>
    public int Calls { get; init; } = 1;

    /// <summary>The axis of the classes, where a final softmax or log-softmax says which it is; null where it is not known.</summary>
    public int? ClassAxis { get; init; }

    /// <summary>The shape of its scores: of one call.</summary>
    internal Shape ScoreShape => Calls == 1 ? Shape : Shape.Without(0);
}

/// <summary>What a <see cref="NetworkPoint"/> is.</summary>
public enum PointKind
{
    /// <summary>What Forward returns.</summary>
    Output,
    /// <summary>What a final softmax, log-softmax or sigmoid is applied to; the same value as the output where there is none.</summary>
    Logits,
    /// <summary>A layer listed in <c>[Network(Layers = ...)]</c>.</summary>
    Layer,
}

/// <summary>One input or output of a network.</summary>
public sealed record TensorInfo(string Name, Shape Shape)
{
    /// <summary>
    /// Whether it is an input held fixed (<see cref="MaskAttribute"/>): its scores are exactly zero, and references have the input's own
    /// value of it.
    /// </summary>
    public bool IsMask { get; init; }

    /// <summary>The names of the indices of one axis (<see cref="FeaturesAttribute"/>); empty if they have none.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The axis that the names are of.</summary>
    public int FeatureAxis { get; init; }

    /// <summary>The name of the feature that an element, counted in the order of the values, is of; null if it has none.</summary>
    public string? FeatureOf(int element)
    {
        if (Features.Count == 0)
            return null;
        for (var axis = Shape.Rank - 1; axis > FeatureAxis; axis--)
            element /= Shape[axis];
        return Features[element % Features.Count];
    }
}

/// <summary>What a compiled network is from outside: names, shapes and what it was compiled to answer.</summary>
public sealed class Signature
{
    /// <summary>The class's name.</summary>
    public required string Name { get; init; }
    /// <summary>Forward's parameters in order. A row of input is all of them, one after the other.</summary>
    public required IReadOnlyList<TensorInfo> Inputs { get; init; }
    /// <summary>Forward's results in order. A row of output is all of them, one after the other.</summary>
    public required IReadOnlyList<TensorInfo> Outputs { get; init; }
    /// <summary>First all outputs (point i is output i), then all logits (point Outputs.Count + i), then the layers.</summary>
    public required IReadOnlyList<NetworkPoint> Points { get; init; }
    /// <summary>The passes that were compiled.</summary>
    public required IReadOnlyList<Pass> Passes { get; init; }
    /// <summary>The most rows that one call of <see cref="IModel{T}.Forward"/> or <see cref="IHostPasses{T}.Backward"/> takes.</summary>
    public required int ChunkRows { get; init; }

    /// <summary>Elements in one row of input.</summary>
    public int InputSize => inputSize > 0 ? inputSize : inputSize = Sizes.Of(Inputs);
    /// <summary>Whether any input is held fixed.</summary>
    internal bool HasMasks
    {
        get
        {
            // A loop, because Any would allocate.
            for (var i = 0; i < Inputs.Count; i++)
            {
                if (Inputs[i].IsMask)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Elements in one row of output.</summary>
    public int OutputSize => outputSize > 0 ? outputSize : outputSize = Sizes.Of(Outputs);

    // Counted at the first question; two threads that both count find the same.
    private int inputSize;
    private int outputSize;
}

/// <summary>
/// One backward pass over a chunk of rows: the forward pass on x, then the multipliers of a weighted sum of one point's units,
/// back to the inputs or to another point.
/// </summary>
public ref struct BackwardArguments<T> where T : unmanaged
{
    /// <summary>[Rows, InputSize]: the inputs, in the user's axis order.</summary>
    public ReadOnlySpan<T> X;
    /// <summary>How many rows; at most <see cref="Signature.ChunkRows"/>.</summary>
    public int Rows;
    /// <summary>
    /// What <see cref="IHostPasses{T}.Keep"/> kept of the reference's forward pass; [ReferenceRows, KeptSize]. Empty for passes without a
    /// reference.
    /// </summary>
    public ReadOnlySpan<T> Kept;
    /// <summary>1 (one reference for every row) or Rows.</summary>
    public int ReferenceRows;
    /// <summary>The point whose units are explained.</summary>
    public int From;
    /// <summary>
    /// [Answers, Rows, size of From] or, if SeedRows is 1, [Answers, 1, size of From], one row for all: the weight of each unit.
    /// </summary>
    public ReadOnlySpan<T> Seed;
    /// <summary>1 or Rows.</summary>
    public int SeedRows;
    /// <summary>
    /// How many answers the rows get, each of a seed of its own, 1 unless set. They share the forward pass, and have the bits of backward
    /// passes of their own.
    /// </summary>
    public int Answers { readonly get => more + 1; set => more = value - 1; }
    /// <summary>From one answer's multipliers to the next one's; 0 if they lie one after the other.</summary>
    public int AnswerStride;
    /// <summary>From one answer's sums to the next one's; 0 if they lie one after the other.</summary>
    public int SumStride;
    /// <summary>The point where the backward pass ends, or -1 for the inputs.</summary>
    public int To;
    /// <summary>A point whose computed value is replaced by Injected before the forward pass goes on from it, or -1.</summary>
    public int InjectAt;
    /// <summary>[Rows, size of InjectAt]; empty if InjectAt is -1.</summary>
    public ReadOnlySpan<T> Injected;
    /// <summary>
    /// Of <see cref="IPathPasses{T}.StepPath"/>, [Rows]: how far along the path each row lies, 0 at the reference and 1 at the input.
    /// </summary>
    public ReadOnlySpan<T> Alphas;
    /// <summary>
    /// Of <see cref="IPathPasses{T}.StepPath"/> to the inputs, [Rows], or [Answers, Rows] where answers differ: what each row's
    /// multipliers are multiplied by in the sum.
    /// </summary>
    public ReadOnlySpan<double> Weights;

    /// <summary>In and out, [Answers, <see cref="PathSizes.Sums"/>]: to what the rows' multipliers are added, in their order.</summary>
    public Span<double> Sums;
    /// <summary>Out, [Answers, Rows, size of To]: the multipliers (of the positive part, where the parts differ).</summary>
    public Span<T> Multipliers;
    /// <summary>
    /// Out, [Answers, Rows, size of To] or empty: the multipliers of the negative part; the same as Multipliers except in passes with
    /// RevealCancel.
    /// </summary>
    public Span<T> NegativeMultipliers;
    /// <summary>
    /// Out, [Rows, size of To] or empty: the positive part of To's difference from the reference. Only for passes with a reference.
    /// </summary>
    public Span<T> PositiveDelta;
    /// <summary>
    /// Out, [Rows, size of To] or empty: the negative part of To's difference from the reference. Only for passes with a reference.
    /// </summary>
    public Span<T> NegativeDelta;
    /// <summary>Out, [Rows, size of From] or empty: From's value.</summary>
    public Span<T> FromValue;
    /// <summary>Out, [Rows, size of To] or empty: To's value (for To = -1 the input itself is not copied).</summary>
    public Span<T> ToValue;

    /// <summary>
    /// The point which is given its value and where the pass ends, so that nothing need be computed of what is only below it; -1 if there
    /// is none, or the value of <see cref="From"/> is wanted too.
    /// </summary>
    public readonly int StandsAt => InjectAt == To && FromValue.IsEmpty ? InjectAt : -1;

    // So that the default is one answer.
    private int more;

    /// <summary>The backward pass of one of the answers.</summary>
    public readonly BackwardArguments<T> Of(int answer)
    {
        if (Answers == 1)
            return this;
        var one = this;
        one.Answers = 1;
        one.Seed = Seed.Slice(answer * (Seed.Length / Answers), Seed.Length / Answers);
        one.Multipliers = Part(Multipliers, answer, AnswerStride);
        one.NegativeMultipliers = Part(NegativeMultipliers, answer, AnswerStride);
        one.Sums = Part(Sums, answer, SumStride);
        if (Weights.Length > Rows)
            one.Weights = Weights.Slice(answer * Rows, Rows);
        return one;
    }

    private readonly Span<TElement> Part<TElement>(Span<TElement> all, int answer, int stride)
    {
        if (all.IsEmpty)
            return all;
        stride = stride == 0 ? all.Length / Answers : stride;
        return all.Slice(answer * stride, all.Length - (Answers - 1) * stride);
    }
}

/// <summary>
/// A model whose passes run on the host, over spans: the compiled class over float, the tests' double-precision interpreter over double.
/// What more a question takes, placing rows and summing their multipliers, the runtime does for it.
/// </summary>
public interface IHostPasses<T> : IModel<T> where T : unmanaged
{
    /// <summary>How many elements <see cref="Keep"/> keeps a row for a pass; 0 for passes without a reference.</summary>
    int KeptSize(Pass pass);

    /// <summary>The reference's forward pass: what a backward pass needs of it. At most ChunkRows rows.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="reference">[rows, InputSize].</param>
    /// <param name="kept">Out, [rows, KeptSize].</param>
    /// <param name="rows">How many rows.</param>
    void Keep(Pass pass, ReadOnlySpan<T> reference, Span<T> kept, int rows);

    /// <summary>One backward pass.</summary>
    void Backward(Pass pass, ref BackwardArguments<T> arguments);
}

/// <summary>An input of Forward that holds tokens.</summary>
/// <param name="Name">Its name in Forward.</param>
/// <param name="Length">How many tokens an example has, or at most has.</param>
/// <param name="Variable">Whether an example may have fewer.</param>
/// <param name="Vocabulary">Tokens are below this.</param>
public sealed record TokenInput(string Name, int Length, bool Variable, int Vocabulary);

/// <summary>
/// A network whose inputs hold tokens. Its rows of input hold their embeddings, which is what explanations are about. For an input of
/// variable length a row also says which positions are present, as an input held fixed.
/// </summary>
public interface ITokenNetwork : INetwork
{
    /// <summary>The inputs that hold tokens, in Forward's order.</summary>
    IReadOnlyList<TokenInput> TokenInputs { get; }

    /// <summary>Writes the embeddings of one input's tokens into rows of input, and leaves the other inputs' places as they are.</summary>
    /// <param name="input">An index into <see cref="TokenInputs"/>.</param>
    /// <param name="tokens">[count, length]; of a single example of variable length, its tokens alone.</param>
    /// <param name="lengths">For an input of variable length how many tokens each example has; what is past them is not read. Empty if all
    /// have all.</param>
    /// <param name="rows">[count, InputSize].</param>
    /// <param name="count">How many examples.</param>
    /// <exception cref="ArgumentException">A token lies outside the vocabulary, or a span has another length.</exception>
    void Embed(int input, ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, Span<float> rows, int count);
}
