using System.Numerics;
using Whence.CompilerServices;

namespace Whence.Evaluate;

/// <summary>What the measures ask a network: the target's value at variants of an input in which some groups are the reference's.</summary>
internal sealed class Question<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IModel<T> net;
    private readonly int count;
    private readonly int point;
    private readonly T[] x;
    private readonly T[] references;
    private readonly T[][] seeds;
    private readonly Players players;

    public Question(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references, FeatureGroups? groups)
    {
        ArgumentNullException.ThrowIfNull(net);
        Check.Input(net.Signature, x, count);
        Check.References(net, references, count, true);
        Check.Targets(targets, count);
        Check.Groups(net.Signature, groups);
        if (targets.Answers != 1)
            throw new ArgumentException($"A measure has one target for an input, but {targets.Answers} were given; ask for each by itself.",
                nameof(targets));
        (this.net, this.count, this.x) = (net, count, x.ToArray());
        Size = net.Signature.InputSize;
        players = new Players(groups, Size);
        point = count == 0 ? -1 : targets[0, 0].Point(net.Signature);
        seeds = new T[count][];
        this.references = new T[count * Size];
        for (var input = 0; input < count; input++)
        {
            seeds[input] = Seed(targets[input, 0], input);
            var own = this.references.AsSpan(input * Size, Size);
            if (references.IsGiven)
                references.Rows.Slice(references.IsPerInput ? input * Size : 0, Size).CopyTo(own);
            Masks.Copy(net.Signature, Input(input), own);
        }
    }

    /// <summary>Looked at between two chunks of rows.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told which share of the inputs is measured.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Elements of an input row.</summary>
    public int Size { get; }

    /// <summary>How many groups there are to change; without groups the elements.</summary>
    public int Groups => players.Count;

    public ReadOnlySpan<T> Input(int input) => x.AsSpan(input * Size, Size);

    public ReadOnlySpan<T> Reference(int input) => references.AsSpan(input * Size, Size);

    /// <summary>The sum of an input's scores over the elements of each group.</summary>
    public double[] OfGroups(ReadOnlySpan<T> scores, bool absolute = false)
    {
        var sums = new double[Groups];
        for (var element = 0; element < Size; element++)
        {
            var score = double.CreateTruncating(scores[element]);
            if (players.Of(element) is var group and >= 0)
                sums[group] += absolute ? Math.Abs(score) : score;
        }
        return sums;
    }

    /// <summary>Writes the input with some groups replaced by the reference's.</summary>
    public void Replace(int input, ReadOnlySpan<bool> replaced, Span<T> variant)
    {
        Input(input).CopyTo(variant);
        var reference = Reference(input);
        for (var element = 0; element < Size; element++)
        {
            if (players.Of(element) is var group and >= 0 && replaced[group])
                variant[element] = reference[element];
        }
    }

    /// <summary>The target's value at rows that are variants of one input.</summary>
    public double[] Values(int input, ReadOnlySpan<T> variants)
    {
        var rows = variants.Length / Size;
        var values = new double[rows];
        var seed = seeds[input];
        var chunk = Math.Min(rows, net.Signature.ChunkRows);
        var units = new T[chunk * seed.Length];
        for (var first = 0; first < rows; first += chunk)
        {
            Cancellation.ThrowIfCancellationRequested();
            var part = Math.Min(chunk, rows - first);
            net.Forward(variants.Slice(first * Size, part * Size), point, units.AsSpan(0, part * seed.Length), part);
            for (var row = 0; row < part; row++)
                values[first + row] = Finite(Rows.Dot<T>(seed, units.AsSpan(row * seed.Length, seed.Length)), input,
                    variants.Slice((first + row) * Size, Size), seed);
        }
        return values;
    }

    /// <summary>Says that an input is measured; they are in their order.</summary>
    public void Measured(int input) => Progress?.Report((input + 1.0) / count);

    /// <summary>Whether an element belongs to an input that is held fixed.</summary>
    public bool IsMasked(int element) => Check.Place(net.Signature, element).Input.IsMask;

    /// <summary>Refuses scores that are not one row for each input.</summary>
    public void CheckScores(ReadOnlySpan<T> scores, string argument)
    {
        if (scores.Length != (long)count * Size)
            throw new ArgumentException($"{argument} must hold {count} rows of {Size} elements, {(long)count * Size} in all, but holds "
                + $"{scores.Length}.", argument);
        if (Rows.FirstNonFinite(scores) is var at and >= 0)
            throw new ArgumentException($"{argument} must be finite, but element {at % Size} of row {at / Size} is {scores[at]}.",
                argument);
    }

    private T[] Seed(Target target, int input)
    {
        if (target.Point(net.Signature) != point)
            throw new ArgumentException($"All targets of a batch are of one output or layer, but those of inputs 0 and {input} are of two.",
                "targets");
        var units = net.Signature.Points[point];
        var seed = new T[Sizes.Of(units.Shape)];
        target.Seed(units, seed);
        return seed;
    }

    private double Finite(double value, int input, ReadOnlySpan<T> variant, ReadOnlySpan<T> seed)
    {
        if (double.IsFinite(value))
            return value;
        var fault = net.FirstFault(new FaultSearch<T> { X = variant, From = point, Seed = seed });
        throw new NonFiniteException($"{net.Signature.Name}'s {net.Signature.Points[point].Name} is not finite at a variant of input "
            + $"{input}{(fault is null ? "" : $", first in layer {fault} ({fault.What})")}; so it cannot be measured there.", input, fault);
    }
}
