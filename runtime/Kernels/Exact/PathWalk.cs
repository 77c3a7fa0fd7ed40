using System.Numerics;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>
/// Follows one straight path from kink to kink. Along it every value is a line, value and slope in alpha, until a unit below it turns: then
/// the change of its slope goes up through what is on, and the change of its multiplier down. No gradient is ever taken. Memory of one
/// path at a time.
/// </summary>
/// <remarks>
/// All sums are of products that are rounded, in the same order on every machine, so that the answer and what it costs are the same
/// everywhere.
/// </remarks>
internal sealed unsafe partial class PathWalk
{
    private const int Group = PiecewiseLinear.Group;

    // What a sum of doubles is rounded by, of its addends.
    private const double Unit = 1.0 / (1L << 53);

    private readonly PiecewiseLinear of;
    private readonly double* weights;
    private readonly double* backWeights;

    // Of each value: its line, value at alpha = 0 and slope, and its multiplier, the target's derivative by it.
    private readonly double* value;
    private readonly double* slope;
    private readonly double* multiplier;
    // What is still to be added to slopes and multipliers, and to what of the integral is behind: -(sum of changes times their alpha).
    private readonly double* rise;
    private readonly double* fall;
    private readonly double* behind;
    // Of bends: the derivative, the next kinks above and below, and the alpha of the next turn, infinite if there is none.
    private readonly double* derivative;
    private readonly double* upper;
    private readonly double* lower;
    private readonly double* turn;
    // Of bends the stretch, or of a value that stays at a kink -1 - kink; of maxima the winner.
    private readonly int* state;
    // Of maxima: whether a member changed.
    private readonly bool* touched;
    // Of groups of bends and maxima the first turn.
    private readonly double* first;
    private readonly ulong* toRise;
    private readonly ulong* toFall;
    private readonly int words;
    private readonly bool* isTracked;
    private readonly List<Array> memory = [];

    private Towards reached = null!;
    private bool* isWanted;
    private bool* isUseful;
    private long operations;
    // What kinks change of the target's derivative by a value, times the numbers that the value is the sum of there.
    private double blurred;

    public PathWalk(PiecewiseLinear of)
    {
        this.of = of;
        var (size, groups) = (of.Size, of.Groups);
        weights = Address(of.Weights);
        backWeights = Address(of.BackWeights);
        value = Take<double>(size);
        slope = Take<double>(size);
        multiplier = Take<double>(size);
        rise = Take<double>(size);
        fall = Take<double>(size);
        behind = Take<double>(size);
        derivative = Take<double>(size);
        upper = Take<double>(size);
        lower = Take<double>(size);
        turn = Take<double>(size);
        state = Take<int>(size);
        touched = Take<bool>(size);
        first = Take<double>(groups);
        // Where there is no unit none turns.
        new Span<double>(turn, size).Fill(double.PositiveInfinity);
        words = (groups + 63) / 64;
        toRise = Take<ulong>(words);
        toFall = Take<ulong>(words);
        isTracked = Take<bool>(groups);
        for (var group = 0; group < groups; group++)
            isTracked[group] = of.PartOf[group].Kind == PartKind.Max || of.StrandsUp[group].Length > 0 || HasWindows(group);
    }

    private bool HasWindows(int group)
    {
        var starts = of.Windows.Starts;
        return starts[(group + 1) * Group] > starts[group * Group];
    }

    private T* Take<T>(int count) where T : unmanaged
    {
        var array = GC.AllocateArray<T>(Math.Max(1, count), pinned: true);
        memory.Add(array);
        return Address(array);
    }

    private static T* Address<T>(T[] pinned) where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    /// <summary>Integrates along a path.</summary>
    public ExactIntegral Run<T>(in ExactPath<T> path, Towards towards) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        reached = towards;
        isWanted = Address(towards.IsWanted);
        isUseful = Address(towards.IsUseful);
        var most = (long)Math.Min(long.MaxValue / 4, path.MostPasses * Math.Max(1, towards.Cost));
        (operations, blurred) = (0, 0);
        // The way up, of values and of slopes, and the way down, before the first kink and after the last.
        if (most < 4 * towards.Cost)
            return default;
        Begin(path.X, path.Reference);
        Rise();
        Seed(path);
        Fall(0);
        var kinks = 0;
        for (; Next() is var unit && unit >= 0; kinks++)
        {
            if (operations > most)
            {
                Forget();
                return new ExactIntegral(false, kinks, Passes, 0);
            }
            if (kinks % 64 == 63 && path.Cancellation.IsCancellationRequested)
            {
                Forget();
                path.Cancellation.ThrowIfCancellationRequested();
            }
            Turn(unit);
        }
        End(path.Scores);
        return new ExactIntegral(true, kinks, Passes, Unit * blurred);
    }

    private double Passes => (double)operations / Math.Max(1, reached.Cost);

    private void Begin<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> reference) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var part in reached.Parts)
        {
            var (from, count) = (part.First, part.End - part.First);
            of.Starts.AsSpan(from, count).CopyTo(new Span<double>(value + from, count));
            new Span<double>(slope + from, count).Clear();
            new Span<double>(multiplier + from, count).Clear();
            new Span<double>(behind + from, count).Clear();
        }
        for (var i = 0; i < x.Length; i++)
        {
            var start = double.CreateTruncating(reference[i]);
            value[of.Inputs[i]] = start;
            slope[of.Inputs[i]] = double.CreateTruncating(x[i]) - start;
        }
    }

    private void Seed<T>(in ExactPath<T> path) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var units = of.Point(path.From);
        for (var i = 0; i < units.Length; i++)
        {
            if (path.Seed[i] == T.Zero)
                continue;
            fall[units[i]] += double.CreateTruncating(path.Seed[i]);
            Mark(toFall, units[i]);
        }
    }

    // What of the integral every straight value has: its last multiplier, less each change times where it came. The rest is one way down.
    private void End(Span<double> scores)
    {
        foreach (var part in reached.Parts)
        {
            for (var i = part.First; part.IsAffine && i < part.End; i++)
                fall[i] = multiplier[i] + behind[i];
        }
        for (var i = reached.Parts.Length - 1; i >= 0; i--)
        {
            var part = reached.Parts[i];
            for (var group = part.First / Group; part.IsAffine && group < part.End / Group; group++)
            {
                if (part.Kind == PartKind.Bend)
                    Back(group);
                else if (part.Kind == PartKind.Linear)
                    Down(group);
                if (part.Kind != PartKind.Input)
                    new Span<double>(fall + group * Group, Group).Clear();
            }
        }
        for (var i = 0; i < scores.Length; i++)
            scores[i] += fall[of.Inputs[i]] * slope[of.Inputs[i]];
        foreach (var place in of.Inputs)
            fall[place] = 0;
        new Span<ulong>(toFall, words).Clear();
    }

    // What an interrupted walk leaves.
    private void Forget()
    {
        new Span<double>(rise, of.Size).Clear();
        new Span<double>(fall, of.Size).Clear();
        new Span<bool>(touched, of.Size).Clear();
        new Span<ulong>(toRise, words).Clear();
        new Span<ulong>(toFall, words).Clear();
    }

    private static void Mark(ulong* groups, int place) => groups[place / Group / 64] |= 1UL << (place / Group % 64);

    private static void Mark(ulong* groups, int from, int count)
    {
        for (var group = from / Group; group <= (from + count - 1) / Group; group++)
            groups[group / 64] |= 1UL << (group % 64);
    }
}
