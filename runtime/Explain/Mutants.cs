namespace Whence;

using System.Numerics;

/// <summary>How in-silico mutagenesis reads a one-hot input.</summary>
public sealed record MutagenesisOptions : Options
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

/// <summary>The one-letter mutants of a one-hot input.</summary>
internal readonly struct Mutants
{
    private readonly MutagenesisOptions options;
    private readonly int letters;
    private readonly int inner;

    public Mutants(Signature signature, MutagenesisOptions options)
    {
        this.options = options;
        var port = Check.Port(signature, options.Input, nameof(options));
        Start = Sizes.Before(signature.Inputs, port);
        var shape = signature.Inputs[port].Shape;
        if (shape.Rank < 2 || (uint)options.Letters >= (uint)shape.Rank)
            throw new ArgumentOutOfRangeException(nameof(options), options.Letters, "Mutagenesis needs a one-hot input [letters, "
                + $"positions] or [positions, letters] and the axis of its letters; {signature.Inputs[port].Name} {shape} has no letters "
                + $"on axis {options.Letters}.");
        End = Start + Sizes.Of(shape);
        letters = shape[options.Letters];
        inner = 1;
        for (var axis = options.Letters + 1; axis < shape.Rank; axis++)
            inner *= shape[axis];
    }

    /// <summary>The first element of the one-hot input.</summary>
    public int Start { get; }

    /// <summary>The element after its last.</summary>
    public int End { get; }

    /// <summary>Writes the next mutants, as many as there is room for, skipping the letters that are there.</summary>
    public int Place<T>(ReadOnlySpan<T> x, ref int next, Span<T> xs, Span<int> elements) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = 0;
        for (; next < End && rows < elements.Length; next++)
        {
            if (IsThere(x, next))
                continue;
            var mutant = xs.Slice(rows * x.Length, x.Length);
            x.CopyTo(mutant);
            for (var letter = 0; letter < letters; letter++)
                mutant[First(next) + letter * inner] = T.Zero;
            mutant[next] = T.One;
            elements[rows++] = next;
        }
        return rows;
    }

    /// <summary>Takes the mean over the letters from each position's scores, if that was asked for.</summary>
    public void Centre<T>(Span<T> scores) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var element = Start; options.Centred && element < End; element++)
        {
            if (First(element) != element)
                continue;
            var mean = 0.0;
            for (var letter = 0; letter < letters; letter++)
                mean += double.CreateTruncating(scores[element + letter * inner]) / letters;
            for (var letter = 0; letter < letters; letter++)
                scores[element + letter * inner] = T.CreateTruncating(double.CreateTruncating(scores[element + letter * inner]) - mean);
        }
    }

    // The element of the first letter at an element's position.
    private int First(int element) => element - (element - Start) / inner % letters * inner;

    private bool IsThere<T>(ReadOnlySpan<T> x, int element) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var letter = 0; letter < letters; letter++)
        {
            var other = First(element) + letter * inner;
            if (x[other] != (other == element ? T.One : T.Zero))
                return false;
        }
        return true;
    }
}
