using System.Diagnostics;

namespace Whence.Benchmarks;

/// <summary>Several units explained by one call, beside a call for each: both of this build, in turn.</summary>
internal static class UnitsTogether
{
    /// <summary>The ratios as Markdown; over 1 where one call is the quicker.</summary>
    public static IEnumerable<string> Table(CompareArguments arguments)
    {
        yield return "";
        yield return "| network | batch | question | one by one : together | ratio |";
        yield return "| --- | --: | --- | --: | --: |";
        foreach (var network in arguments.Networks)
        {
            var subject = Subject.Load(network);
            foreach (var batch in arguments.Batches.Where(batch => batch <= Subject.LargestBatch(network)))
            {
                foreach (var (method, question, together, apart) in new Questions(subject, batch).OfUnits())
                {
                    if (arguments.Methods.Contains(method))
                        yield return $"| {network} | {batch} | {question} | {Pair(together, apart, arguments)} |";
                }
            }
        }
    }

    private static string Pair(Action together, Action apart, CompareArguments arguments)
    {
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var clock = Stopwatch.StartNew();
        for (var isWarm = false; ratios.Count < 3 || clock.Elapsed.TotalSeconds < arguments.Seconds;)
        {
            var (one, other) = (Time(together, arguments.Cpu), Time(apart, arguments.Cpu));
            if (!isWarm && !(isWarm = clock.Elapsed.TotalSeconds >= arguments.Seconds))
                continue;
            if (ratios.Count == 0)
                clock.Restart();
            ours.Add(one);
            theirs.Add(other);
            ratios.Add(other / one);
        }
        return $"{Comparison.Text(Median(theirs))} : {Comparison.Text(Median(ours))} | **{Median(ratios):0.00}**";
    }

    private static double Time(Action ask, bool cpu)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        ask();
        return cpu ? (Environment.CpuUsage.TotalTime - before).TotalMicroseconds : Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
