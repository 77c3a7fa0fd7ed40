using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>
/// What a group's threads have read and written since they last waited for each other, to know when they must again. Elements that the same
/// thread writes and reads, one after the other in an elementwise loop, need no waiting.
/// </summary>
internal sealed class Hazards
{
    private readonly List<Access> pending = [];

    /// <summary>Whether nothing has been read or written since.</summary>
    public bool AreNone => pending.Count == 0;

    /// <summary>All threads have waited.</summary>
    public void Clear() => pending.Clear();

    /// <summary>Whether a step must wait for what was done before it; remembers what it does itself.</summary>
    public bool Meet(IReadOnlyList<Access> accesses)
    {
        var isHazard = accesses.Any(access => pending.Any(access.Conflicts));
        if (isHazard)
            pending.Clear();
        pending.AddRange(accesses);
        return isHazard;
    }
}

/// <summary>A stretch of a group's memory that a step reads or writes.</summary>
/// <param name="OfSteps">Whether it lies among the steps' values.</param>
/// <param name="Start">Where it begins, in floats of a row; of a value that moves with a scan's steps, at step 0.</param>
/// <param name="Size">How long it is.</param>
/// <param name="Within">Of a value that moves, the value that has the memory, in which others may move beside it.</param>
/// <param name="IsWritten">Whether it is written.</param>
/// <param name="IsElementwise">Whether an elementwise loop goes through it, so that each element has one thread.</param>
internal sealed record Access(bool OfSteps, int Start, int Size, PlannedValue? Within, bool IsWritten, bool IsElementwise)
{
    /// <summary>Whether one must have been done before the other begins.</summary>
    public bool Conflicts(Access other)
    {
        if (OfSteps != other.OfSteps || !(IsWritten || other.IsWritten))
            return false;
        var isSame = Start == other.Start && Size == other.Size && Within == other.Within;
        return !(isSame && IsElementwise && other.IsElementwise) && (isSame || Overlaps(other));
    }

    // What moves lives through all of its scan, and so lies over nothing else that is in use then; its slots follow one another.
    private bool Overlaps(Access other) => Within is null && other.Within is null
        ? Start < other.Start + other.Size && other.Start < Start + Size
        : Within == other.Within && Start == other.Start;
}
