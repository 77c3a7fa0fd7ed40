namespace Whence.Gpu.Tests;

using System.Diagnostics;
using System.Reflection;
using Whence.Networks.Tests.Compiled;
using Xunit.Abstractions;

/// <summary>
/// The same tests on ILGPU's accelerator on the CPU, which checks every index, in a process of their own: a check that fails ends it.
/// </summary>
public class DebugDevice(ITestOutputHelper output)
{
    /// <summary>What the process runs: every theory of a class over devices, on the device for debugging.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is [nameof(DisposedWhileRunning), var device])
            return DisposedWhileRunning.Run(device);
        if (arguments.Length > 2)
        {
            foreach (var name in arguments[2..])
            {
                var at = Stopwatch.StartNew();
                new Operators().Agree(arguments[1], name);
                Console.WriteLine($"{name}: {at.Elapsed.TotalSeconds:f1} s");
            }
            return 0;
        }
        if (arguments[0] == "list")
            Console.WriteLine(string.Join(" ", OperatorSources.All.Keys));
        var type = Assembly.GetExecutingAssembly().GetType($"Whence.Gpu.Tests.{arguments[0]}")!;
        foreach (var test in type.GetMethods().Where(method => method.GetCustomAttribute<SkippableTheoryAttribute>() is not null))
        {
            var watch = Stopwatch.StartNew();
            test.Invoke(Activator.CreateInstance(type), ["Debug"]);
            Console.WriteLine($"{test.Name}: {watch.Elapsed.TotalSeconds:f1} s");
        }
        return 0;
    }

    [Fact]
    public void RunsTheSteps() => Run(nameof(StepsAgree));

    [Fact, Trait("Long", "gpu")]
    public void RunsOverlaps() => Run(nameof(Overlaps));

    [Fact, Trait("Long", "gpu")]
    public void RunsTheFusedProducts() => Run(nameof(FusedProducts));

    [Fact, Trait("Long", "gpu")]
    public void RunsWholePaths() => Run(nameof(WholePaths));

    [Fact, Trait("Long", "gpu")]
    public void RunsExecutors() => Run(nameof(Executors));

    [Fact, Trait("Long", "gpu")]
    public void RunsExecutorQuestions() => Run(nameof(ExecutorQuestions));

    [Fact, Trait("Long", "gpu")]
    public void RunsWholeNetworks() => Run(nameof(WholeSmall));

    private void Run(string tests)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DebugDevice).Assembly.Location, tests])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        output.WriteLine(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
    }
}
