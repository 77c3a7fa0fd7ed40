using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Whence.Benchmarks;

/// <summary>
/// Runs the scripts of benchmarks/peers, each of which prints one JSON line {network, method, batch, threads, median_us, cpu_us} a number.
/// </summary>
internal static class Peers
{
    public static void PyTorch(string network, CompareArguments arguments, Dictionary<Question, double> times) =>
        Run(arguments.Python, arguments.Cpu, [Script("pytorch.py"), "--threads", "1", .. Options(network, arguments)], times);

    /// <summary>Needs <c>npm install</c> in benchmarks/peers/onnxruntime first.</summary>
    public static void OnnxRuntime(string network, CompareArguments arguments, Dictionary<Question, double> times) =>
        Run(arguments.Node, arguments.Cpu, [Script(Path.Combine("onnxruntime", "bench.mjs")), .. Options(network, arguments)], times);

    private static string[] Options(string network, CompareArguments arguments) =>
        ["--networks", network, "--batches", string.Join(",", arguments.Batches), "--seconds",
            arguments.Seconds.ToString(CultureInfo.InvariantCulture)];

    private static void Run(string program, bool cpu, string[] arguments, Dictionary<Question, double> times)
    {
        if (program == "-")
            return;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var threads in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[threads] = "1";
        try
        {
            using var peer = Process.Start(start)!;
            while (peer.StandardOutput.ReadLine() is { } line)
            {
                Console.Error.WriteLine($"{program} {line}");
                using var number = JsonDocument.Parse(line);
                var root = number.RootElement;
                times[new(root.GetProperty("network").GetString()!, root.GetProperty("method").GetString()!,
                    root.GetProperty("batch").GetInt32())] = root.GetProperty(cpu ? "cpu_us" : "median_us").GetDouble();
            }
            peer.WaitForExit();
            if (peer.ExitCode != 0)
                Console.Error.WriteLine($"{program} {arguments[0]} failed; its columns hold what it printed before.");
        }
        catch (Win32Exception error)
        {
            Console.Error.WriteLine($"{program} cannot be run ({error.Message}); its columns stay empty.");
        }
    }

    // The scripts stay where the sources are: above the folder of the program.
    private static string Script(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "benchmarks", "peers", name);
            if (File.Exists(script))
                return script;
        }
        throw new InvalidOperationException(
            $"benchmarks/peers/{name} lies in no folder above {AppContext.BaseDirectory}; run from a clone of the repository.");
    }
}
