namespace Whence.Gpu.Tests;

using System.Diagnostics;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Whence.Networks.Tests.Compiled;
using Xunit.Abstractions;

/// <summary>A network for tests of devices, asked of several devices.</summary>
internal static class Table
{
    public const int Inputs = 12;

    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Hidden"], Backends = Backends.Cpu | Backends.Gpu)]
        public sealed partial class Table
        {
            [Linear(24)] private partial Tensor First(Tensor x);
            [Linear(16)] private partial Tensor Hidden(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(12)] Tensor x) => Head(Tanh(Hidden(Relu(First(x)))));
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    public static INetwork Host(int seed = 5) => Networks.Value.Network("Table").Load(Weights.Random(seed)).Compiled;

    public static INetwork On(INetwork host, GpuDevice device) => (INetwork)host.GetType().GetMethod("OnGpu")!.Invoke(host, [device])!;

    public static float[] Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * Inputs).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    /// <summary>What a thread asks: a prediction, integrated gradients and both rules of DeepLIFT, in one row of numbers.</summary>
    public static float[] Everything(INetwork net, float[] rows)
    {
        var count = rows.Length / Inputs;
        var answers = new List<Attributions>
        {
            ((IIntegratedGradientsNetwork)net).IntegratedGradients(rows, count, Target.Unit(1)),
            ((IIntegratedGradientsNetwork)net).Conductance("Hidden", rows, count, Target.Unit(2)),
            ((IDeepLiftNetwork)net).DeepLift(rows, count, Target.Unit(0), Rule.Rescale),
            ((IDeepLiftNetwork)net).DeepLift(rows, count, Target.Unit(0), Rule.RevealCancel),
            net.Ablation(rows, count, Target.Unit(1)),
        };
        return [.. net.Predict(rows.AsSpan(0, Inputs)),
            .. answers.SelectMany(each => Enumerable.Range(0, each.Count).SelectMany(i => each[i].Scores.ToArray()))];
    }
}

/// <summary>Threads, devices and networks at once.</summary>
[Trait("Long", "gpu")]
public class AtOnce
{
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void EightThreadsGetTheirOwnAnswersToAllQuestions(string device)
    {
        var on = Table.On(Table.Host(), Devices.Get(device));
        var rows = Enumerable.Range(0, 8).Select(thread => Table.Rows(3 + thread, 100 + thread)).ToArray();
        var expected = Array.ConvertAll(rows, each => Table.Everything(on, each));
        InThreads(8, thread =>
        {
            for (var round = 0; round < 10; round++)
                Assert.Equal(expected[thread], Table.Everything(on, rows[thread]));
        });
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void TwoNetworksShareADevice(string device)
    {
        var gpu = Devices.Get(device);
        var nets = new[] { Table.On(Table.Host(5), gpu), Table.On(Table.Host(6), gpu) };
        var rows = Table.Rows(9, 7);
        var expected = Array.ConvertAll(nets, net => Table.Everything(net, rows));
        Assert.NotEqual(expected[0], expected[1]);
        InThreads(4, thread =>
        {
            for (var round = 0; round < 5; round++)
                Assert.Equal(expected[thread % 2], Table.Everything(nets[thread % 2], rows));
        });
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ANetworkRunsOnTwoDevices(string device)
    {
        var first = Devices.Get(device);
        using var second = Devices.Open(device);
        var host = Table.Host();
        var nets = new[] { Table.On(host, first), Table.On(host, second) };
        var rows = Table.Rows(9, 8);
        var expected = Table.Everything(nets[0], rows);
        InThreads(4, thread =>
        {
            for (var round = 0; round < 5; round++)
                Assert.Equal(expected, Table.Everything(nets[thread % 2], rows));
        });
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Table.Everything(nets[1], rows));
        Assert.Equal(expected, Table.Everything(nets[0], rows));
    }

    private static void InThreads(int count, Action<int> run)
    {
        var errors = new Exception?[count];
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => errors[i] = Record.Exception(() => run(i)))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(new Exception?[count], errors);
    }
}

/// <summary>A device that is disposed of while threads ask it, in a process of its own, which a mistake would end.</summary>
[Trait("Long", "gpu")]
public class DisposedWhileRunning(ITestOutputHelper output)
{
    private const int Threads = 4;
    private const int Rounds = 3;

    /// <summary>What the process runs: 0 if every thread was told that the device is disposed of, and had right answers before.</summary>
    public static int Run(string device)
    {
        var rows = Table.Rows(8, 3);
        for (var round = 0; round < Rounds; round++)
        {
            var gpu = Devices.Open(device);
            var on = Table.On(Table.Host(), gpu);
            var expected = Table.Everything(on, rows);
            var (answers, told) = (0, 0);
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        if (!Table.Everything(on, rows).AsSpan().SequenceEqual(expected))
                            throw new InvalidOperationException("A wrong answer.");
                        Interlocked.Increment(ref answers);
                    }
                }
                catch (ObjectDisposedException e) when (e.ObjectName.Contains(nameof(GpuDevice)))
                {
                    Interlocked.Increment(ref told);
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            SpinWait.SpinUntil(() => Volatile.Read(ref answers) > round || !threads.TrueForAll(thread => thread.IsAlive));
            gpu.Dispose();
            threads.ForEach(thread => thread.Join());
            Console.WriteLine($"Round {round}: {answers} answers, then {told} of {Threads} threads were told.");
            if (told != Threads)
                return 1;
        }
        return 0;
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void EveryThreadIsToldSo(string device)
    {
        Devices.Get(device);
        var start = new ProcessStartInfo("dotnet", [typeof(DisposedWhileRunning).Assembly.Location, nameof(DisposedWhileRunning), device])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        output.WriteLine(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {errors.Result}");
    }
}

/// <summary>A device whose driver fails, by the errors that a driver's calls come back with.</summary>
[Trait("Long", "gpu")]
public class Lost
{
    private static Exception Error(string device) => device == "Cuda"
        ? new CudaException(CudaError.CUDA_ERROR_ECC_UNCORRECTABLE)
        : new CLException(CLError.CL_DEVICE_NOT_AVAILABLE);

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ItIsNamedWithWhatItsDriverSaid(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        var rows = Table.Rows(5, 4);
        var expected = Table.Everything(on, rows);
        gpu.Launching = () => throw Error(device);
        var error = Assert.Throws<GpuException>(() => Table.Everything(on, rows));
        Assert.StartsWith($"{gpu.Name} has failed: its driver reports {(device == "Cuda" ? "CUDA" : "CL")}_", error.Message);
        Assert.Contains("open it anew", error.Message);
        Assert.IsType(Error(device).GetType(), error.InnerException);
        // What came back in the midst of a call is right again once the driver is.
        gpu.Launching = null;
        Assert.Equal(expected, Table.Everything(on, rows));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ItMayFailAtAnyLaunchOfAnyThread(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        var rows = Table.Rows(5, 4);
        var expected = Table.Everything(on, rows);
        var launches = 0;
        gpu.Launching = () =>
        {
            if (Interlocked.Increment(ref launches) % 7 == 0)
                throw Error(device);
        };
        var failed = 0;
        Parallel.For(0, 8, _ =>
        {
            for (var round = 0; round < 5; round++)
            {
                try
                {
                    Table.Everything(on, rows);
                }
                catch (GpuException)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        });
        Assert.True(failed > 8, $"{failed} of 40 calls failed");
        gpu.Launching = null;
        Assert.Equal(expected, Table.Everything(on, rows));
    }
}

/// <summary>What is wrong about a call is said in the words that the network itself says it in.</summary>
public class WrongCalls
{
    private static readonly Dictionary<string, Action<INetwork>> All = new()
    {
        ["a short row"] = net => net.Predict(new float[5]),
        ["rows that are not a whole number"] = net => net.Predict(new float[30], new float[9], 3, 1),
        ["a unit that there is not"] = net => ((IGradientNetwork)net).Gradient(new float[12], Target.Unit(3)),
        ["a layer that there is not"] = net => ((IGradientNetwork)net).GradCam("Nothing", new float[12], Target.Unit(0)),
        ["a layer that was not asked for"] = net => ((IIntegratedGradientsNetwork)net).Conductance("First", new float[12], Target.Unit(0)),
        ["no steps"] = net => ((IIntegratedGradientsNetwork)net).IntegratedGradients(new float[12], Target.Unit(0),
            options: new() { Steps = 0 }),
        ["no alphas"] = net => ((IIntegratedGradientsNetwork)net).InteriorGradients(new float[12], Target.Unit(0), []),
        ["a rule that was not compiled"] = net => ((IDeepLiftNetwork)net).DeepLift(new float[12], Target.Unit(0), Rule.Genomics),
        ["a short reference"] = net => ((IDeepLiftNetwork)net).DeepLift(new float[12], Target.Unit(0), Rule.Rescale, new float[3]),
        ["NaN"] = net => net.Predict([float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ["infinity"] = net => ((IDeepLiftNetwork)net).DeepLift([float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], Target.Unit(0)),
        ["a gap that is too large"] = net => ((IIntegratedGradientsNetwork)net).IntegratedGradients(Table.Rows(1, 2), Target.Unit(0),
            options: new() { Steps = 1, RequireGap = 1e-12 }),
        ["a call that is cancelled"] = net => ((IGradientNetwork)net).Gradient(new float[12], Target.Unit(0),
            new() { Cancellation = new CancellationToken(true) }),
    };

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var device in Devices.Names)
        {
            foreach (var wrong in All.Keys)
                cases.Add(device, wrong);
        }
        return cases;
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void AreToldAsOnTheCpu(string device, string wrong)
    {
        var host = Table.Host();
        var on = Table.On(host, Devices.Get(device));
        var expected = Record.Exception(() => All[wrong](host));
        var found = Record.Exception(() => All[wrong](on));
        Assert.NotNull(expected);
        Assert.IsType(expected.GetType(), found);
        if (wrong != "a gap that is too large")
            Assert.Equal(expected.Message, found.Message);
    }
}
