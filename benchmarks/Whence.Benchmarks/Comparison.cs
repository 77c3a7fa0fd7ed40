using System.Diagnostics;

namespace Whence.Benchmarks;

/// <summary>
/// Times of Whence and of its peers from one run on one machine. Network by network everybody is measured within seconds of
/// the others, so that a machine whose speed changes changes it for all.
/// </summary>
internal static class Comparison
{
    public static void Run(CompareArguments arguments)
    {
        var ours = new Dictionary<Question, double>();
        var torch = new Dictionary<Question, double>();
        var onnx = new Dictionary<Question, double>();
        foreach (var network in arguments.Networks)
        {
            Measure(network, arguments, ours);
            if (!Subject.Small.Contains(network))
                continue;
            Peers.PyTorch(network, arguments, torch);
            Peers.OnnxRuntime(network, arguments, onnx);
        }
        foreach (var line in Table(arguments, ours, torch, onnx).Concat(UnitsTogether.Table(arguments)))
            Console.WriteLine(line);
    }

    private static void Measure(string network, CompareArguments arguments, Dictionary<Question, double> times)
    {
        var subject = Subject.Load(network);
        foreach (var questions in arguments.Questions.Where(question => question.Network == network).GroupBy(question => question.Batch))
        {
            var asks = new Questions(subject, questions.Key).Shared.ToDictionary(one => one.Method, one => one.Ask);
            foreach (var question in questions)
            {
                var time = times[question] = Time(asks[question.Method], arguments);
                Console.Error.WriteLine($"whence {network} {question.Method} {question.Batch}: {time:f1} us");
            }
        }
    }

    private static double Time(Action ask, CompareArguments arguments)
    {
        Warm(ask, arguments.Seconds);
        var times = new List<double>();
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        while (times.Count < 3 || clock.Elapsed.TotalSeconds < arguments.Seconds)
        {
            var start = Stopwatch.GetTimestamp();
            ask();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        if (arguments.Cpu)
            return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / times.Count;
        times.Sort();
        return times[times.Count / 2];
    }

    // As long as it is measured, in which time the runtime compiles what is called often a second time.
    private static void Warm(Action ask, double seconds)
    {
        var clock = Stopwatch.StartNew();
        do
            ask();
        while (clock.Elapsed.TotalSeconds < seconds);
    }

    private static IEnumerable<string> Table(CompareArguments arguments, Dictionary<Question, double> ours,
        Dictionary<Question, double> torch, Dictionary<Question, double> onnx)
    {
        var methods = arguments.Methods;
        yield return
            $"| network | batch | forward : ONNX Runtime | {string.Join(" | ", methods.Select(method => method + " : PyTorch"))} |";
        yield return $"| --- | --: |{string.Concat(Enumerable.Repeat(" --: |", methods.Count + 1))}";
        foreach (var network in arguments.Networks)
        {
            foreach (var batch in arguments.Batches.Where(batch => batch <= Subject.LargestBatch(network)))
            {
                var cells = methods.Select(method => Cell(new(network, method, batch), ours, torch))
                    .Prepend(Cell(new(network, "forward", batch), ours, onnx));
                yield return $"| {network} | {batch} | {string.Join(" | ", cells)} |";
            }
        }
    }

    private static string Cell(Question question, Dictionary<Question, double> ours, Dictionary<Question, double> theirs) =>
        !ours.TryGetValue(question, out var own) ? ""
            : theirs.TryGetValue(question, out var peer) ? $"{Text(own)} : {Text(peer)} = **{own / peer:0.00}**"
            : Text(own);

    /// <summary>Microseconds with their unit.</summary>
    public static string Text(double microseconds) => microseconds switch
    {
        < 10 => $"{microseconds:0.0} µs",
        < 1_000 => $"{microseconds:0} µs",
        < 10_000 => $"{microseconds / 1_000:0.0} ms",
        _ => $"{microseconds / 1_000:0} ms",
    };
}

/// <summary>One number of the comparison.</summary>
internal readonly record struct Question(string Network, string Method, int Batch)
{
    public override string ToString() => $"{Network} {Method} {Batch}";
}
