namespace Whence.Generator.Plan;

/// <summary>From when to when memory is in use.</summary>
internal sealed class Lives
{
    private readonly List<(PlannedValue? Value, int Extent, int First, int Last)> all = [];
    private readonly Dictionary<PlannedValue, int> known = [];

    public int Add(int extent, int first, int last)
    {
        all.Add((null, extent, first, last));
        return all.Count - 1;
    }

    public void Touch(IEnumerable<PlannedValue> values, int at)
    {
        foreach (var value in values.Select(value => value.Memory).Where(value => value.Storage == Storage.Arena))
            Touch(value, at, at);
    }

    /// <summary>All that a program touches, from when to when it says, moved.</summary>
    public void Touch(IReadOnlyList<Step> program, int by)
    {
        foreach (var value in program.SelectMany(step => step.From.Append(step.To)).Select(value => value.Memory)
            .Where(value => value.Storage == Storage.Arena))
            Touch(value, value.First + by, Math.Min(value.Last, program.Count) + by);
    }

    /// <summary>
    /// What some steps of a program touch: in a scan from when to when the program says, else from when to when they do.
    /// </summary>
    public void Touch(IReadOnlyCollection<Step> some, IReadOnlyList<Step> program, Func<PlannedValue, bool> counts)
    {
        for (var i = 0; i < program.Count; i++)
        {
            if (!some.Contains(program[i]))
                continue;
            foreach (var value in program[i].From.Append(program[i].To).Where(counts).Select(value => value.Memory))
            {
                Touch(value, i, i);
                if (program[i].Scan is not null)
                    Touch(value, Math.Min(value.First, i), Math.Max(i, Math.Min(value.Last, program.Count)));
            }
        }
    }

    /// <summary>What an elementwise loop reads last, its result is written over, each element by the thread that has read it.</summary>
    public void Reuse(IReadOnlyCollection<Step> some, IReadOnlyList<Step> program)
    {
        for (var i = 0; i < program.Count; i++)
        {
            var step = program[i];
            if (!some.Contains(step) || step is not MapStep || step.Scan is not null || step.To.Within is not null
                || !known.TryGetValue(step.To, out var to) || all[to].First != i)
                continue;
            var over = step.From.Where(value => value.Within is null && known.ContainsKey(value)).Select(value => known[value])
                .Where(index => index != to && all[index].Last == i && all[index].Extent == step.To.Size).ToList();
            if (over.Count == 0)
                continue;
            var from = over[0];
            all[from] = all[from] with { Last = all[to].Last };
            known[step.To] = from;
            // Nothing has it any more.
            all[to] = all[to] with { Extent = 0 };
        }
    }

    /// <summary>A value that is in use from when to when.</summary>
    public void Touch(PlannedValue value, int first, int last)
    {
        if (!known.TryGetValue(value, out var index))
        {
            known[value] = all.Count;
            all.Add((value, value.Size * value.Slots, first, last));
            return;
        }
        all[index] = all[index] with { First = Math.Min(all[index].First, first), Last = Math.Max(all[index].Last, last) };
    }

    public (int[] Offsets, int Size) Assign() => Slots.Assign(all.Select(each => (each.Extent, each.First, each.Last)).ToList());

    public IReadOnlyDictionary<PlannedValue, int> Values(int[] offsets) =>
        known.ToDictionary(pair => pair.Key, pair => offsets[pair.Value]);
}
