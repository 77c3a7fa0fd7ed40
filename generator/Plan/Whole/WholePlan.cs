namespace Whence.Generator.Plan;

/// <summary>
/// A path's programs as one kernel: a group of threads goes through what is the same at all steps, so many steps at a time, and what
/// follows the last.
/// </summary>
/// <param name="Before">Once a pair, before its path's steps.</param>
/// <param name="Steps">At every step.</param>
/// <param name="After">Once a pair, after them.</param>
/// <param name="Sums">What each step adds to the sums, at its offset.</param>
/// <param name="SumsSize">Numbers in the sums.</param>
/// <param name="Results">The multipliers at each input; null where nothing flows back to it.</param>
/// <param name="Starts">The stops at which the way back may begin.</param>
/// <param name="Memory">Where values lie.</param>
/// <param name="Cost">What it takes.</param>
internal sealed record WholePlan(IReadOnlyList<WholeStep> Before, IReadOnlyList<WholeStep> Steps, IReadOnlyList<Step> After,
    IReadOnlyList<(PlannedValue Value, int Offset)> Sums, int SumsSize, IReadOnlyList<PlannedValue?> Results,
    IReadOnlyList<Stop> Starts, WholeMemory Memory, WholeCost Cost);

/// <summary>
/// A step of a group, and, where the way back may begin below it, the stop above it: it is done only if the way back begins there or
/// higher, and else leaves <paramref name="Cleared"/> as zero. -1 of a step that is always done.
/// </summary>
internal sealed record WholeStep(Step Step, int Section, bool Cleared)
{
    public static WholeStep Always(Step step) => new(step, -1, false);
}
