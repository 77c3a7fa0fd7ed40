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
        foreach (var name in arguments[0].Split(','))
            RunAll(name);
        return 0;
    }

    private static void RunAll(string name)
    {
        var type = Assembly.GetExecutingAssembly().GetType($"Whence.Gpu.Tests.{name}")!;
        foreach (var test in type.GetMethods().Where(method => method.GetCustomAttribute<SkippableTheoryAttribute>() is not null))
        {
            Console.Write($"{name}.{test.Name}: ");
            var watch = Stopwatch.StartNew();
            test.Invoke(Activator.CreateInstance(type), ["Debug"]);
            Console.WriteLine($"{watch.Elapsed.TotalSeconds:f1} s");
        }
    }

    [Fact]
    public void RunsTheSteps() => Run(nameof(StepsAgree));

    /// <summary>In one process, where networks are compiled once, and kernels too. Its output says which one was running.</summary>
    [Fact, Trait("Long", "gpu")]
    public void RunsAllElse() => Run(nameof(Overlaps), nameof(FusedProducts), nameof(WholePaths), nameof(Executors),
        nameof(ExecutorQuestions), nameof(WholeSmall), nameof(WholeRows));

    private void Run(params string[] tests)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DebugDevice).Assembly.Location, string.Join(',', tests)])
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
