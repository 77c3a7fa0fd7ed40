using System.Diagnostics;

namespace Whence.Benchmarks;

/// <summary>One side of a case: its name, and the microseconds of so many calls, each.</summary>
internal sealed record Contender(string Name, Func<int, double> Time)
{
    // Pairs are short beside the changes of the machine, and long beside what a clock can tell.
    private const double Sample = 20_000;
    private const int LeastRounds = 5;
    private const double Steady = 0.05;

    /// <summary>A call in this process.</summary>
    public static Contender Of(string name, Action ask, bool cpu) => new(name, calls =>
    {
        var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < calls; i++)
            ask();
        var time = cpu ? Environment.CpuUsage.TotalTime - before : Stopwatch.GetElapsedTime(start);
        return time.TotalMicroseconds / calls;
    });

    /// <summary>
    /// Microseconds of a call of each, medians of rounds in which each is measured once, in turn from either end; and the medians of the
    /// others' times over the first one's of the same round.
    /// </summary>
    public static (double[] Times, double[] Ratios) Measure(IReadOnlyList<Contender> sides, double seconds)
    {
        var calls = sides.Select(side => (int)Math.Clamp(Sample / side.Warm(seconds / 2), 1, 1_000_000)).ToArray();
        var rounds = new List<double[]>();
        for (var clock = Stopwatch.StartNew(); rounds.Count < LeastRounds || clock.Elapsed.TotalSeconds < seconds;)
        {
            var round = new double[sides.Count];
            for (var i = 0; i < sides.Count; i++)
            {
                var side = rounds.Count % 2 == 0 ? i : sides.Count - 1 - i;
                round[side] = sides[side].Time(calls[side]);
            }
            rounds.Add(round);
        }
        return ([.. sides.Select((_, i) => Median(rounds.Select(round => round[i])))],
            [.. sides.Select((_, i) => Median(rounds.Select(round => round[i] / round[0])))]);
    }

    // Until two stretches of time differ by little, but three times as long at most; the last one's microseconds of a call.
    private double Warm(double seconds)
    {
        var (first, last) = (Time(1), 0.0);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < 3 * seconds;)
        {
            (var before, last) = (last, Time((int)Math.Clamp(1e6 * seconds / 8 / Math.Max(first, 0.1), 1, 1_000_000)));
            if (clock.Elapsed.TotalSeconds >= seconds && Math.Abs(last / before - 1) < Steady)
                break;
            first = last;
        }
        return last > 0 ? last : first;
    }

    private static double Median(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
