namespace Whence.CompilerServices;

/// <summary>
/// Finds the element because of which an answer is not finite. What depends on what is found by trial: an element is changed, the forward
/// pass is made again, and what was asked about is looked at. So none is named that the target does not depend on.
/// </summary>
internal sealed partial class FaultFinder
{
    // Hardly ever more than a few dozen. A search that ends before names a place between the cause and the target.
    private const int MostPasses = 2000;

    // In the place of what is not finite: numbers that nothing is likely to be singular at, of both signs.
    private static readonly float[] mended = [0.7312f, -1.3127f];

    // A change small enough to stay on a function's piece, and one that rounding of what it is added to does not lose.
    private static readonly float[] moves = [1f / 1024, 1];

    private readonly ProbedPass pass;
    private readonly float[] x;
    private readonly int at;
    private readonly float[] value;
    private readonly int from;
    private readonly float[] seed;
    private readonly int through;
    private readonly int size;
    private readonly int[] asked;
    private readonly List<Seen> seen;
    private readonly float[] target;
    private int passes;

    /// <summary>A finder that has made the pass as it is.</summary>
    public FaultFinder(in FaultSearch<float> search, int size, int[] asked, ProbedPass pass)
    {
        (this.pass, this.size, this.asked) = (pass, size, asked);
        (x, value, seed) = (search.X.ToArray(), search.Value.ToArray(), search.Seed.ToArray());
        (at, from, through) = (search.At, search.From, search.Through);
        (seen, target) = Run(null, null);
    }

    /// <summary>
    /// The element from which the target has it that it is not finite; or, where the target is finite, that of those on the way to it which
    /// are not.
    /// </summary>
    public Fault? NonFinite(int to, int[] ends)
    {
        var isFinite = AreFinite(target);
        var start = isFinite
            ? OnTheWay(to, ends)
            : Cause([.. seen.Where(one => Array.IndexOf(asked, one.Step) >= 0).SelectMany(one => one.Where(IsFaulty))],
                changes => !AreFinite(Target(changes)));
        if (start is not { } place)
            return null;
        var way = new List<Place> { place };
        while (Before(way[^1]) is { } earlier)
            way.Add(earlier);
        LeaveGiven(way);
        return At(Shown(way));
    }

    /// <summary>
    /// Takes from the beginning of a way what is as infinite as the input that it comes from, as a mask of minus infinity and what it is
    /// added to: what has no value is what comes of that. Where nothing else is on the way, all of it stays.
    /// </summary>
    private void LeaveGiven(List<Place> way)
    {
        if (!Array.Exists(x, float.IsInfinity))
            return;
        var bounded = Run(Array.ConvertAll(x, Bounded), null, null).Seen;
        bool IsGiven(Place one) =>
            float.IsInfinity(seen[one.Call].Value[one.Element]) && float.IsFinite(bounded[one.Call].Value[one.Element]);
        var kept = way.FindLastIndex(one => !IsGiven(one)) + 1;
        if (kept > 0)
            way.RemoveRange(kept, way.Count - kept);
    }

    // So far that an exponential of it is what it is of infinity, and so near that its square is finite.
    private static float Bounded(float value) => float.IsInfinity(value) ? MathF.CopySign(1e18f, value) : value;

    // Of an operator that is made of several, as a division is of a reciprocal and a product, the user sees the last.
    private Place Shown(List<Place> way)
    {
        var (last, cause) = (way.Count - 1, seen[way[^1].Call]);
        while (last > 0 && seen[way[last - 1].Call] is var after && after.Name == cause.Name && Turn(after) == Turn(cause))
            last--;
        return way[last];
    }

    // Which step of a loop over steps it is of.
    private int Turn(Seen one) => seen.Take(one.Call).Count(other => other.Step == one.Step);

    /// <summary>
    /// The element from which an infinite slope comes back between the target and a point, which some steps make; -1 and none for the
    /// inputs.
    /// </summary>
    public Fault? Steepest(int to, int[] ends)
    {
        var above = Above(asked);
        var steep = seen.Where(one => above.Contains(one.Step) && one.Steep.Count > 0
                && (ends.Length == 0 || Above([one.Step]).Overlaps(ends)))
            .SelectMany(one => one.SteepFor(to)).ToList();
        steep = Reached(steep, to, ends);
        Place? found = null;
        // A slope of 0 in between, as beside a kink, lets nothing pass: then only one of both directions does, or none.
        foreach (var holds in new Func<IReadOnlyList<Place>, bool>[]
        {
            places => moves.Any(by => MovesBothWays(places, by)), places => moves.Any(by => Moves(places, by)), IsDependedOn,
        })
        {
            found ??= First(steep, holds);
        }
        return found is { } place ? At(place) : null;
    }

    private Fault At(Place place)
    {
        var one = seen[place.Call];
        var steps = seen.Where(other => other.Step == one.Step).Select(other => other.Call).ToList();
        return one.At(place.Element) with { Step = steps.Count > 1 ? steps.IndexOf(one.Call) : null };
    }

    private static bool IsFaulty(float value) => !float.IsFinite(value);

    // Of all that is not finite and does not make the target so, the first that it depends on.
    private Place? OnTheWay(int to, int[] ends)
    {
        var above = Above(asked);
        var places = seen.Where(one => above.Contains(one.Step)).SelectMany(one => one.Where(IsFaulty)).ToList();
        var reached = Reached(places, to, ends);
        return First(reached, IsDependedOn) ?? First(reached, Shows);
    }

    // What bounds its argument may give a bound for what has no value, too.
    private bool Shows(IReadOnlyList<Place> places) =>
        mended.Any(number => !Weighed(Target(Changed(places, 0, number))).Equals(Weighed(target)));

    /// <summary>The element that an element has its infinity from; null if it came up there.</summary>
    private Place? Before(Place place)
    {
        var made = seen[place.Call];
        // In a loop over steps, values of earlier ones, and its own.
        var behind = seen.Take(place.Call).Where(one => one.Step == made.Step || Array.IndexOf(made.From, one.Step) >= 0)
            .SelectMany(one => one.Where(IsFaulty)).ToList();
        // A softmax's exponent that was not a number may become minus infinity: that is not what went wrong.
        var was = made.Value[place.Element];
        return Cause(behind, changes => Run(changes, call => call == place.Call).Seen[0].Value[place.Element].Equals(was));
    }

    /// <summary>
    /// Of elements that are not finite the first without which something would be finite that is not, if those behind the last such were;
    /// null if it would not be without any of them.
    /// </summary>
    private Place? Cause(IReadOnlyList<Place> places, Func<Changes, bool> isFaulty)
    {
        if (places.Count == 0)
            return null;
        foreach (var number in mended)
        {
            if (passes >= MostPasses || isFaulty(Changed(places, 0, number)))
                continue;
            var last = Search(places.Count, left => isFaulty(Changed(places, left, number)));
            // Where one finite element of several would be enough, as of a log-sum-exp's, an earlier one is as much the cause.
            return places[Search(last + 1,
                first => !isFaulty(Changed([.. places.Take(first), .. places.Skip(last + 1)], 0, number)))];
        }
        return null;
    }

    // All but the first.
    private static Changes Changed(IReadOnlyList<Place> places, int start, float number)
    {
        var changes = new Changes();
        for (var i = start; i < places.Count; i++)
            changes.Put(places[i], number);
        return changes;
    }

    /// <summary>The last of the fewest first of some of which something holds, that holds of all.</summary>
    private static int Search(int count, Func<int, bool> holdsOfFirst)
    {
        var (none, all) = (0, count);
        while (all - none > 1)
        {
            var middle = none + (all - none) / 2;
            if (holdsOfFirst(middle))
                all = middle;
            else
                none = middle;
        }
        return all - 1;
    }

    private static Place? First(IReadOnlyList<Place> places, Func<IReadOnlyList<Place>, bool> holds)
    {
        if (places.Count == 0 || !holds(places))
            return null;
        var found = places[Search(places.Count, first => holds([.. places.Take(first)]))];
        return holds([found]) ? found : null;
    }

    private bool IsDependedOn(IReadOnlyList<Place> places) => !AreFinite(Target(Changed(places, 0, float.NaN)));

    private bool MovesBothWays(IReadOnlyList<Place> places, float by)
    {
        var (up, down, now) = (Weighed(Target(Moved(places, by))), Weighed(Target(Moved(places, -by))), Weighed(target));
        return !up.Equals(now) && !down.Equals(now) && !up.Equals(down);
    }

    private bool Moves(IReadOnlyList<Place> places, float by) =>
        !Weighed(Target(Moved(places, by))).Equals(Weighed(target)) || !Weighed(Target(Moved(places, -by))).Equals(Weighed(target));

    // By different amounts, so that they do not cancel.
    private static Changes Moved(IReadOnlyList<Place> places, float by)
    {
        var changes = new Changes();
        for (var i = 0; i < places.Count; i++)
            changes.Put(places[i], by * (1 + i * 0.6180339f % 1));
        return changes;
    }

    // Where nothing says how much of each element is asked about, all are, by different amounts.
    private double Weighed(float[] values)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (IsAsked(i, values.Length))
                sum += values[i] * (seed.Length == values.Length ? seed[i] : 1 + 0.01 * i);
        }
        return sum;
    }

    private bool AreFinite(float[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (IsAsked(i, values.Length) && IsFaulty(values[i]))
                return false;
        }
        return true;
    }

    private bool IsAsked(int i, int length) => seed.Length != length || seed[i] != 0;

    private float[] Target(Changes changes) => Run(changes, at < 0 ? _ => false : null).Target;

    private (List<Seen> Seen, float[] Target) Run(Changes? changes, Func<int, bool>? remembers) => Run(x, changes, remembers);

    private (List<Seen> Seen, float[] Target) Run(float[] row, Changes? changes, Func<int, bool>? remembers)
    {
        if (at < 0)
        {
            var read = new float[size];
            return (Run(row, from, read, new FaultProbe(changes, remembers, puts: false)), read);
        }
        // The one point is that which is given a value: what is asked about is what its steps have made.
        var found = Run(row, at, [.. value], new FaultProbe(changes, remembers, puts: true));
        return (found, [.. asked.SelectMany(step => found.LastOrDefault(one => one.Step == step)?.Value ?? [])]);
    }

    private List<Seen> Run(float[] row, int point, float[] given, FaultProbe probe)
    {
        passes++;
        pass(row, point, given, probe);
        return probe.All;
    }

    /// <summary>
    /// Those of some elements that depend on the one whose score is not finite; all, where it is not known.
    /// </summary>
    private List<Place> Reached(List<Place> places, int to, int[] ends)
    {
        if (through < 0 || places.Count == 0 || Lost(to, ends) is not { } found)
            return places;
        return places.FindAll(place => float.IsNaN(found[place.Call].Value[place.Element]));
    }

    // A pass without a value for that element.
    private List<Seen>? Lost(int to, int[] ends)
    {
        if (to < 0)
            return at < 0 ? Run(Without(x), from, new float[size], new FaultProbe(null, null, puts: false)) : null;
        var own = at == to ? value : at < 0 && ends.Length == 1 ? seen.FindLast(one => one.Step == ends[0])?.Value : null;
        return own is null ? null : Run(x, to, Without(own), new FaultProbe(null, null, puts: true));
    }

    private float[] Without(float[] values)
    {
        float[] without = [.. values];
        without[through] = float.NaN;
        return without;
    }

    /// <summary>The steps that these take their values from, and they themselves.</summary>
    private HashSet<int> Above(int[] steps)
    {
        var found = new HashSet<int>();
        var open = new Stack<int>(steps);
        while (open.TryPop(out var step))
        {
            if (!found.Add(step))
                continue;
            foreach (var from in seen.Find(one => one.Step == step)?.From ?? [])
                open.Push(from);
        }
        return found;
    }
}
