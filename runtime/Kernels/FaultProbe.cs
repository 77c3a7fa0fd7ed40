using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Remembers every named value of one row's forward pass that has an infinity or a NaN, or at which a function is infinitely steep, and
/// finds the one that what went wrong has come from.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct FaultProbe : IProbe
{
    private readonly List<Seen> seen = [];

    /// <summary>A probe that has seen nothing.</summary>
    public FaultProbe()
    {
    }

    /// <summary>A step's value, in the user's order, and where it comes from.</summary>
    private sealed record Seen(int Step, string Name, float[] Value, int[] Axes, int[] From, bool Each, bool Steep, int[] SteepAt)
    {
        public bool IsFaulty(int element) => !float.IsFinite(Value[element]);

        /// <summary>The first element that is not finite, of this kind if there is one; -1 if all are finite.</summary>
        public int First(float like)
        {
            var first = -1;
            for (var i = Value.Length - 1; i >= 0; i--)
            {
                if (!float.IsFinite(Value[i]) && (first < 0 || IsLike(Value[i], like) || !IsLike(Value[first], like)))
                    first = i;
            }
            return first;
        }

        public Fault At(int element)
        {
            var (place, index) = (element, new int[Axes.Length]);
            for (var axis = Axes.Length - 1; axis >= 0; axis--)
                (place, index[axis]) = Math.DivRem(place, Axes[axis]);
            return new Fault(Name, index, Value[element]);
        }
    }

    private static bool IsLike(float value, float other) => value.Equals(other);

    /// <inheritdoc/>
    public readonly void See(ReadOnlySpan<float> value, string name, int channels, ReadOnlySpan<int> axes, int step, ReadOnlySpan<int> from,
        bool each, bool steep, ReadOnlySpan<int> steepAt)
    {
        var own = new float[value.Length];
        for (var i = 0; i < own.Length; i++)
            own[i % channels * (own.Length / channels) + i / channels] = value[i];
        var at = seen.FindIndex(other => other.Step == step);
        var now = new Seen(step, name, own, axes.ToArray(), from.ToArray(), each, steep, steepAt.ToArray());
        if (at < 0)
            seen.Add(now);
        // Of a loop over steps, the first in which something is wrong.
        else if (seen[at].First(0) < 0 && (!steep || Array.IndexOf(seen[at].Value, 0) < 0))
            seen[at] = now;
    }

    /// <summary>Puts what was given in the point's place, and forgets what lies below it.</summary>
    public readonly void Reach(Span<float> own, Span<float> value, int rows, int size, int channels)
    {
        Points.In(value, own, rows, size, channels);
        seen.Clear();
    }

    /// <summary>What is searched for, or null.</summary>
    /// <param name="search">What.</param>
    /// <param name="asked">The steps that make what is asked about.</param>
    /// <param name="ends">Those that make the point where the way back ends; none for the inputs.</param>
    public readonly Fault? Find(in FaultSearch<float> search, ReadOnlySpan<int> asked, ReadOnlySpan<int> ends)
    {
        var above = Above(asked);
        if (search.Steep)
            return Steepest(search.To, above, ends);
        foreach (var step in asked)
        {
            if (Find(step) is { } made && Start(made, search.Seed) is var element and >= 0)
                return Origin(made, element);
        }
        // The target is finite: something on the way to it is not.
        foreach (var one in seen)
        {
            if (above.Contains(one.Step) && one.First(float.NaN) is var element and >= 0)
                return one.At(element);
        }
        return null;
    }

    private readonly Seen? Find(int step) => seen.Find(one => one.Step == step);

    // A point that is made of several steps has its elements elsewhere.
    private static int Start(Seen made, ReadOnlySpan<float> seed)
    {
        if (seed.Length != made.Value.Length)
            return made.First(float.NaN);
        for (var i = 0; i < seed.Length; i++)
        {
            if (seed[i] != 0 && made.IsFaulty(i))
                return i;
        }
        return -1;
    }

    /// <summary>Back from a value that is not finite to the one from which it has its infinity or NaN.</summary>
    private readonly Fault Origin(Seen made, int element)
    {
        var visited = new HashSet<int> { made.Step };
        while (Before(made, element, visited) is var (earlier, at))
        {
            visited.Add(earlier.Step);
            (made, element) = (earlier, at);
        }
        return made.At(element);
    }

    private readonly (Seen Made, int Element)? Before(Seen made, int element, HashSet<int> visited)
    {
        (Seen, int)? other = null;
        foreach (var step in made.From)
        {
            if (visited.Contains(step) || Find(step) is not { } from)
                continue;
            var isSame = made.Each && from.Value.Length == made.Value.Length;
            var at = isSame ? from.IsFaulty(element) ? element : -1 : from.First(made.Value[element]);
            if (at < 0)
                continue;
            if (IsLike(from.Value[at], made.Value[element]))
                return (from, at);
            other ??= (from, at);
        }
        return other;
    }

    /// <summary>The steps that these take their values from, and they themselves.</summary>
    private readonly HashSet<int> Above(ReadOnlySpan<int> steps)
    {
        var found = new HashSet<int>();
        var open = new Stack<int>(steps.ToArray());
        while (open.TryPop(out var step))
        {
            if (found.Add(step) && Find(step) is { } made)
            {
                foreach (var from in made.From)
                    open.Push(from);
            }
        }
        return found;
    }

    private readonly Fault? Steepest(int to, HashSet<int> above, ReadOnlySpan<int> ends)
    {
        var all = ends.ToArray();
        foreach (var one in seen)
        {
            if (!above.Contains(one.Step) || !one.Steep && Array.IndexOf(one.SteepAt, to) < 0)
                continue;
            if (all.Length > 0 && !Above([one.Step]).Overlaps(all))
                continue;
            if (Array.IndexOf(one.Value, 0) is var element and >= 0)
                return one.At(element);
        }
        return null;
    }
}
