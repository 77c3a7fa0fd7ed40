using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Whence.Benchmarks;

/// <summary>Runs pytorch.py, which prints one JSON line {network, method, batch, way, precision, median_us} a number.</summary>
internal static class TorchPeer
{
    /// <summary>Tells each time by question, batch and way, such as "graph tf32". Says so where PyTorch cannot be run.</summary>
    public static void Run(Measures measures, string network, Action<string, int, string, double> tell)
    {
        string[] arguments =
        [
            Script(), "--networks", network, "--batches", string.Join(",", measures.Batches), "--methods",
            string.Join(",", measures.Questions), "--seconds", measures.Seconds.ToString(CultureInfo.InvariantCulture), "--longest",
            measures.Longest.ToString(CultureInfo.InvariantCulture),
        ];
        try
        {
            using var peer = Process.Start(new ProcessStartInfo(measures.Python, arguments) { RedirectStandardOutput = true })!;
            while (peer.StandardOutput.ReadLine() is { } line)
            {
                Console.Error.WriteLine($"PyTorch {line}");
                using var number = JsonDocument.Parse(line);
                var root = number.RootElement;
                tell(root.GetProperty("method").GetString()!, root.GetProperty("batch").GetInt32(),
                    $"{root.GetProperty("way").GetString()} {root.GetProperty("precision").GetString()}",
                    root.GetProperty("median_us").GetDouble());
            }
            peer.WaitForExit();
            if (peer.ExitCode != 0)
                Console.WriteLine($"PyTorch was not run to its end on {network}: {measures.Python} ended with {peer.ExitCode}.");
        }
        catch (Win32Exception error)
        {
            Console.WriteLine($"PyTorch was not run: {measures.Python}: {error.Message}.");
        }
    }

    // The script stays where the sources are: above the folder of the program.
    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "benchmarks", "gpu", "pytorch.py");
            if (File.Exists(script))
                return script;
        }
        throw new InvalidDataException(
            $"benchmarks/gpu/pytorch.py lies in no folder above {AppContext.BaseDirectory}; run from a clone of the repository.");
    }
}
