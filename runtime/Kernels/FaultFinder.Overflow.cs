namespace Whence.CompilerServices;

/// <content>
/// Where multipliers overflow: what is nudged moves the target by more, of its own size, than a float holds.
/// </content>
internal sealed partial class FaultFinder
{
    // From what rounding of most values does not lose to what does not overflow behind the steepest.
    private static readonly double[] nudges = [1e-3, 1e-12, 1e-25];

    // So that a large network is given up rather than waited for.
    private const int MostNudged = 400;

    /// <summary>
    /// The operator behind which multipliers are beyond what a float holds, and its element through which; null where none is found.
    /// </summary>
    /// <param name="ends">The steps that make the point where the way back ends; none for the inputs.</param>
    public Fault? Overflown(int[] ends)
    {
        if (!AreFinite(target))
            return null;
        var above = Above(asked);
        var way = seen.FindAll(one => above.Contains(one.Step) && (ends.Length == 0 || Above([one.Step]).Overlaps(ends)));
        for (var i = way.Count - 1; i >= 0; i--)
        {
            if (Overflowing([.. way[i].Where(float.IsFinite)]) is { } place)
                return Through(way, by => Run(Nudged([place], by), null).Seen);
        }
        // Or at the inputs themselves.
        return through >= 0 && ends.Length == 0 && at < 0 ? Through(way, NudgedInput) : null;
    }

    // Of what reads what is nudged, or of what is nudged alone, that which passes on the most: its multiplier times how far it moves.
    private Fault? Through(List<Seen> way, Func<double, List<Seen>> nudged)
    {
        foreach (var by in nudges)
        {
            var after = nudged(by);
            var moved = way.FindAll(one => Moved(one, after) >= 0);
            var steps = moved.Select(one => one.Step).ToHashSet();
            var first = moved.FindAll(one => !one.From.Any(steps.Contains));
            var readers = moved.FindAll(one => one.From.Any(step => first.Exists(other => other.Step == step)));
            if ((Passing(first, after) ?? Passing(readers, after)) is { } place)
                return At(place);
        }
        return null;
    }

    // Not the one whose own multiplier is beyond a float already.
    private Place? Passing(List<Seen> some, List<Seen> after)
    {
        var (found, most) = (default(Place?), 0.0);
        foreach (var one in some)
        {
            var place = new Place(one.Call, Moved(one, after));
            var slope = nudges.Max(by => Slope([place], by));
            var passed = slope * Math.Abs((double)after[one.Call].Value[place.Element] - one.Value[place.Element]);
            if (slope <= float.MaxValue && passed > most)
                (most, found) = (passed, place);
        }
        return found;
    }

    // The element that moved the farthest; -1 if none has.
    private static int Moved(Seen before, List<Seen> after)
    {
        var (found, most) = (-1, 0.0);
        for (var i = 0; i < before.Value.Length; i++)
        {
            if (Math.Abs((double)after[before.Call].Value[i] - before.Value[i]) is var distance && distance > most)
                (found, most) = (i, distance);
        }
        return found;
    }

    private Place? Overflowing(IReadOnlyList<Place> places)
    {
        if (places.Count == 0 || passes > MostNudged || !nudges.Any(by => Slope(places, by) > float.MaxValue))
            return null;
        return places.Count == 1 ? places[0]
            : Overflowing([.. places.Take(places.Count / 2)]) ?? Overflowing([.. places.Skip(places.Count / 2)]);
    }

    // By how much the target moves for the largest of some nudges of its own size; at least, where it then has no value.
    private double Slope(IReadOnlyList<Place> places, double by)
    {
        var (up, down) = (Weighed(Target(Nudged(places, by))), Weighed(Target(Nudged(places, -by))));
        var moved = double.IsFinite(up) && double.IsFinite(down) ? Math.Abs(up - down) : float.MaxValue;
        return moved / (2 * places.Max(place => Nudge(Of(place), by)));
    }

    private float Of(Place place) => seen[place.Call].Value[place.Element];

    // What rounding does not lose.
    private static double Nudge(float value, double by) => Math.Max(Math.Abs(by), Math.Abs(value) / 4096.0);

    // To different sides, so that they do not cancel.
    private Changes Nudged(IReadOnlyList<Place> places, double by)
    {
        var changes = new Changes();
        for (var i = 0; i < places.Count; i++)
        {
            var nudge = Nudge(Of(places[i]), by) * Math.Sign(by);
            changes.Put(places[i], (float)(Of(places[i]) + (i * 0.6180339 % 1 < 0.5 ? nudge : -nudge)));
        }
        return changes;
    }

    private List<Seen> NudgedInput(double by)
    {
        float[] row = [.. x];
        row[through] = (float)(row[through] + Nudge(row[through], by));
        return Run(row, from, new float[size], new FaultProbe(null, null, puts: false));
    }
}
