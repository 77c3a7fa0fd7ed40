namespace Whence.Benchmarks;

/// <summary>This build beside another one, case by case in pairs of times, of which every second has the other build first.</summary>
internal static class Against
{
    // In so many parts the time for a case is divided, so that a pair is short beside the changes of the machine.
    private const int Parts = 25;

    /// <summary>Prints the ratios as Markdown; whether no case is slower.</summary>
    public static bool Run(CompareArguments arguments)
    {
        using var ours = new ServedBuild(AppContext.BaseDirectory, arguments.Cpu);
        using var other = new ServedBuild(arguments.Against!, arguments.Cpu);
        Console.WriteLine("| network | batch | question | this : other | ratio | interval | pairs | bytes | |");
        Console.WriteLine("| --- | --: | --- | --: | --: | --: | --: | --: | --- |");
        var (measured, slower) = (0, 0);
        foreach (var question in arguments.Questions)
        {
            if (Measure(ours, other, question, arguments.Seconds) is not { } found)
                continue;
            measured++;
            slower += found.Ratio.IsSlower || found.Ratio.IsTooSlow ? 1 : 0;
            Console.WriteLine(Row(question, found));
        }
        Console.WriteLine();
        Console.WriteLine($"{slower} of {measured} cases are slower.");
        return slower == 0;
    }

    private static Pairs? Measure(ServedBuild ours, ServedBuild other, Question question, double seconds)
    {
        var (ourCall, ourLack) = ours.Warm(question, seconds);
        var (otherCall, otherLack) = other.Warm(question, seconds);
        if ((ourLack ?? otherLack) is { } lack)
        {
            Console.Error.WriteLine($"{(ourLack is null ? "The other build" : "This build")} does not have {question}: {lack}");
            return null;
        }
        var calls = (int)Math.Clamp(1e6 * seconds / Parts / Math.Max(ourCall, otherCall), 1, 1_000_000);
        var (ourTimes, otherTimes, bytes) = (new List<double>(), new List<double>(), 0L);
        while (ourTimes.Count < PairedRatio.LeastPairs
            || calls * ourTimes.Sum() < 1e6 * seconds && ourTimes.Count < PairedRatio.MostPairs)
        {
            var oursFirst = ourTimes.Count % 2 == 0;
            if (!oursFirst)
                otherTimes.Add(other.Time(calls).Microseconds);
            (var time, bytes) = ours.Time(calls);
            ourTimes.Add(time);
            if (oursFirst)
                otherTimes.Add(other.Time(calls).Microseconds);
        }
        return new(PairedRatio.Of(ourTimes, otherTimes), Median(ourTimes), Median(otherTimes), bytes);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static string Row(Question question, Pairs found)
    {
        var verdict = found.Ratio switch
        {
            { IsTooSlow: true } => $"**slower by more than {PairedRatio.MostSlowdown - 1:p0}**",
            { IsSlower: true } => "**slower**",
            { High: < 1 } => "faster",
            _ => "",
        };
        return $"| {question.Network} | {question.Batch} | {question.Method} "
            + $"| {Comparison.Text(found.Ours)} : {Comparison.Text(found.Other)} | {found.Ratio.Median:0.000} "
            + $"| {found.Ratio.Low:0.000} to {found.Ratio.High:0.000} | {found.Ratio.Pairs} | {found.Bytes} | {verdict} |";
    }

    /// <summary>
    /// What was measured of one case: the ratio, both builds' microseconds of a call, and the bytes that one of ours allocates.
    /// </summary>
    private readonly record struct Pairs(PairedRatio Ratio, double Ours, double Other, long Bytes);
}
