namespace Whence.Generator.Plan;

/// <summary>
/// Which named steps of a program each of them takes its values from, directly or through steps without a name: the way on which an
/// infinity has come.
/// </summary>
internal sealed class Causes
{
    private readonly Dictionary<PlannedValue, SortedSet<int>> behind = [];
    private readonly SortedSet<int>[] causes;

    public Causes(Program program)
    {
        var steps = program.Steps;
        causes = new SortedSet<int>[steps.Count];
        for (var i = 0; i < steps.Count; i++)
            causes[i] = [];
        // Again, because a state is read before it is written.
        for (var pass = 0; pass < (steps.Any(step => step.Scan is not null) ? 2 : 1); pass++)
        {
            for (var i = 0; i < steps.Count; i++)
                Follow(steps[i], i);
        }
    }

    /// <summary>The named steps that a step takes its values from.</summary>
    public IEnumerable<int> Of(int step) => causes[step];

    /// <summary>The named steps that made a value: its own, or, if it has none, those that it is made of.</summary>
    public IEnumerable<int> Behind(PlannedValue value) => behind.TryGetValue(value.Memory, out var steps) ? steps : [];

    private void Follow(Step step, int index)
    {
        foreach (var from in step.From)
            causes[index].UnionWith(Behind(from));
        // What was written there before is a part of it.
        var isWritten = behind.TryGetValue(step.To.Memory, out var before);
        if (isWritten)
            causes[index].UnionWith(before);
        causes[index].Remove(index);
        if (step.Named is not null && step.Scan is null || !isWritten)
            behind[step.To.Memory] = before = [];
        if (step.Named is null)
            before!.UnionWith(causes[index]);
        else
            before!.Add(index);
    }
}
