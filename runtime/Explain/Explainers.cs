namespace Whence;

using Whence.Authoring;

/// <summary>
/// The questions one puts to a compiled network, as methods of it, answered with objects. Each has its twin among
/// <see cref="SpanExplainers"/>, which writes into spans, allocates nothing, and tells the errors.
/// </summary>
public static partial class Explainers
{
    /// <summary>
    /// The outputs, y [count, OutputSize], of the inputs x [count, InputSize], all of them finite; a batch can be spread over threads.
    /// </summary>
    /// <exception cref="NonFiniteException">An output is infinite or not a number.</exception>
    public static void Predict(this INetwork net, ReadOnlySpan<float> x, Span<float> y, int count, int threads,
        CancellationToken cancellation = default, IProgress<double>? progress = null) =>
        SpanExplainers.Predict(net, x, y, count, threads, cancellation, progress);

    /// <summary>As Predict, but lets outputs through that are infinite or not a number.</summary>
    public static void PredictUnchecked(this INetwork net, ReadOnlySpan<float> x, Span<float> y, int count, int threads,
        CancellationToken cancellation = default, IProgress<double>? progress = null) =>
        SpanExplainers.PredictUnchecked(net, x, y, count, threads, cancellation, progress);

    /// <summary>As Predict, but lets outputs through that are infinite or not a number.</summary>
    public static float[] PredictUnchecked(this INetwork net, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(net);
        var y = new float[net.Signature.OutputSize];
        SpanExplainers.PredictUnchecked(net, x, y, 1);
        return y;
    }

    /// <summary>The outputs of one input, all one after the other, all of them finite.</summary>
    /// <exception cref="NonFiniteException">An output is infinite or not a number.</exception>
    public static float[] Predict(this INetwork net, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(net);
        var y = new float[net.Signature.OutputSize];
        SpanExplainers.Predict(net, x, y, 1);
        return y;
    }

    /// <summary>The values of a named layer for one input, in the user's axis order.</summary>
    public static float[] LayerActivation(this INetwork net, string layer, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(net);
        var values = new float[Sizes.Of(net.Signature.Points[Check.Layer(net.Signature, layer, nameof(layer))].Shape)];
        SpanExplainers.LayerActivation(net, layer, x, 1, values);
        return values;
    }

    /// <summary>
    /// Any method, one's own among them: a struct that says which counterfactual rows it asks about and what becomes of the answers
    /// (<see cref="IMethod"/>).
    /// </summary>
    public static Attribution Explain<M>(this INetwork net, M method, ReadOnlySpan<float> x, Target target,
        References<float> references = default,
        ExplainOptions? options = null) where M : struct, IMethod => net.Explain(method, x, 1, target, references, options)[0];

    /// <inheritdoc cref="Explain{M}(INetwork, M, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>
    public static Attributions Explain<M>(this INetwork net, M method, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, ExplainOptions? options = null) where M : struct, IMethod =>
        Explained(net, method, x, count, targets, references, options, default);

    // With the points of the path that the explanations of one input are of, where they are several.
    private static Attributions Explained<M>(INetwork net, M method, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references,
        ExplainOptions? options, ReadOnlySpan<double> alphas) where M : struct, IMethod
    {
        ArgumentNullException.ThrowIfNull(net);
        var recipe = method.Recipe(net.Signature);
        Check.Recipe(net.Signature, recipe);
        if (recipe.Fold == Fold.Values || recipe.Fold == Fold.PerRow && recipe.Rows != Math.Max(1, alphas.Length))
            throw new ArgumentException($"{recipe.Name} has scores of its own for each of {recipe.Rows} rows; ask it by span, "
                + "SpanExplainers.With.", nameof(method));
        var made = Make(net, recipe, x.Length, count, targets, references, options?.Parts ?? true, alphas);
        SpanExplainers.With(net, method, x, count, targets, references, Into(made), options);
        return made;
    }

    private static Attributions Make(INetwork net, in Recipe recipe, int elements, int count, scoped in Targets targets,
        scoped in References<float> references,
        bool parts, ReadOnlySpan<double> alphas = default)
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The number of inputs is at least 0, but is {count}.");
        Check.InputLength(net.Signature, elements, count);
        Check.Targets(targets, count);
        Check.References(net, references, count, false);
        parts &= recipe.Fold == Fold.Contributions && !recipe.PerInput;
        var size = (Int128)count * targets.Answers * Layout.ScoreSize(net.Signature, recipe);
        if (size > Array.MaxLength)
            throw Check.TooLong(size, nameof(targets), $"{recipe.Name}'s scores of {count} inputs for {targets.Answers} targets");
        return new Attributions(net.Signature, recipe.Name, ScoredTensors(net.Signature, recipe), count, targets, references,
            recipe.Compares,
            alphas, parts)
        {
            Rule = RuleOf(recipe.Pass), Quadrature = recipe.Quadrature,
        };
    }

    // What the scores belong to: the inputs, groups of their elements, a layer, or one channel of it.
    private static IReadOnlyList<TensorInfo> ScoredTensors(Signature signature, in Recipe recipe)
    {
        if (recipe.ScoreColumns > 0)
            return [new TensorInfo("scores", new Shape(recipe.ScoreSize / recipe.ScoreColumns, recipe.ScoreColumns))];
        if (recipe.Groups is { } groups && recipe.ScoreSize == groups.Count)
            return [new TensorInfo("groups", new Shape(groups.Count))];
        if (recipe.To < 0)
            return recipe.ScoreSize is 0 || recipe.ScoreSize == signature.InputSize
                ? signature.Inputs
                : [new TensorInfo("scores", new Shape(recipe.ScoreSize))];
        var point = signature.Points[recipe.To];
        return [new TensorInfo(point.Name, recipe.ScoreSize == 0 ? point.ScoreShape : point.ScoreShape.With(0, 1))];
    }

    private static ScoreSpans<float> Into(Attributions made) =>
        new()
        {
            Scores = made.Scores, Positive = made.Positive, Negative = made.Negative, Multipliers = made.Multipliers,
            Sums = made.Sums,
        };

    private static Rule? RuleOf(Pass? pass) => pass switch
    {
        Pass.Rescale => Rule.Rescale,
        Pass.RevealCancel => Rule.RevealCancel,
        Pass.Genomics => Rule.Genomics,
        _ => null,
    };

    // Of a method over methods only the scores are known: the target at the input itself comes beside them.
    private static Attributions WithOutputs(INetwork net, Attributions made, ReadOnlySpan<float> x, int count, Targets targets)
    {
        var outputs = new float[made.Sums.Length];
        SpanExplainers.ScoreAlong(net, x, count, targets, default, AtInput, outputs);
        for (var i = 0; i < outputs.Length; i++)
            made.Sums[i] = new Completeness(outputs[i], double.NaN, 0, 0, false, 0, null);
        made.DropSums();
        return made;
    }

    private static readonly PathPoints AtInput = new([1.0]);
}
