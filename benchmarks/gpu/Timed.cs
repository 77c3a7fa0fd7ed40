using System.Diagnostics;

namespace Whence.Benchmarks;

/// <summary>How long a call takes.</summary>
internal static class Timed
{
    /// <summary>The median of at least three calls' microseconds, after one that compiles what is needed.</summary>
    public static double Median(Action ask, double seconds)
    {
        ask();
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (times.Count < 3 || clock.Elapsed.TotalSeconds < seconds)
        {
            var start = Stopwatch.GetTimestamp();
            ask();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>
    /// The median of at least three calls' microseconds of processor time, of all of the process's threads, after one that compiles what is
    /// needed: what runs beside on a machine hardly moves it.
    /// </summary>
    public static double Processor(Action ask, double seconds)
    {
        ask();
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (times.Count < 3 || clock.Elapsed.TotalSeconds < seconds)
        {
            var (start, calls) = (Environment.CpuUsage.TotalTime, 0);
            // A millisecond at a time: less is not told apart.
            do
            {
                ask();
                calls++;
            }
            while ((Environment.CpuUsage.TotalTime - start).TotalMilliseconds < 1);
            times.Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / calls);
        }
        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>Microseconds with their unit.</summary>
    public static string Text(double microseconds) => microseconds switch
    {
        < 10 => $"{microseconds:0.0} µs",
        < 1_000 => $"{microseconds:0} µs",
        < 10_000 => $"{microseconds / 1_000:0.0} ms",
        _ => $"{microseconds / 1_000:0} ms",
    };
}
