namespace Whence.Generator.Plan;

/// <summary>
/// Where a group keeps its values: those of a pair in one row, those of steps in as many rows as it takes steps at a time.
/// </summary>
/// <param name="Rows">Steps at a time.</param>
/// <param name="PairSize">Floats of a pair.</param>
/// <param name="StepSize">Floats of each step at a time.</param>
/// <param name="IsPairShared">Whether a pair's values are in shared memory, rather than in device memory.</param>
/// <param name="AreStepsShared">Whether the steps' values are.</param>
internal sealed record WholeMemory(int Rows, int PairSize, int StepSize, bool IsPairShared, bool AreStepsShared)
{
    /// <summary>What a group has at most, in floats: 48 KB without asking the driver for more.</summary>
    private const int Shared = 12 * 1024;

    // A pair's values that leave room for those of steps.
    private const int MostOfPair = 4 * 1024;

    // Steps at a time: a thread of a product has eight in registers, and more than 64 fill no more threads.
    internal const int MostRows = 64;
    private const int LeastRows = 8;

    // Of a group that keeps its values in device memory: 32 MB.
    private const int MostScratch = 8 * 1024 * 1024;

    /// <summary>The values that steps make, and those that are the same at all of them.</summary>
    public required IReadOnlyDictionary<PlannedValue, int> StepOffsets { get; init; }

    public required IReadOnlyDictionary<PlannedValue, int> PairOffsets { get; init; }

    /// <summary>The values that were kept, by their offset: what has computed each.</summary>
    public required IReadOnlyDictionary<int, PlannedValue> Kept { get; init; }

    /// <summary>Where the sums lie in a pair's memory, and what rounding took of them.</summary>
    public required int Sums { get; init; }

    public required int Lost { get; init; }

    /// <summary>Where the alphas and weights of the steps at hand lie in a pair's memory, as many as there are rows.</summary>
    public int Alphas => PairSize - 2 * Rows;

    public int Weights => PairSize - Rows;

    /// <summary>Floats of shared memory.</summary>
    public int SharedSize => (IsPairShared ? PairSize : 0) + (AreStepsShared ? StepSize * Rows : 0);

    /// <summary>Floats of device memory that a group keeps values in.</summary>
    public int ScratchSize => (IsPairShared ? 0 : PairSize) + (AreStepsShared ? 0 : StepSize * Rows);

    /// <summary>
    /// How many steps at a time, and what lies in shared memory; null where too few would fit. Only a scan's values may lie in device
    /// memory: of other networks a chain of kernels has better use for it.
    /// </summary>
    public static (int Rows, bool IsPairShared, bool AreStepsShared)? Choose(int pair, int step, bool hasScan)
    {
        foreach (var isPairShared in new[] { true, false })
        {
            if (isPairShared ? pair > MostOfPair : !hasScan)
                continue;
            for (var rows = MostRows; rows >= LeastRows; rows /= 2)
            {
                if ((isPairShared ? pair + 2 * rows : 0) + (long)step * rows <= Shared)
                    return (rows, isPairShared, true);
            }
        }
        var isSmall = pair <= MostOfPair;
        return hasScan && (isSmall ? 0 : pair) + (long)step * MostRows <= MostScratch ? (MostRows, isSmall, false) : null;
    }

    /// <summary>The value that has memory for another: its own, or what was kept of it.</summary>
    public PlannedValue Computed(PlannedValue value) => value.Storage == Storage.Kept ? Kept[value.Offset] : value;

    /// <summary>Whether it lies in the group's memory.</summary>
    public bool Holds(PlannedValue value) =>
        Computed(value).Memory is var held && (StepOffsets.ContainsKey(held) || PairOffsets.ContainsKey(held));

    /// <summary>Whether a value has a row for each step at a time.</summary>
    public bool IsOfSteps(PlannedValue value) => StepOffsets.ContainsKey(Computed(value).Memory);
}
