using System.Numerics;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <content>The way down: multipliers. And the kinks themselves.</content>
internal sealed unsafe partial class PathWalk
{
    /// <summary>Takes changes of multipliers at an alpha down through what is on, to what is straight along the path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fall(double alpha)
    {
        for (var word = words - 1; word >= 0; word--)
        {
            // What falls marks groups further down alone.
            while (toFall[word] != 0)
            {
                var bit = 63 - BitOperations.LeadingZeroCount(toFall[word]);
                toFall[word] &= ~(1UL << bit);
                Fall(word * 64 + bit, alpha);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fall(int group, double alpha)
    {
        var d = fall + group * Group;
        AddTo(multiplier + group * Group, d, 1);
        operations += Group;
        var part = of.PartOf[group];
        if (part.IsAffine)
        {
            AddTo(behind + group * Group, d, -alpha);
            operations += Group;
        }
        else if (part.Kind == PartKind.Bend)
        {
            Back(group);
        }
        else if (part.Kind == PartKind.Max)
        {
            for (var at = group * Group; at < (group + 1) * Group; at++)
            {
                if (fall[at] == 0)
                    continue;
                fall[state[at]] += fall[at];
                Mark(toFall, state[at]);
            }
        }
        else
        {
            Down(group);
        }
        new Span<double>(d, Group).Clear();
    }

    private void Back(int group)
    {
        var starts = of.StrandsDown.Starts;
        var strands = of.StrandsDown.Items;
        for (var k = starts[group]; k < starts[group + 1]; k++)
        {
            var strand = strands[k];
            for (var i = 0; i < strand.Count; i++)
                fall[strand.From + i] += derivative[strand.To + i] * fall[strand.To + i];
            Mark(toFall, strand.From);
            operations += strand.Count;
        }
    }

    private void Down(int group)
    {
        var starts = of.Down.Starts;
        var fans = of.Down.Items;
        for (var at = group * Group; at < (group + 1) * Group; at++)
        {
            if (fall[at] == 0)
                continue;
            for (var k = starts[at]; k < starts[at + 1]; k++)
            {
                var fan = fans[k];
                Add(fall + fan.First, backWeights + fan.Weight, fall[at], fan.Count);
                Mark(toFall, fan.First, fan.Count);
                operations += fan.Count;
            }
        }
    }

    // The unit that turns next before the path's end, the lowest of several; -1 if none does.
    private int Next()
    {
        var (group, alpha) = (-1, 1.0);
        foreach (var part in reached.Kinked)
        {
            for (var i = part.First / Group; i < part.End / Group; i++)
            {
                if (first[i] < alpha)
                    (group, alpha) = (i, first[i]);
            }
        }
        if (group < 0)
            return -1;
        var unit = group * Group;
        while (turn[unit] != alpha)
            unit++;
        return unit;
    }

    private void Turn(int unit)
    {
        var (alpha, part) = (turn[unit], of.PartOf[unit / Group]);
        if (part.Kind == PartKind.Max)
            Overtake(unit, alpha);
        else
            Cross(part, unit, alpha);
        Rise(alpha);
        Fall(alpha);
    }

    private void Cross(PathPart part, int unit, double alpha)
    {
        var from = SourceOf(unit);
        var (before, isUp) = (derivative[unit], slope[from] > 0);
        // Over the kink above a stretch, or below it; from a kink itself to either side.
        var stretch = state[unit] < 0 ? -1 - state[unit] + (isUp ? 1 : 0) : state[unit] + (isUp ? 1 : -1);
        Set(part.Bend!, unit, unit - part.First, stretch);
        turn[unit] = TurnOf(value[from], slope[from], unit, alpha);
        Sift(unit / Group);
        var change = derivative[unit] - before;
        if (isUseful[unit / Group])
        {
            rise[unit] += change * slope[from];
            Mark(toRise, unit);
        }
        if (multiplier[unit] != 0)
        {
            blurred += Math.Abs(change * multiplier[unit]) * AddedUp(from, alpha);
            fall[from] += change * multiplier[unit];
            Mark(toFall, from);
        }
    }

    private double AddedUp(int at, double alpha) => Math.Abs(value[at]) + alpha * Math.Abs(slope[at]);

    // What a bend is applied to.
    private int SourceOf(int unit)
    {
        foreach (var strand in of.StrandsDown[unit / Group])
        {
            if (unit >= strand.To && unit < strand.To + strand.Count)
                return strand.From + unit - strand.To;
        }
        throw new InvalidOperationException("A bend has no value to be applied to.");
    }

    private void Overtake(int unit, double alpha)
    {
        var (loser, winner) = (state[unit], Overtaken(unit, alpha).Member);
        state[unit] = winner;
        touched[unit] = true;
        Mark(toRise, unit);
        if (multiplier[unit] == 0)
            return;
        blurred += Math.Abs(multiplier[unit]) * (AddedUp(loser, alpha) + AddedUp(winner, alpha));
        fall[loser] -= multiplier[unit];
        fall[winner] += multiplier[unit];
        Mark(toFall, loser);
        Mark(toFall, winner);
    }
}
