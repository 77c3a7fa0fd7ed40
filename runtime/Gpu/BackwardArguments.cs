namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>One walk back on the device, as <see cref="BackwardArguments{T}"/> says it of the host. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct BackwardArguments
{
    /// <summary>[Rows, InputSize].</summary>
    public Rows X;

    /// <summary>How many rows.</summary>
    public int Rows;

    /// <summary>What was kept of the references, or of the path.</summary>
    public Rows Kept;

    /// <summary>1 or Rows.</summary>
    public int ReferenceRows;

    /// <summary>How many rows a path has: row r is a step of path (r + FirstStep) / Steps.</summary>
    public int Steps;

    /// <summary>How many of the first path's steps come before.</summary>
    public int FirstStep;

    /// <summary>The point whose units are explained.</summary>
    public int From;

    /// <summary>[Answers, SeedRows, size of From]: the weight of each unit.</summary>
    public Rows Seed;

    /// <summary>1, Rows or, of steps, as many as there are paths.</summary>
    public int SeedRows;

    /// <summary>How many answers the rows get, each of a seed of its own. They share the forward pass.</summary>
    public int Answers;

    /// <summary>The point where the walk ends, or -1 for the inputs.</summary>
    public int To;

    /// <summary>A point whose value is replaced by Injected, or -1.</summary>
    public int InjectAt;

    /// <summary>[Rows, size of InjectAt].</summary>
    public Rows Injected;

    /// <summary>[Steps]: how far along its path each step lies.</summary>
    public Rows Alphas;

    /// <summary>[Steps], or [Answers, Steps]: what each step's multipliers are multiplied by in the sum.</summary>
    public Rows Weights;

    /// <summary>The sums over the steps of a path.</summary>
    public Sums Sums;

    /// <summary>Whether the sums of a path whose first step is among the rows begin with it, and not with what they are.</summary>
    public bool BeginsSums;

    /// <summary>Out: the multipliers.</summary>
    public Rows Multipliers;

    /// <summary>Out: the multipliers of the negative part, or empty.</summary>
    public Rows NegativeMultipliers;

    /// <summary>Out: the positive part of To's difference from the reference, or empty.</summary>
    public Rows PositiveDelta;

    /// <summary>Out: the negative part, or empty.</summary>
    public Rows NegativeDelta;

    /// <summary>Out: From's value, or empty.</summary>
    public Rows FromValue;

    /// <summary>Out: To's value, or empty.</summary>
    public Rows ToValue;

    /// <summary>
    /// The point which is given its value and where the pass ends, so that nothing need be computed of what is only below it; -1 if there
    /// is none, or the value of From is wanted too.
    /// </summary>
    public readonly int StandsAt => InjectAt == To && FromValue.IsEmpty ? InjectAt : -1;

    /// <summary>Whether each row has a seed of its own; of whole paths, which may be as many as the rows at hand, each path has.</summary>
    internal readonly bool HasSeedOfRow => SeedRows == Rows && !BeginsSums;

    /// <summary>Whether a point's value is read out.</summary>
    public readonly bool Reads(int point) => From == point && !FromValue.IsEmpty || To == point && !ToValue.IsEmpty;

    /// <summary>The walk of one answer.</summary>
    public readonly BackwardArguments Of(int answer)
    {
        if (Answers == 1)
            return this;
        var one = this;
        one.Answers = 1;
        one.Seed = Part(Seed, answer);
        one.Multipliers = Part(Multipliers, answer);
        one.NegativeMultipliers = Part(NegativeMultipliers, answer);
        one.Sums = new Sums(Part(Sums.High, answer), Part(Sums.Low, answer), Sums.Row);
        if (Weights.Length > Steps)
            one.Weights = Weights.Slice(answer * Steps, Steps);
        return one;
    }

    private readonly Rows Part(Rows all, int answer) =>
        all.IsEmpty ? all : all.Slice(answer * (all.Length / Answers), all.Length / Answers);
}

/// <summary>
/// Sums that are added to again and again: each a number and what was rounded off it, so that they are as good as sums in double precision,
/// which many devices compute slowly. [High, then Low]. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Sums
{
    internal Sums(Rows high, Rows low, int row) => (High, Low, Row) = (high, low, row);

    /// <summary>From the sums of one path to those of the next.</summary>
    internal int Row { get; }

    internal Rows High { get; }

    internal Rows Low { get; }

    /// <summary>The sums from an offset on, as far as one number holds them.</summary>
    public Operand HighFrom(int offset) => new(High.Slice(offset, High.Length - offset), Row);

    /// <summary>What that rounds off.</summary>
    public Operand LowFrom(int offset) => new(Low.Slice(offset, Low.Length - offset), Row);
}
