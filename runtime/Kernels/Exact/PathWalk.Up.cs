using System.Numerics;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <content>The way up: values and slopes.</content>
internal sealed unsafe partial class PathWalk
{
    /// <summary>All lines at alpha = 0, from the inputs up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rise()
    {
        foreach (var part in reached.Parts)
        {
            if (part.Kind == PartKind.Bend)
                Bend(part);
            else if (part.Kind == PartKind.Max)
                Choose(part);
            for (var at = part.First; at < part.End; at++)
                Spread(at);
        }
    }

    private void Spread(int at)
    {
        var starts = of.Up.Starts;
        var fans = of.Up.Items;
        var (a, s) = (value[at], slope[at]);
        if (a == 0 && s == 0)
            return;
        for (var k = starts[at]; k < starts[at + 1]; k++)
        {
            var fan = fans[k];
            if (!isWanted[fan.First / Group])
                continue;
            Add(value + fan.First, weights + fan.Weight, a, fan.Count);
            if (s != 0)
                Add(slope + fan.First, weights + fan.Weight, s, fan.Count);
            operations += s != 0 ? 2 * fan.Count : fan.Count;
        }
    }

    private void Bend(PathPart part)
    {
        var bend = part.Bend!;
        for (var group = part.First / Group; group < part.End / Group; group++)
        {
            foreach (var strand in of.StrandsDown[group])
            {
                for (var i = 0; i < strand.Count; i++)
                    Bend(bend, strand.From + i, strand.To + i, strand.To + i - part.First);
            }
            if (part.IsKinked)
                Sift(group);
        }
    }

    private void Bend(Bend bend, int from, int to, int unit)
    {
        var (a, s) = (value[from], slope[from]);
        if (bend.IsProduct)
        {
            derivative[to] = value[bend.Factors[unit]];
            value[to] = a * derivative[to] + (bend.Terms.Length > 0 ? value[bend.Terms[unit]] : 0);
            slope[to] = s * derivative[to];
            turn[to] = double.PositiveInfinity;
            return;
        }
        var (one, two) = (bend.Kink(0, unit), bend.Second);
        var stretch = a < one || a == one && s < 0 ? 0 : a < two || a == two && s < 0 ? 1 : 2;
        // A value that stays at a kink has the slope there, as a gradient would.
        var kink = s != 0 ? -1 : a == one ? 0 : a == two ? 1 : -1;
        Set(bend, to, unit, kink < 0 ? stretch : -1 - kink);
        value[to] = bend.Slope(stretch, unit) * a + bend.Offset(stretch, unit);
        slope[to] = derivative[to] * s;
        turn[to] = TurnOf(a, s, to, 0);
    }

    private void Set(Bend bend, int to, int unit, int stretch)
    {
        state[to] = stretch;
        derivative[to] = stretch < 0 ? bend.SlopeAt(-1 - stretch, unit) : bend.Slope(stretch, unit);
        upper[to] = stretch < 0 ? bend.Kink(-1 - stretch, unit) : bend.Upper(stretch, unit);
        lower[to] = stretch < 0 ? upper[to] : bend.Lower(stretch, unit);
    }

    // Where a line meets the next kink in the direction in which it goes; a kink that it is on, or over by rounding, at once.
    private double TurnOf(double a, double s, int to, double alpha) =>
        s == 0 ? double.PositiveInfinity : Math.Max(alpha, ((s > 0 ? upper[to] : lower[to]) - a) / s);

    private void Choose(PathPart part)
    {
        for (var group = part.First / Group; group < part.End / Group; group++)
        {
            for (var at = group * Group; at < (group + 1) * Group; at++)
            {
                var members = of.Members[at];
                turn[at] = double.PositiveInfinity;
                if (members.Length == 0)
                    continue;
                var winner = members[0];
                foreach (var member in members)
                {
                    if (value[member] > value[winner] || value[member] == value[winner] && slope[member] > slope[winner])
                        winner = member;
                }
                (state[at], value[at], slope[at]) = (winner, value[winner], slope[winner]);
            }
            for (var at = group * Group; at < (group + 1) * Group; at++)
                turn[at] = of.Members[at].Length == 0 ? double.PositiveInfinity : Overtaken(at, 0).Alpha;
            Sift(group);
        }
    }

    // Where another member of a maximum becomes the largest; of those that do at once, the one that rises most.
    private (double Alpha, int Member) Overtaken(int at, double alpha)
    {
        var (next, by, winner) = (double.PositiveInfinity, -1, state[at]);
        foreach (var member in of.Members[at])
        {
            if (!(slope[member] > slope[winner]))
                continue;
            var meeting = Math.Max(alpha, (value[winner] - value[member]) / (slope[member] - slope[winner]));
            if (meeting < next || meeting == next && slope[member] > slope[by])
                (next, by) = (meeting, member);
        }
        return (next, by);
    }

    /// <summary>Takes changes of slopes at an alpha up through what is on, to all kinks that they move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rise(double alpha)
    {
        for (var word = 0; word < words; word++)
        {
            // What rises marks groups further up alone.
            while (toRise[word] != 0)
            {
                var group = word * 64 + BitOperations.TrailingZeroCount(toRise[word]);
                toRise[word] &= toRise[word] - 1;
                Rise(group, alpha);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rise(int group, double alpha)
    {
        var d = rise + group * Group;
        if (of.PartOf[group].Kind == PartKind.Max)
            Rechoose(group, alpha);
        if (isTracked[group])
        {
            AddTo(slope + group * Group, d, 1);
            AddTo(value + group * Group, d, -alpha);
            operations += 2 * Group;
        }
        var starts = of.StrandsUp.Starts;
        var strands = of.StrandsUp.Items;
        for (var k = starts[group]; k < starts[group + 1]; k++)
        {
            var strand = strands[k];
            if (!isWanted[strand.To / Group])
                continue;
            Pass(strand, alpha);
            if (isUseful[strand.To / Group])
                Mark(toRise, strand.To);
        }
        if (HasWindows(group))
            Touch(group);
        RiseByFans(group);
        new Span<double>(d, Group).Clear();
    }

    private void RiseByFans(int group)
    {
        var starts = of.Up.Starts;
        var fans = of.Up.Items;
        var end = (group + 1) * Group;
        if (starts[group * Group] == starts[end])
            return;
        for (var at = group * Group; at < end; at++)
        {
            if (rise[at] == 0)
                continue;
            for (var k = starts[at]; k < starts[at + 1]; k++)
            {
                var fan = fans[k];
                if (!isUseful[fan.First / Group])
                    continue;
                Add(rise + fan.First, weights + fan.Weight, rise[at], fan.Count);
                Mark(toRise, fan.First, fan.Count);
                operations += fan.Count;
            }
        }
    }

    // Bends above a strand: what goes on through them, and when they turn now.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass(in Strand strand, double alpha)
    {
        var (from, to, count) = (strand.From, strand.To, strand.Count);
        var isUp = isUseful[to / Group];
        for (var i = 0; i < count && isUp; i++)
            rise[to + i] += derivative[to + i] * rise[from + i];
        if (!of.PartOf[to / Group].IsKinked)
            return;
        var k = 0;
        var (now, never, zero) = (new Vector<double>(alpha), new Vector<double>(double.PositiveInfinity), Vector<double>.Zero);
        for (; k + Vector<double>.Count <= count; k += Vector<double>.Count)
        {
            var (a, s) = (Vector.Load(value + from + k), Vector.Load(slope + from + k));
            var kink = Vector.ConditionalSelect(Vector.GreaterThan(s, zero), Vector.Load(upper + to + k), Vector.Load(lower + to + k));
            var meeting = (kink - a) / s;
            meeting = Vector.ConditionalSelect(Vector.GreaterThan(meeting, now), meeting, now);
            Vector.Store(Vector.ConditionalSelect(Vector.Equals(s, zero), never, meeting), turn + to + k);
        }
        for (; k < count; k++)
            turn[to + k] = TurnOf(value[from + k], slope[from + k], to + k, alpha);
        operations += 2 * count;
        Sift(to / Group);
    }

    private void Touch(int group)
    {
        var starts = of.Windows.Starts;
        var windows = of.Windows.Items;
        for (var at = group * Group; at < (group + 1) * Group; at++)
        {
            if (rise[at] == 0)
                continue;
            for (var k = starts[at]; k < starts[at + 1]; k++)
            {
                if (!isWanted[windows[k] / Group])
                    continue;
                touched[windows[k]] = true;
                Mark(toRise, windows[k]);
            }
        }
    }

    // Maxima whose winner is another or rises otherwise, and those that may soon have another.
    private void Rechoose(int group, double alpha)
    {
        for (var at = group * Group; at < (group + 1) * Group; at++)
        {
            if (!touched[at])
                continue;
            touched[at] = false;
            rise[at] = slope[state[at]] - slope[at];
            turn[at] = Overtaken(at, alpha).Alpha;
            operations += of.Members[at].Length;
        }
        Sift(group);
    }

    // The first turn of a group.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sift(int group)
    {
        var at = turn + group * Group;
        var least = double.PositiveInfinity;
        var lanes = Vector.Load(at);
        for (var i = Vector<double>.Count; i < Group; i += Vector<double>.Count)
            lanes = Vector.Min(lanes, Vector.Load(at + i));
        for (var i = 0; i < Vector<double>.Count; i++)
            least = lanes[i] < least ? lanes[i] : least;
        first[group] = least;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(double* to, double* from, double factor)
    {
        var k = new Vector<double>(factor);
        for (var i = 0; i < Group; i += Vector<double>.Count)
            Vector.Store(Vector.Load(to + i) + k * Vector.Load(from + i), to + i);
    }

    // Each product is rounded before it is added, whatever the machine.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.AggressiveInlining)]
    private static void Add(double* to, double* from, double factor, int count)
    {
        var (i, k) = (0, new Vector<double>(factor));
        for (; i + Vector<double>.Count <= count; i += Vector<double>.Count)
            Vector.Store(Vector.Load(to + i) + k * Vector.Load(from + i), to + i);
        for (; i < count; i++)
            to[i] += factor * from[i];
    }
}
