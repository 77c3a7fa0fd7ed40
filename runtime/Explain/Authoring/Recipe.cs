namespace Whence.Authoring;

/// <summary>What a method is on one network: all that an executor needs to know to carry it out. Data, so that every device can.</summary>
public readonly record struct Recipe
{
    /// <summary>The gradient at the input itself.</summary>
    public Recipe()
    {
    }

    /// <summary>The method's name, such as "IntegratedGradients".</summary>
    public required string Name { get; init; }

    /// <summary>How multipliers go back through the network; null if the method takes forward passes alone.</summary>
    public Pass? Pass { get; init; } = Whence.Pass.Gradient;

    /// <summary>Counterfactual rows of each pair of an input and a reference; at least 1.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>
    /// Whether rows belong to an input and not to each of its pairs: a row then says its reference itself
    /// (<see cref="RowSpec.Reference"/>).
    /// </summary>
    public bool PerInput { get; init; }

    /// <summary>
    /// The point, an index into <see cref="Signature.Points"/>, at which rows differ: there they lie between the layer's values at the
    /// reference and at the input, while the rest of the network sees the input. -1 for the inputs.
    /// </summary>
    public int PlacedAt { get; init; } = -1;

    /// <summary>The point whose units get scores, an index into <see cref="Signature.Points"/>; -1 for the inputs.</summary>
    public int To { get; init; } = -1;

    /// <summary>If set, only what goes back through this neuron counts.</summary>
    public Neuron? Through { get; init; }

    /// <summary>What becomes of the rows.</summary>
    public Fold Fold { get; init; }

    /// <summary>What multipliers are multiplied by.</summary>
    public Finish Finish { get; init; }

    /// <summary>
    /// Elements of the scores of an input (of <see cref="Fold.PerRow"/>, of each row); 0 for as many as <see cref="To"/> has.
    /// </summary>
    public int ScoreSize { get; init; }

    /// <summary>
    /// If not 0, <see cref="ScoreSize"/> scores are shown as a matrix of so many columns, such as one of pairs; then they are named
    /// "scores".
    /// </summary>
    public int ScoreColumns { get; init; }

    /// <summary>Which elements of the input change as one, of recipes that are masked; null for each by itself.</summary>
    public FeatureGroups? Groups { get; init; }

    /// <summary>Whether <see cref="IMethod.Mask"/> says which elements of a row become the reference's.</summary>
    public bool IsMasked { get; init; }

    /// <summary>The memory that <see cref="IMethod.Mask"/> and <see cref="IMethod.Finish"/> write to.</summary>
    public ScratchSize Scratch { get; init; }

    /// <summary>Whether the scores depend on a reference.</summary>
    public bool Compares { get; init; }

    /// <summary>Whether an input may have one reference only.</summary>
    public bool TakesOneReference { get; init; }

    /// <summary>
    /// Whether scores are meant to sum to the target's difference from the reference; then of <see cref="Fold.Outcomes"/> row 0 is the
    /// reference. Of <see cref="Fold.PerRow"/> they are meant to sum to the target itself.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>The steps that <see cref="Completeness.Steps"/> tells; 0 for methods without any.</summary>
    public int Steps { get; init; }

    /// <summary>
    /// Whether <see cref="IMethod.Refine"/> takes more steps, so that <see cref="PathOptions.Tolerance"/> can double them.
    /// </summary>
    public bool Refines { get; init; }

    /// <summary>The rule that chose the points of the path, where there is one.</summary>
    public Quadrature? Quadrature { get; init; }

    /// <summary>Whether its integral is taken from kink to kink, and its rows are for where that takes too long.</summary>
    internal bool IsExact { get; init; }

    /// <summary>What helps against a gap.</summary>
    internal Remedy Remedy { get; init; }
}

/// <summary>A unit of a point.</summary>
/// <param name="Point">An index into <see cref="Signature.Points"/>.</param>
/// <param name="Unit">
/// Its place there, in the order of the values; of all calls of a layer, in one call: what goes back through it in each is summed.
/// </param>
public readonly record struct Neuron(int Point, int Unit);

/// <summary>What becomes of a method's rows; sums run in the rows' order, in double.</summary>
public enum Fold
{
    /// <summary>Each row's multipliers are scores of their own, [rows, size of To].</summary>
    PerRow,
    /// <summary>The multipliers are summed, each row's times its weight, and averaged over references.</summary>
    WeightedSum,
    /// <summary>
    /// The multipliers at <see cref="Recipe.To"/>, times To's move over the piece of the path that each row stands for, from the last row's
    /// <see cref="RowSpec.Cut"/> (at first the reference) to its own, are summed, and averaged over references.
    /// </summary>
    Moves,
    /// <summary>
    /// The multipliers at <see cref="Recipe.To"/>, times To's move from each row to the next, are summed, and averaged over references.
    /// </summary>
    MovesBetween,
    /// <summary>
    /// The multipliers times the two parts of To's difference from the row's reference, with those of the positive part apart from those of
    /// the negative (DeepLIFT), are averaged over rows and references.
    /// </summary>
    Contributions,
    /// <summary>The target at each row is a score of its own, [rows].</summary>
    Values,
    /// <summary>The target at all rows is handed to <see cref="IMethod.Finish"/>.</summary>
    Outcomes,
}

/// <summary>What multipliers, or their sums, are multiplied by.</summary>
public enum Finish
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>The input's difference from the reference; of rows that are placed at a layer, the layer's.</summary>
    TimesDifference,
    /// <summary>The input. Of <see cref="Fold.PerRow"/>.</summary>
    TimesInput,
    /// <summary>The value of <see cref="Recipe.To"/>. Of <see cref="Fold.PerRow"/>.</summary>
    TimesValue,
    /// <summary>
    /// The mean of a channel's multipliers times its values, summed over channels (Grad-CAM). Of <see cref="Fold.PerRow"/>.
    /// </summary>
    ChannelMeans,
    /// <summary>The same, and 0 where it is negative.</summary>
    PositiveChannelMeans,
}
