using System.Diagnostics;
using Whence.CompilerServices;

namespace Whence.Benchmarks;

/// <summary>Counterfactuals of which only what a change reaches is recomputed, beside whole passes: both of this build, in turn.</summary>
internal static class Changes
{
    private const double Seconds = 2;

    private static readonly (string Network, string Question, Action<IModel<float>, float[], float[]> Ask)[] cases =
    [
        (Subject.Genomics, "mutagenesis: 600 mutants", (net, x, scores) =>
            SpanExplainers.Mutagenesis(net, x, 1, Target.Unit(0), scores)),
        (Subject.Genomics, "occlusion: 4 letters, stride 1", (net, x, scores) =>
            SpanExplainers.Occlusion(net, new SlidingWindow(4, 4), x, 1, Target.Unit(0), default, scores)),
        (Subject.Mnist, "occlusion: 4 x 4 pixels, stride 1", (net, x, scores) =>
            SpanExplainers.Occlusion(net, new SlidingWindow(1, 4, 4), x, 1, Target.Unit(0), default, scores)),
        (Subject.Mnist, "ablation of each pixel", (net, x, scores) =>
            SpanExplainers.Ablation(net, null, x, 1, Target.Unit(0), default, scores)),
        (Subject.Inception, "occlusion: 16 x 16 pixels, stride 16", (net, x, scores) =>
            SpanExplainers.Occlusion(net, new SlidingWindow([3, 16, 16], [1, 16, 16]), x, 1, Target.Unit(0), default, scores)),
    ];

    /// <summary>The ratios as Markdown; over 1 where the part is the quicker.</summary>
    public static IEnumerable<string> Table()
    {
        yield return "| network | question | whole passes : in part | ratio |";
        yield return "| --- | --- | --: | --: |";
        foreach (var (network, question, ask) in cases)
        {
            var net = (IHostPasses<float>)Subject.Load(network).Net;
            var whole = new WholePasses(net);
            var x = Subject.Load(network).Inputs(1);
            var (found, expected) = (new float[x.Length], new float[x.Length]);
            ask(net, x, found);
            ask(whole, x, expected);
            if (!found.AsSpan().SequenceEqual(expected))
                throw new InvalidOperationException($"{network}, {question}: the answers differ.");
            var (part, all, ratios) = (new List<double>(), new List<double>(), new List<double>());
            for (var clock = Stopwatch.StartNew(); ratios.Count < 3 || clock.Elapsed.TotalSeconds < Seconds;)
            {
                part.Add(Time(() => ask(net, x, found)));
                all.Add(Time(() => ask(whole, x, expected)));
                ratios.Add(all[^1] / part[^1]);
            }
            yield return $"| {network} | {question} | {Comparison.Text(Median(all))} : {Comparison.Text(Median(part))} | "
                + $"**{Median(ratios):0.00}** |";
        }
    }

    // Of the processor: the steadier measure where the machine has other work.
    private static double Time(Action ask)
    {
        var before = Environment.CpuUsage.TotalTime;
        ask();
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>A network that does nothing in part.</summary>
    private sealed class WholePasses(IHostPasses<float> net) : IHostPasses<float>
    {
        public Signature Signature => net.Signature;

        public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows) => net.Forward(x, point, value, rows);

        public string? FirstNonFinite(ReadOnlySpan<float> x) => net.FirstNonFinite(x);

        public int KeptSize(Pass pass) => net.KeptSize(pass);

        public void Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows) => net.Keep(pass, reference, kept, rows);

        public void Backward(Pass pass, ref BackwardArguments<float> arguments) => net.Backward(pass, ref arguments);
    }
}
