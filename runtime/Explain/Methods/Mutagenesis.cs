namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>How in-silico mutagenesis reads a one-hot input.</summary>
public sealed record MutagenesisOptions : ExplainOptions
{
    internal static new readonly MutagenesisOptions Default = new();

    /// <summary>The axis of the letters: 0 for an input [4, length], 1 for [length, 4].</summary>
    public int Letters { get; init; }

    /// <summary>The name of the one-hot input; null for the first.</summary>
    public string? Input { get; init; }

    /// <summary>
    /// Whether each position's changes are taken less their mean over the letters, as tangermeme's saturation mutagenesis does; the present
    /// letter's change is 0 before.
    /// </summary>
    public bool Centred { get; init; }
}

/// <summary>
/// In-silico mutagenesis of a one-hot input: at each position each letter, in the place of all that the position holds. Where it holds one
/// letter that one's change is 0; a position may also hold none (an unknown base, padding) or shares of several.
/// </summary>
internal struct Mutagenesis(MutagenesisOptions? options) : IMethod
{
    private readonly MutagenesisOptions options = options ?? MutagenesisOptions.Default;
    private int input;
    private Shape shape = null!;
    private int start;
    private int inner;

    private readonly int Letters => shape[options.Letters];

    public Recipe Recipe(Signature net)
    {
        input = Check.InputIndex(net, options.Input, nameof(options));
        start = Sizes.Before(net.Inputs, input);
        shape = net.Inputs[input].Shape;
        if (shape.Rank < 2 || (uint)options.Letters >= (uint)shape.Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Letters,
                "Mutagenesis needs a one-hot input [letters, positions] or [positions, letters] and the axis of its letters; "
                + $"{net.Inputs[input].Name} {shape} has no letters on axis {options.Letters}.");
        }
        Check.Boxed(net.Inputs[input], nameof(options));
        inner = 1;
        for (var axis = options.Letters + 1; axis < shape.Rank; axis++)
            inner *= shape[axis];
        return new() { Name = "Mutagenesis", Pass = null, Rows = Sizes.Of(shape), Fold = Fold.Outcomes };
    }

    /// <summary>A row for each element: it becomes the letter at its position.</summary>
    public readonly void Place(int row, ref RowSpec spec)
    {
        (spec.Fill, spec.Letter, spec.Box) = (Fill.Letter, row, new Box { Input = input });
        for (var (axis, rest) = (shape.Rank - 1, row); axis >= 0; axis--)
        {
            (rest, var at) = Math.DivRem(rest, shape[axis]);
            spec.Box.Set(axis, axis == options.Letters ? 0 : at, axis == options.Letters ? Letters : 1);
        }
    }

    public readonly void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
    {
        for (var row = 0; row < outcomes.Length; row++)
            scores[start + row] += outcomes[row] - pair.Output;
        for (var row = 0; options.Centred && row < outcomes.Length; row++)
        {
            if (row / inner % Letters == 0)
                Centre(scores[(start + row)..]);
        }
    }

    private readonly void Centre(Span<double> position)
    {
        var mean = 0.0;
        for (var letter = 0; letter < Letters; letter++)
            mean += position[letter * inner] / Letters;
        for (var letter = 0; letter < Letters; letter++)
            position[letter * inner] -= mean;
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// In-silico mutagenesis of a one-hot input: the target where one position has another letter, less the target at the input. Scores
    /// [count, InputSize]: at each position and letter the change, 0 at the letter that is there, and 0 in other inputs. What a position
    /// holds becomes 1 at the letter and 0 elsewhere, whatever it was: none, or shares of several.
    /// </summary>
    public static void Mutagenesis<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        MutagenesisOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new Mutagenesis(options), x, count, targets, default, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// In-silico mutagenesis of a one-hot input: at each position and letter, how the target changes when that letter stands there, in the
    /// place of all that the position holds, be it no letter or shares of several.
    /// </summary>
    public static Attribution Mutagenesis(this INetwork net, ReadOnlySpan<float> x, Target target, MutagenesisOptions? options = null) =>
        net.Mutagenesis(x, 1, target, options)[0];

    /// <inheritdoc cref="Mutagenesis(INetwork, ReadOnlySpan{float}, Target, MutagenesisOptions)"/>
    public static Attributions Mutagenesis(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        MutagenesisOptions? options = null) =>
        net.Explain(new Mutagenesis(options), x, count, targets, default, options);
}
