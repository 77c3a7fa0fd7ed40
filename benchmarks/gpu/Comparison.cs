namespace Whence.Benchmarks;

/// <summary>What is measured.</summary>
internal sealed record Measures(IReadOnlyList<string> Networks, IReadOnlyList<int> Batches, IReadOnlyList<string> Questions,
    double Seconds, double Longest, string Python);

/// <summary>A device beside our CPU backend, and on CUDA beside PyTorch, all from one run on one machine.</summary>
internal sealed class Comparison(Measures measures, GpuDevice device)
{
    private static readonly string[] Ways = ["eager", "compile", "graph"];

    private readonly Dictionary<(string Network, string Question, int Batch, string Way), double> times = [];

    /// <summary>Prints a table, network by network.</summary>
    public void Run()
    {
        Console.WriteLine(IsCuda
            ? "One call from the host's memory to the host's memory; PyTorch by the fastest of eager, torch.compile and CUDA graphs."
            : $"Processor time of one call from the host's memory to the host's memory, of all threads. {device.Name} by {device.Kind} "
                + "is no GPU's speed: CUDA speed is unmeasured.");
        Console.WriteLine();
        foreach (var line in IsCuda ? TitleBesideTorch() : TitleBesideCpu())
            Console.WriteLine(line);
        foreach (var network in measures.Networks)
        {
            Measure(network);
            if (IsCuda)
                TorchPeer.Run(measures, network, (question, batch, way, time) => times[(network, question, batch, way)] = time);
            foreach (var (question, batch) in Cases(network))
                Console.WriteLine(IsCuda ? BesideTorch(network, question, batch) : BesideCpu(network, question, batch));
        }
    }

    private bool IsCuda => device.Kind == "Cuda";

    private void Measure(string network)
    {
        var subject = Subject.Load(network);
        var on = OnDevice(subject.Net);
        foreach (var question in measures.Questions.Where(question => Asked.Fits(network, question)))
        {
            var last = 0.0;
            foreach (var batch in measures.Batches)
            {
                // A batch so much larger takes so much longer, at most.
                var growth = batch / (double)Math.Max(1, measures.Batches.TakeWhile(other => other < batch).LastOrDefault());
                if (last * growth > 1e6 * measures.Longest)
                    break;
                var threads = IsCuda ? Environment.ProcessorCount : 1;
                var (ours, host) = (new Asked(on, subject, batch, 1), new Asked(subject.Net, subject, batch, threads));
                var onDevice = Note("device", () => ours.Ask(question));
                var onCpu = Note("cpu", () => host.Ask(question));
                RequireTheSame(network, question, ours.Scores, host.Scores);
                last = Math.Max(onDevice, onCpu);

                double Note(string way, Action ask)
                {
                    var time = IsCuda ? Timed.Median(ask, measures.Seconds) : Timed.Processor(ask, measures.Seconds);
                    times[(network, question, batch, way)] = time;
                    Console.Error.WriteLine($"{network} {question} {batch} {way}: {Timed.Text(time)}");
                    return time;
                }
            }
        }
    }

    private INetwork OnDevice(INetwork net) => net switch
    {
        MnistCnn network => network.OnGpu(device),
        GenomicsCnn network => network.OnGpu(device),
        TabularMlp network => network.OnGpu(device),
        LstmLm network => network.OnGpu(device),
        GoogLeNet network => network.OnGpu(device),
        _ => throw new ArgumentException($"{net.Signature.Name} is not compiled for devices.", nameof(net)),
    };

    // Kinks and a recurrence of fifty steps may move a score by rounding; what is wrong moves the sum of all.
    private static void RequireTheSame(string network, string question, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        var (apart, size) = (0.0, 0.0);
        for (var i = 0; i < ours.Length; i++)
        {
            apart += Math.Abs(ours[i] - theirs[i]);
            size += Math.Abs(theirs[i]);
        }
        if (apart > 0.01 * size)
            throw new InvalidDataException($"{network} {question}: the device's scores are {apart / size:p1} from the CPU's.");
    }

    private IEnumerable<string> TitleBesideCpu() =>
    [
        $"| network | question | batch | {device.Kind} : CPU backend |",
        "| --- | --- | --: | --: |",
    ];

    private string BesideCpu(string network, string question, int batch)
    {
        var (ours, host) = (times[(network, question, batch, "device")], times[(network, question, batch, "cpu")]);
        return $"| {network} | {question} | {batch} | {Timed.Text(ours)} : {Timed.Text(host)} = **{ours / host:0.0}** |";
    }

    private IEnumerable<string> TitleBesideTorch() =>
    [
        $"| network | question | batch | {device.Name} | PyTorch fp32 : ours | PyTorch TF32 : ours | CPU backend : ours |",
        "| --- | --- | --: | --: | --: | --: | --: |",
    ];

    private string BesideTorch(string network, string question, int batch)
    {
        var ours = times[(network, question, batch, "device")];
        var host = times[(network, question, batch, "cpu")];
        return $"| {network} | {question} | {batch} | {Timed.Text(ours)} | {Cell("fp32")} | {Cell("tf32")} "
            + $"| {Timed.Text(host)} = **{host / ours:0.00}** |";

        string Cell(string precision)
        {
            var known = Ways.Where(way => times.ContainsKey((network, question, batch, $"{way} {precision}"))).ToList();
            if (known.Count == 0)
                return "not run";
            var way = known.MinBy(each => times[(network, question, batch, $"{each} {precision}")])!;
            var peer = times[(network, question, batch, $"{way} {precision}")];
            return $"{Timed.Text(peer)} ({way}) = **{peer / ours:0.00}**";
        }
    }

    private IEnumerable<(string Question, int Batch)> Cases(string network) =>
        from question in measures.Questions
        from batch in measures.Batches
        where times.ContainsKey((network, question, batch, "cpu"))
        select (question, batch);
}
