namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Occlusion (Zeiler and Fergus 2013): the target at the input less the target where what lies under a sliding window is the reference's;
/// where windows overlap, their scores are averaged.
/// </summary>
internal struct Occlusion(SlidingWindow window) : IMethod
{
    private int input;
    private Shape shape = null!;
    private int start;
    private bool isCounted;

    public Recipe Recipe(Signature net)
    {
        ArgumentNullException.ThrowIfNull(window);
        Check.Window(net, window);
        input = Check.InputIndex(net, window.Input, nameof(window));
        shape = net.Inputs[input].Shape;
        start = Sizes.Before(net.Inputs, input);
        var places = 1L;
        for (var axis = 0; axis < shape.Rank; axis++)
            places *= window.Places(axis, shape[axis]);
        return new()
        {
            Name = "Occlusion", Pass = null, Rows = Check.RowCount(places, nameof(window), "Occlusion"), Fold = Fold.Outcomes,
            Scratch = new(Numbers: net.InputSize), Compares = true,
        };
    }

    public readonly void Place(int row, ref RowSpec spec)
    {
        spec.Fill = Fill.Reference;
        spec.Box = Under(row);
    }

    public void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
    {
        var covered = scratch.Numbers;
        for (var row = 0; !isCounted && row <= outcomes.Length; row++)
        {
            if (row == 0)
                covered.Clear();
            else
                Add(row - 1, 1, default, covered);
        }
        isCounted = true;
        for (var row = 0; row < outcomes.Length; row++)
            Add(row, pair.Output - outcomes[row], covered, scores);
    }

    private readonly void Add(int row, double change, ReadOnlySpan<double> covered, Span<double> scores)
    {
        var box = Under(row);
        foreach (var run in box.RunsIn(shape))
        {
            for (var element = start + run.Start; element < start + run.Start + run.Length; element++)
                scores[element] += covered.IsEmpty ? change : change / covered[element];
        }
    }

    private readonly Box Under(int row)
    {
        var box = new Box { Input = input };
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            (row, var place) = Math.DivRem(row, window.Places(axis, shape[axis]));
            var first = place * window.Strides[axis];
            box.Set(axis, first, Math.Min(window.Sizes[axis], shape[axis] - first));
        }
        return box;
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Occlusion (Zeiler and Fergus 2013): the target at the input less the target where what lies under a sliding window is the
    /// reference's; averaged over the windows that cover an element, and over several references. Scores [count, InputSize], 0 in the
    /// inputs that the window does not slide over.
    /// </summary>
    public static void Occlusion<T>(IModel<T> net, SlidingWindow window, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new Occlusion(window), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Occlusion (Zeiler and Fergus 2013): how the target changes where what lies under a sliding window is the reference's; averaged over
    /// the windows that cover an element.
    /// </summary>
    public static Attribution Occlusion(this INetwork net, SlidingWindow window, ReadOnlySpan<float> x, Target target,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Occlusion(window, x, 1, target, references, options)[0];

    /// <inheritdoc cref="Occlusion(INetwork, SlidingWindow, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>
    public static Attributions Occlusion(this INetwork net, SlidingWindow window, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Explain(new Occlusion(window), x, count, targets, references, options);
}
