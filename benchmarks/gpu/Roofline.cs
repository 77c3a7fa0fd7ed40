using Whence.Generator.Plan;

namespace Whence.Benchmarks;

/// <summary>
/// What the compiled programs do, counted from the plans that their kernels are emitted from, and how long a device would take for it at
/// its limits: each kernel as long as its arithmetic or its memory takes, whichever is longer, and each launch its own time besides. No
/// measurement: no cache is counted on, and no kernel reaches these limits.
/// </summary>
internal static class Roofline
{
    // An H100 SXM by its data sheet, in single precision without tensor cores.
    private const double Flops = 66.9e12;
    private const double BytesPerSecond = 3.35e12;

    // Of a kernel in a stream that is kept busy.
    private const double LaunchSeconds = 2.5e-6;

    private const int Steps = 50;
    private const int ChunkFloats = 1 << 24;
    private const int MostRows = 4096;

    public static void Print(IReadOnlyList<string> networks, IReadOnlyList<string> questions, IReadOnlyList<int> batches)
    {
        Console.WriteLine($"Roofline, not a measurement: {Flops / 1e12:0.0} TFLOP/s in single precision, {BytesPerSecond / 1e12:0.00} "
            + $"TB/s, {LaunchSeconds * 1e6:0.0} µs a launch (H100 SXM). \"at 55 %\" is 55 % of the arithmetic and 85 % of the bandwidth.");
        Console.WriteLine();
        Console.WriteLine("| network | question | batch | launches | GFLOP | GB | FLOP / byte | ms at the limits | ms at 55 % |");
        Console.WriteLine("| --- | --- | --: | --: | --: | --: | --: | --: | --: |");
        foreach (var network in networks)
        {
            var (plans, whole) = Planned.Of(network);
            foreach (var question in questions.Where(question => Asked.Fits(network, question)))
            {
                foreach (var batch in batches)
                    Console.WriteLine($"| {network} | {question} | {batch} | {Of(plans, whole, question, batch)} |");
            }
        }
    }

    private static Total Of(Plans plans, WholePlan? whole, string question, int batch)
    {
        var widest = plans.Backward.Append(plans.Forward).Max(plan => plan.Run.ArenaSize);
        var chunk = Math.Clamp(ChunkFloats / Math.Max(1, widest), 1, MostRows);
        var total = new Total();
        switch (question)
        {
            case Asked.IntegratedGradients when whole is not null:
                total.Add(KernelCount.Of(whole, Steps), batch, batch);
                break;
            case Asked.IntegratedGradients when plans.Path is { } path:
                total.Add(path.Keep!.Steps, batch, chunk);
                total.Add(path.Run.Steps, (long)batch * Steps, chunk);
                // The sums of a step's multipliers, each a number and what was rounded off it.
                total.Add(new KernelCount(0, sizeof(float) * path.SumsSize, 0), (long)batch * Steps, chunk);
                total.Add(path.End!.Steps, batch, chunk);
                break;
            case Asked.IntegratedGradients:
                total.Add(plans.Backward.Single(plan => plan.Method == nameof(Pass.Gradient)).Run.Steps, (long)batch * Steps, chunk);
                break;
            case Asked.Rescale:
                var rescale = plans.Backward.Single(plan => plan.Method == nameof(Pass.Rescale));
                if (rescale.Keep is { } keep)
                    total.Add(keep.Steps, 1, chunk);
                total.Add(rescale.Run.Steps, batch, chunk);
                break;
            default:
                // One row for every letter at every place, and the sequence itself.
                const int letters = 4 * 200;
                total.Add(plans.Forward.Run.Steps, batch * (letters + 1L), chunk);
                break;
        }
        return total;
    }

    private sealed class Total
    {
        private long launches;
        private double flop;
        private double bytes;
        private double limit;
        private double likely;

        public void Add(IEnumerable<Step> steps, long rows, int chunk)
        {
            foreach (var kernel in KernelCount.Of(steps))
                Add(kernel, rows, chunk);
        }

        public void Add(KernelCount kernel, long rows, int chunk)
        {
            var chunks = (rows + chunk - 1) / chunk;
            var (work, moved) = (2.0 * kernel.MultiplyAdds * rows, kernel.RowBytes * (double)rows + kernel.WeightBytes * (double)chunks);
            launches += chunks;
            flop += work;
            bytes += moved;
            limit += Math.Max(work / Flops, moved / BytesPerSecond) + LaunchSeconds * chunks;
            likely += Math.Max(work / (0.55 * Flops), moved / (0.85 * BytesPerSecond)) + LaunchSeconds * chunks;
        }

        public override string ToString() => $"{launches} | {flop / 1e9:0.###} | {bytes / 1e9:0.####} | {flop / Math.Max(1, bytes):0} "
            + $"| {limit * 1e3:0.00} | {likely * 1e3:0.00}";
    }
}
