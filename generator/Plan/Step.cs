using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>One thing a program does: a call of a kernel, or a loop over elements.</summary>
internal abstract class Step(PlannedValue to, IReadOnlyList<PlannedValue> from)
{
    public PlannedValue To { get; } = to;

    public IReadOnlyList<PlannedValue> From { get; } = from;

    /// <summary>What it does, in the user's words.</summary>
    public string Comment { get; set; } = "";

    /// <summary>
    /// When it runs: always, or only on a backward pass to a point (Deltas), or only on a backward pass from a point above (Section).
    /// </summary>
    public Guard Guard { get; set; }

    /// <summary>The scan in whose every step it is done; null of what is done once.</summary>
    public Scan? Scan { get; set; }

    /// <summary>The operator to name if this step's value is the first that is not finite; null where the value has no name.</summary>
    public string? Named { get; set; }

    /// <summary>Whether an infinite slope may come back from this step's value.</summary>
    public bool IsSteep { get; set; }

    /// <summary>The points to which alone one at 0 comes back, since below them it meets a slope of 0; null for all.</summary>
    public IReadOnlyList<int>? SteepAtZeroOnly { get; set; }
}

/// <summary>When a step runs: <paramref name="Kind"/>, with the index of the point or section.</summary>
internal readonly record struct Guard(GuardKind Kind, int Index);

internal enum GuardKind
{
    Always,
    Deltas,
    Section,
}

/// <summary>An expression over elements at the same place.</summary>
internal sealed class MapStep(PlannedValue to, Expr expr, IReadOnlyList<PlannedValue> from) : Step(to, from)
{
    public Expr Expr { get; } = expr;

    /// <summary>What the formula calls each of its operands, of any layer: "x", "x0", "P"; null where it has no word for it.</summary>
    public IReadOnlyList<string?> Roles { get; init; } = [];

    /// <summary>What it computes, of any layer: "PositivePart"; null where nothing was said of it.</summary>
    public string? Loop { get; init; }

    /// <summary>Where in the sums over the steps of a path it is added; null of what is written to memory.</summary>
    public int? Sum { get; set; }

    /// <summary>What the steps do that it has taken in.</summary>
    public IReadOnlyList<(string Text, string Shape)> Taken { get; init; } = [];
}

/// <summary>A dense product, with bias and function on its last write.</summary>
internal sealed class DenseStep(PlannedValue to, PlannedValue from, PackedWeights weights, Function? then, PlannedValue? start = null)
    : Step(to, start is null ? [from] : [from, start])
{
    /// <summary>What each row's sums begin with in place of a bias, or null.</summary>
    public PlannedValue? Start { get; } = start;

    public PackedWeights Weights { get; } = weights;

    public Function? Then { get; } = then;

    /// <summary>How many products an example takes: the positions of all axes but the last.</summary>
    public int Repeat { get; set; } = 1;
}

/// <summary>A convolution, with bias and function on its last write.</summary>
internal sealed class ConvolutionStep(PlannedValue to, PlannedValue from, PackedWeights weights, Function? then) : Step(to, [from])
{
    public PackedWeights Weights { get; } = weights;

    public Function? Then { get; } = then;
}

/// <summary>A kernel over rows, which takes its operands, its result's place, how many rows there are, and what else it is given.</summary>
/// <param name="to">What it makes.</param>
/// <param name="from">Its operands.</param>
/// <param name="kernel">Its class and its method: "Pool.Max".</param>
/// <param name="arguments">What else it is given.</param>
internal sealed class KernelStep(PlannedValue to, IReadOnlyList<PlannedValue> from, string kernel, IReadOnlyList<KernelArgument> arguments)
    : Step(to, from)
{
    public string Kernel { get; } = kernel;

    public IReadOnlyList<KernelArgument> Arguments { get; } = arguments;

    /// <summary>The operands whose rows may lie anywhere; those of the others follow one another.</summary>
    public IReadOnlyCollection<int> Apart { get; init; } = [];
}

/// <summary>Something that a kernel is given beside values.</summary>
internal abstract record KernelArgument
{
    /// <summary>A whole number.</summary>
    internal sealed record Whole(int Number) : KernelArgument;

    /// <summary>A number.</summary>
    internal sealed record Real(double Number) : KernelArgument;

    /// <summary>A flag of this name that is set.</summary>
    internal sealed record Flag(string Name) : KernelArgument;

    /// <summary>The geometry of a window.</summary>
    internal sealed record Window(Settings Settings) : KernelArgument;

    /// <summary>What a resampling reads: "taps", "indices" and perhaps "weights".</summary>
    internal sealed record Taps(Settings Settings) : KernelArgument;

    public static implicit operator KernelArgument(int number) => new Whole(number);

    public static implicit operator KernelArgument(double number) => new Real(number);
}

/// <summary>A value at a step of a path, with a function on its last write: start + alpha * move.</summary>
internal sealed class BetweenStep(PlannedValue to, PlannedValue start, PlannedValue move, Function? then) : Step(to, [start, move])
{
    public Function? Then { get; } = then;
}

/// <summary>A multiplier that was summed over the steps of a path, from its offset in the sums.</summary>
internal sealed class SumStep(PlannedValue to, int offset, int row) : Step(to, [])
{
    /// <summary>Numbers in the sums of one path.</summary>
    public int Row { get; } = row;

    public int Offset { get; } = offset;
}

/// <summary>A box of elements copied from one place to another, after filling the target where it is not covered.</summary>
internal sealed class CopyStep(PlannedValue to, PlannedValue from, int toOffset, int fromOffset,
    IReadOnlyList<(int Extent, int From, int To)> axes,
    double? fill)
    : Step(to, [from])
{
    public int ToOffset { get; } = toOffset;

    public int FromOffset { get; } = fromOffset;

    public IReadOnlyList<(int Extent, int From, int To)> Axes { get; } = axes;

    /// <summary>How much further the source begins at every step of a scan.</summary>
    public int FromStep { get; init; }

    /// <summary>How much further the target begins at every step of a scan.</summary>
    public int ToStep { get; init; }

    public double? Fill { get; } = fill;
}

/// <summary>The seeds of points, added to what came from above, in place or in a copy, or on their own.</summary>
internal sealed class SeedStep(PlannedValue to, PlannedValue? coming, IReadOnlyList<int> points) : Step(to, coming is null ? [] : [coming])
{
    public IReadOnlyList<int> Points { get; } = points;

    /// <summary>What comes from above, or null.</summary>
    public PlannedValue? Coming { get; } = coming;

    /// <summary>Whether those below read the seed itself, so that only a walk that ends here writes it.</summary>
    public bool IsTakenIn { get; set; }
}

/// <summary>Where the two parts of a point's difference are complete, and read out.</summary>
internal sealed class DeltaMark(PlannedValue positive, PlannedValue negative) : Step(positive, [negative]);

/// <summary>Where a point's value is complete that a scan has filled step by step.</summary>
internal sealed class ReadyMark(PlannedValue value) : Step(value, []);

/// <summary>A value that a skipped section would have computed, set to zero.</summary>
internal sealed record Cleared(PlannedValue Value, int Section);

/// <summary>
/// Weights packed for one use: from where, for which operator ("Dense" or "Convolve"), with which settings, and in which order
/// inputs and outputs lie: channels of a flattened image, or 1.
/// </summary>
internal sealed record PackedWeights(WeightSource Source, string Operator, Settings Settings, int InputChannels, int OutputChannels)
{
    public bool Transposed => Settings.Flag("transposed");
}
