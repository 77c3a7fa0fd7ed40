using System.Diagnostics;

namespace Whence.Benchmarks;

/// <summary>
/// Whence beside its peers, case by case in turn, so that a machine whose speed changes changes it for all: a line for each side as soon as
/// it is measured, and all as Markdown at the end.
/// </summary>
internal sealed class Comparison(CompareArguments arguments, int threads, TorchPeer? torch, string folder)
{
    private const int OnnxChunk = 64;
    // Of the largest number of an answer: what single precision makes of other orders of addition.
    private const double Tolerance = 1e-4;

    private readonly List<string> rows = [];
    private readonly List<(string Case, double Share)> shares = [];
    private readonly double peak = FmaPeak.Measure();

    public static void Run(CompareArguments arguments)
    {
        var folder = Directory.CreateTempSubdirectory("whence-compare").FullName;
        try
        {
            foreach (var threads in arguments.Threads)
            {
                Pin(threads);
                using var torch = TorchPeer.Start(arguments.Python, threads, arguments.Cpu);
                Console.WriteLine($"threads {threads}; ONNX Runtime {OnnxPeer.Version}; PyTorch {torch?.Version ?? "none"}");
                new Comparison(arguments, threads, torch, folder).Run();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Microseconds with their unit.</summary>
    public static string Text(double microseconds) => microseconds switch
    {
        < 10 => $"{microseconds:0.0} µs",
        < 1_000 => $"{microseconds:0} µs",
        < 10_000 => $"{microseconds / 1_000:0.0} ms",
        _ => $"{microseconds / 1_000:0} ms",
    };

    private static void Pin(int threads)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = (1 << threads) - 1;
    }

    private void Run()
    {
        foreach (var network in arguments.Networks)
            Measure(network);
        Console.WriteLine($"peak {peak:0} GFLOP/s a core");
        foreach (var (name, share) in shares)
            Console.WriteLine($"share {name} {share:p0}");
        Console.WriteLine();
        Console.WriteLine($"| {threads} thread{(threads > 1 ? "s" : "")} | ours | best peer | | ratio | must |");
        Console.WriteLine("| --- | --: | --: | --- | --: | --: |");
        foreach (var row in rows)
            Console.WriteLine(row);
        Console.WriteLine();
    }

    private void Measure(string network)
    {
        var subject = Subject.Load(network);
        using var weights = Subject.Weights(network);
        var graph = new OnnxGraph(weights);
        var output = OnnxNetworks.Build(network, graph);
        var model = graph.Model(output);
        var file = Path.Combine(folder, network + ".safetensors");
        if (torch is not null)
        {
            Weights.Save(file, graph.Tensors);
            torch.Load(network, file);
        }
        foreach (var batch in arguments.Batches(network))
        {
            var questions = new Questions(subject, batch, threads);
            foreach (var question in arguments.Questions.Where(one => one.Network == network && one.Batch == batch))
                BesidePeers(question, questions, graph, model, output);
            if (arguments.Has(CompareArguments.Together))
                Together(network, batch, questions);
            if (arguments.Has(CompareArguments.Cost) && !Subject.IsLarge(network) && batch == Subject.Batches(network)[^1])
                Cost(network, batch, questions);
        }
    }

    private void BesidePeers(Question question, Questions questions, OnnxGraph graph, byte[] model, OnnxValue output)
    {
        var ask = questions.Shared.Single(one => one.Method == question.Method).Ask;
        var sides = new List<Contender> { Own("ours", ask) };
        using var onnx = Onnx(question, questions, model, output);
        if (onnx is not null)
            sides.Add(Own("ONNX Runtime", onnx.Run));
        if (question.Method == Questions.OfExact)
            sides.Add(Own("own ig50", questions.IntegratedGradients));
        if (torch?.Warm(question.Method, question.Batch, threads, questions.Inputs, folder, arguments.Seconds / 4) is { } way)
            sides.Add(new($"PyTorch ({way})", torch.Time));
        if (sides.Count == 1)
            return;
        ask();
        var answer = question.Method == Questions.OfForward ? questions.Outputs : questions.Scores;
        onnx?.Run();
        if (onnx is not null && question.Method == Questions.OfForward)
            Check(question, "ONNX Runtime", answer, onnx.Outputs);
        if (sides[^1].Name.StartsWith("PyTorch", StringComparison.Ordinal))
            Check(question, sides[^1].Name, answer, torch!.Answer(folder), () => torch.Answer(folder, inDouble: true));
        var time = Tell(question.ToString(), sides, Bar.Ratio(question));
        if (Passes(question.Method) is var passes and > 0)
            shares.Add((question.ToString(), 2e-3 * graph.MultiplyAdds * passes * question.Batch / time / peak / threads));
    }

    // How often each multiplication of a forward pass is done, the way back to the inputs being as long as that: at most, as paths do less.
    private static int Passes(string method) => method switch
    {
        Questions.OfForward => 1,
        Questions.OfGradient => 2,
        Questions.OfTenSteps => 20,
        Questions.OfFiftySteps => 100,
        _ => 0,
    };

    private OnnxPeer? Onnx(Question question, Questions questions, byte[] model, OnnxValue output)
    {
        var size = questions.Inputs.Length / question.Batch;
        return question.Method switch
        {
            Questions.OfForward => new(model, output, questions.Inputs, size, question.Batch, threads),
            Questions.OfMutagenesis or Questions.OfOcclusion =>
                new(model, output, questions.Counterfactuals(question.Method), size, OnnxChunk, threads),
            _ => null,
        };
    }

    private void Together(string network, int batch, Questions questions)
    {
        foreach (var (method, together, apart) in questions.OfUnits())
        {
            if (!Questions.IsAsked(network, method, batch) || Subject.IsLarge(network))
                continue;
            Tell($"{network} {method} {batch} together", [Own("ours", together), Own("own, one by one", apart)],
                Bar.Together(network, method));
        }
    }

    private void Cost(string network, int batch, Questions questions)
    {
        foreach (var (method, ask) in questions.Shared.Where(one => Bar.Cost(one.Method) is not null))
        {
            var (times, ratios) = Contender.Measure([Own("ours", questions.Forward), Own(method, ask)], arguments.Seconds);
            var most = Bar.Cost(method)!.Value;
            Console.WriteLine($"cost {network} {method} {batch}: {ratios[1]:0.00} forward passes");
            rows.Add($"| {network} {method} {batch}, in own forward passes | {Text(times[1])} | {Text(times[0])} | "
                + $"| {Verdict(ratios[1], ratios[1] <= most)} | at most {most} |");
        }
    }

    private Contender Own(string name, Action ask) => Contender.Of(name, ask, arguments.Cpu);

    /// <summary>Measures and prints a case, the first side of which is ours; our microseconds.</summary>
    private double Tell(string name, IReadOnlyList<Contender> sides, double? must)
    {
        var (times, ratios) = Contender.Measure(sides, arguments.Seconds);
        for (var i = 1; i < sides.Count; i++)
        {
            Console.WriteLine($"case {name} ours_ms {times[0] / 1000:0.#####} peer {sides[i].Name} peer_ms {times[i] / 1000:0.#####} "
                + $"ratio {ratios[i]:0.00}");
        }
        var best = Enumerable.Range(1, sides.Count - 1).MinBy(i => ratios[i]);
        var verdict = Verdict(ratios[best], must is null || ratios[best] >= must);
        rows.Add($"| {name} | {Text(times[0])} | {Text(times[best])} | {sides[best].Name} | {verdict} | {must} |");
        return times[0];
    }

    private static string Verdict(double ratio, bool isMet) => isMet ? $"{ratio:0.00}" : $"**{ratio:0.00}**";

    // Where answers differ, how far either is from the same question in double precision says which is nearer. That is no verdict yet:
    // a unit within rounding of its kink may turn on one side alone.
    private static void Check(Question question, string peer, float[] ours, float[] theirs, Func<float[]>? inDouble = null)
    {
        var apart = Distance(ours, theirs);
        if (apart <= Tolerance)
            return;
        var line = $"differs {question} peer {peer} by {apart:0.0e+0} of the largest";
        if (inDouble?.Invoke() is { } right)
            line += $"; from double precision ours {Distance(right, ours):0.0e+0} peer {Distance(right, theirs):0.0e+0}";
        Console.WriteLine(line);
    }

    // The largest difference of two answers, of the first one's largest number.
    private static double Distance(float[] right, float[] other)
    {
        var (size, largest) = (0f, 0f);
        for (var i = 0; i < right.Length; i++)
            (size, largest) = (Math.Max(size, Math.Abs(right[i])), Math.Max(largest, Math.Abs(right[i] - other[i])));
        return largest == 0 ? 0 : (double)largest / size;
    }
}

/// <summary>One case of the comparison.</summary>
internal readonly record struct Question(string Network, string Method, int Batch)
{
    public override string ToString() => $"{Network} {Method} {Batch}";
}
