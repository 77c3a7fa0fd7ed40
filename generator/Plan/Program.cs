namespace Whence.Generator.Plan;

/// <summary>What runs over one chunk of rows: steps in order, and an arena for their values.</summary>
internal sealed class Program
{
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>Floats a row in the arena.</summary>
    public required int ArenaSize { get; init; }

    /// <summary>The first step of the way back; as many as there are steps where there is none.</summary>
    public required int BackFrom { get; init; }

    /// <summary>
    /// How much further, in floats a row, the values of the way back must lie so that it leaves what it reads of the forward pass as it
    /// is, and can be gone again.
    /// </summary>
    public required int Shift { get; init; }

    /// <summary>Whether a value is of the way back.</summary>
    public bool IsBack(PlannedValue value) => value.Storage == Storage.Arena && value.First >= BackFrom;
}

/// <summary>A question ready to be written.</summary>
internal sealed class Plan
{
    /// <summary>The pass's name, or null for the forward pass.</summary>
    public required string? Method { get; init; }

    /// <summary>The reference's forward pass, or what is the same along a path; or null.</summary>
    public required Program? Keep { get; init; }

    /// <summary>What is kept of it, each at its offset in a kept row.</summary>
    public required IReadOnlyList<KeptValue> Kept { get; init; }

    /// <summary>Floats in a kept row.</summary>
    public required int KeptSize { get; init; }

    /// <summary>The forward pass and the way back.</summary>
    public required Program Run { get; init; }

    /// <summary>Of a path, what each step adds to the sums, at its offset.</summary>
    public required IReadOnlyList<(PlannedValue Value, int Offset)> Sums { get; init; }

    /// <summary>Numbers in the sums of a path.</summary>
    public required int SumsSize { get; init; }

    /// <summary>Of a path, what follows its last step; else null.</summary>
    public required Program? End { get; init; }

    /// <summary>The points, in the signature's order.</summary>
    public required IReadOnlyList<PlannedPoint> Points { get; init; }

    /// <summary>Where backward passes may begin and end, from the output down: each the points at one value.</summary>
    public required IReadOnlyList<Stop> Stops { get; init; }

    /// <summary>What skipped sections must leave as zero.</summary>
    public required IReadOnlyList<Cleared> Cleared { get; init; }

    /// <summary>The multipliers at each input, of a path after its last step; null where nothing flows back to it.</summary>
    public required IReadOnlyList<(PlannedValue Positive, PlannedValue Negative)?> Results { get; init; }

    /// <summary>What Forward returns.</summary>
    public required IReadOnlyList<PlannedValue> Outputs { get; init; }
}

/// <summary>
/// What is kept of a reference, where in a kept row; of a scan's value, that of every one of <paramref name="Steps"/>, one after the other.
/// </summary>
internal sealed record KeptValue(PlannedValue Computed, int Offset, int Steps);

/// <summary>A point's values. <paramref name="Ready"/> is the step after which its value is complete, -1 for an input, -2 where
/// no value is read out.</summary>
internal sealed record PlannedPoint(int Index, PlannedValue Value, int Ready, (PlannedValue Positive, PlannedValue Negative)? Multipliers,
    (PlannedValue Positive, PlannedValue Negative)? Deltas);

/// <summary>The points that share a value, at which a backward pass may begin or end.</summary>
internal sealed record Stop(IReadOnlyList<int> Points);
