namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// What a caller asked: a network, a batch of inputs, and where the answers go. Answered by <see cref="Driver{T}"/>. Of fields, which are
/// read where they lie: some are large.
/// </summary>
internal ref struct Request<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required IModel<T> Net;
    /// <summary>[Count, InputSize].</summary>
    public required ReadOnlySpan<T> X;
    public required int Count;
    public required Targets Targets;
    public References<T> References;
    /// <summary>[targets, Count, ...].</summary>
    public required ScoreSpans<T> Scores;
    public ExplainOptions? Options;
    /// <summary>The place of the first input in the caller's batch, if that is cut up.</summary>
    public int First;

    /// <summary>Refuses what cannot be answered.</summary>
    public readonly void Check(in Recipe recipe, ExplainOptions options)
    {
        var signature = Net.Signature;
        Whence.Check.Recipe(signature, recipe);
        if (recipe.Pass is { } pass)
            Whence.Check.Pass(signature, pass, Layout.Compares(pass) ? "rule" : "net");
        Whence.Check.Options(options);
        Whence.Check.Input(signature, X, Count);
        Whence.Check.References(Net, References, Count, recipe.TakesOneReference);
        Whence.Check.Distances(Net.Signature, X, Count, References);
        Whence.Check.PreparedMasks(signature, X, Count, References);
        Whence.Check.Targets(Targets, Count);
        var inputs = (long)Targets.Answers * Count;
        var size = Layout.ScoreSize(signature, recipe);
        Whence.Check.Output(Scores.Scores.Length, inputs * size, "scores");
        Whence.Check.OutputOrNone(Scores.Positive.Length, inputs * size, "positive");
        Whence.Check.OutputOrNone(Scores.Negative.Length, inputs * size, "negative");
        Whence.Check.OutputOrNone(Scores.Multipliers.Length, inputs * size, "multipliers");
        Whence.Check.OutputOrNone(Scores.Hypothetical.Length, inputs * size, "hypothetical");
        Whence.Check.OutputOrNone(Scores.Sums.Length, inputs * Layout.SumsEach(recipe), "sums");
        if (Count > 0 || Targets.IsPerInput)
            return;
        for (var answer = 0; answer < Targets.Answers; answer++)
            Targets[0, answer].Point(signature);
    }
}

/// <summary>How the scores of a recipe are laid out.</summary>
internal static class Layout
{
    /// <summary>Whether the way back is that of a difference from a reference.</summary>
    public static bool Compares(Pass? pass) => pass is Pass.Rescale or Pass.RevealCancel or Pass.Genomics or Pass.GuidedBackpropRescale;

    /// <summary>Elements of the point whose units get scores, over all calls of a layer.</summary>
    public static int ToSize(Signature signature, in Recipe recipe) =>
        recipe.To < 0 ? signature.InputSize : Sizes.Of(signature.Points[recipe.To].Shape);

    /// <summary>How many calls of a layer the scores are summed over; Grad-CAM sums over their channels as it sums over one's.</summary>
    public static int Calls(Signature signature, in Recipe recipe) => recipe.To < 0 ? 1 : signature.Points[recipe.To].Calls;

    /// <summary>Whether the scores of each call are found first.</summary>
    public static bool SumsCalls(Signature signature, in Recipe recipe) => recipe.ScoreSize == 0 && Calls(signature, recipe) > 1;

    /// <summary>Elements of the scores of one input.</summary>
    public static int ScoreSize(Signature signature, in Recipe recipe) => recipe.Fold == Fold.Values ? recipe.Rows
        : Fit(recipe.ScoreSize > 0 ? recipe.ScoreSize : ToSize(signature, recipe) / Calls(signature, recipe), recipe);

    private static int Fit(long size, in Recipe recipe) => size * SumsEach(recipe) <= Array.MaxLength ? (int)size * SumsEach(recipe)
        : throw Whence.Check.TooLong(size * SumsEach(recipe), "method",
            $"{recipe.Name}'s scores of one input, {recipe.Rows} rows of {size},");

    /// <summary>Answers with a <see cref="Completeness"/> of their own for one input and target.</summary>
    public static int SumsEach(in Recipe recipe) => recipe.Fold == Fold.PerRow ? recipe.Rows : 1;
}
