namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Backends;

/// <summary>Little memory, and devices that are disposed of amid a question.</summary>
[Trait("Long", "gpu")]
public class ExecutorLimits
{
    /// <summary>Windows of few inputs, chunks of few rows: the bits of all at once.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void WhatDoesNotFitIsCutWithoutChangingABit(string device)
    {
        using var small = Devices.Beside(device);
        foreach (var question in new[] { "integrated gradients over references", "Rescale over references", "conductance", "occlusion" })
        {
            var (_, on) = WholePaths.Load("Digits", Devices.Get(device));
            var (_, cut) = WholePaths.Load("Digits", small);
            var expected = Inquiry<float>.Of(on, "Digits", 12).Answer(question);
            foreach (var bytes in new[] { 1 << 19, 1 << 21 })
            {
                small.LaneMemory = bytes;
                small.Lanes.Clear();
                Assert.Equal(expected, Inquiry<float>.Of(cut, "Digits", 12).Answer(question));
            }
        }
    }

    /// <summary>Then questions compile none; and a disposed device refuses.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public async Task KernelsCompileEarly(string device)
    {
        using var gpu = Devices.Open(device);
        var (_, on) = WholePaths.Load("Row", gpu);
        var launches = gpu.Kernels.Launches;
        await on.CompileKernelsAsync();
        Assert.Equal(launches, gpu.Kernels.Launches);
        var kernels = gpu.Kernels.Count;
        foreach (var question in new[] { "integrated gradients", "RevealCancel", "layer gradient", "conductance", "ablation in groups" })
        {
            Inquiry<float>.Of(on, "Row", 1).Answer(question);
            Assert.True(kernels == gpu.Kernels.Count, question);
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => on.CompileKernelsAsync(new CancellationToken(true)));
        gpu.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => on.CompileKernelsAsync());
    }

    /// <summary>By whoever is told its progress, and by another thread.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ADeviceThatIsDisposedOfAmidAQuestionSaysSo(string device)
    {
        var (x, scores) = (Executors.Numbers(64 * 64, 1), new float[64 * 64]);
        foreach (var isOther in new[] { false, true })
        {
            var gpu = Devices.Open(device);
            var (_, on) = WholePaths.Load("Digits", gpu);
            var progress = new Told(() =>
            {
                if (isOther)
                    Task.Run(gpu.Dispose).Wait(100);
                else
                    gpu.Dispose();
            });
            var options = new PathOptions { Steps = 1100, Progress = progress };
            Assert.Throws<ObjectDisposedException>(() =>
                SpanExplainers.IntegratedGradients<float>(on, x, 64, Target.Unit(1), default, scores, options));
            SpinWait.SpinUntil(() => gpu.Accelerator.IsDisposed, 10_000);
            Assert.True(gpu.Accelerator.IsDisposed);
            Assert.Throws<ObjectDisposedException>(() => ((INetwork)on).Predict(x.AsSpan(0, 64)));
        }
    }

    private sealed class Told(Action tell) : IProgress<double>
    {
        public void Report(double value) => tell();
    }
}
