namespace Whence.Gpu.Tests.Samples;

using System.Diagnostics;
using Xunit.Abstractions;

/// <summary>
/// The samples' networks and the benchmarks', with their weights and about their data: what a device says of them is what the CPU says, for
/// every question that they were compiled for and, where a sample asks it, about changed inputs.
/// </summary>
[Trait("Long", "gpu")]
public class SamplesOnDevice(ITestOutputHelper output)
{
    // Predictions have no slopes, whose kinks rounding passes.
    private const double OfPredictions = 2e-5;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var device in Devices.Names)
        {
            foreach (var name in SampleNetwork.Names)
                cases.Add(device, name);
        }
        return cases;
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void SayWhatTheCpuSays(string device, string network)
    {
        var gpu = Devices.Get(device);
        var watch = Stopwatch.StartNew();
        var sample = SampleNetwork.Of(network);
        var (host, on) = sample.Load(gpu);
        var rows = sample.Rows(host);
        output.WriteLine($"{network} on {gpu.Name}: compiled in {watch.Elapsed.TotalSeconds:f1} s");
        foreach (var (question, tolerance, ask) in Questions(sample, host.Signature))
        {
            watch.Restart();
            var expected = ask(host, rows);
            var (onCpu, start) = (watch.Elapsed.TotalSeconds, watch.Elapsed.TotalSeconds);
            var found = ask(on, rows);
            var onDevice = watch.Elapsed.TotalSeconds - start;
            var apart = Apart(expected, found);
            output.WriteLine($"  {question}: {onDevice:f2} s with its kernels' compilation, the CPU {onCpu:f2} s; {apart:0.0e+0} apart");
            Assert.True(apart <= tolerance, $"{question}: {apart:0.0e+0} of the largest score, more than {tolerance:0.0e+0}");
        }
    }

    [Fact]
    public void AreAll() => Assert.Empty(SampleNetwork.Forgotten);

    private delegate float[] Asking(INetwork net, float[] rows);

    private static IEnumerable<(string, double, Asking)> Questions(SampleNetwork sample, Signature net)
    {
        var (count, tolerance) = (sample.Count, sample.Tolerance);
        var target = Target.Unit(Math.Min(1, net.OutputSize - 1));
        yield return ("Predict", OfPredictions, (on, x) => [.. Enumerable.Range(0, count)
            .SelectMany(i => on.Predict(x.AsSpan(i * net.InputSize, net.InputSize)))]);
        if (net.Passes.Contains(Pass.Gradient))
        {
            yield return ("Gradient", tolerance, (on, x) => Scores(((IGradientNetwork)on).Gradient(x, count, target)));
            yield return ($"integrated gradients, {sample.Steps} steps", tolerance, (on, x) => Scores(
                ((IIntegratedGradientsNetwork)on).IntegratedGradients(x, count, target, options: new() { Steps = sample.Steps })));
        }
        foreach (var (pass, rule) in new[] { (Pass.Rescale, Rule.Rescale), (Pass.RevealCancel, Rule.RevealCancel),
            (Pass.Genomics, Rule.Genomics) })
        {
            if (net.Passes.Contains(pass))
                yield return ($"DeepLIFT, {rule}", tolerance, (on, x) => Scores(((IDeepLiftNetwork)on).DeepLift(x, count, target, rule)));
        }
        switch (sample.Name)
        {
            case "DigitNet":
                yield return ("Occlusion", OfPredictions, (on, x) => Scores(on.Occlusion(new SlidingWindow([1, 7, 7], [1, 7, 7]), x,
                    count, target)));
                yield return ("Grad-CAM", tolerance, (on, x) => Scores(((IGradientNetwork)on).GradCam("Conv2", x, count, target)));
                yield return ("guided backprop", tolerance, (on, x) => Scores(
                    ((IGuidedBackpropNetwork)on).GuidedBackprop(x, count, target)));
                break;
            case "MotifNet":
                yield return ("Mutagenesis", OfPredictions, (on, x) => Scores(on.Mutagenesis(x, count, target)));
                yield return ("hypothetical contributions", tolerance, (on, x) => Scores(
                    ((IDeepLiftNetwork)on).HypotheticalContributions(x, count, target, Rule.Genomics)));
                break;
            case "TumourNet":
                yield return ("Ablation", OfPredictions, (on, x) => Scores(on.Ablation(x, count, target)));
                yield return ("Shapley values", OfPredictions, (on, x) => Scores(on.ShapleySampling(x, count, target)));
                break;
            case "PhotoNet":
                yield return ("Occlusion", OfPredictions, (on, x) => Scores(on.Occlusion(new SlidingWindow([3, 16, 16], [3, 16, 16]),
                    x, count, target)));
                yield return ("layer integrated gradients", tolerance, (on, x) => Scores(
                    ((IIntegratedGradientsNetwork)on).LayerIntegratedGradients("mixed3b", x, count, target)));
                break;
        }
    }

    private static float[] Scores(Attributions answers) =>
        [.. Enumerable.Range(0, answers.Count).SelectMany(i => answers[i].Scores.ToArray())];

    private static double Apart(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = Math.Max(1e-30, expected.Max(Math.Abs));
        return expected.Zip(found, (one, other) => Math.Abs(one - other) / scale).Max();
    }
}
