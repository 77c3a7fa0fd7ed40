using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Whence.Benchmarks;

/// <summary>PyTorch in a process of its own, benchmarks/peers/pytorch.py, which rests while others are measured.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process process;
    private readonly bool cpu;

    private TorchPeer(Process process, bool cpu)
    {
        this.process = process;
        this.cpu = cpu;
        Version = Ask("version") ?? throw new InvalidOperationException("PyTorch ended before it told its version.");
    }

    public string Version { get; }

    /// <summary>Null, with a line about it, where it cannot be run.</summary>
    public static TorchPeer? Start(string python, int threads, bool cpu)
    {
        if (python == "-")
            return null;
        var start = new ProcessStartInfo(python, [Script()]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var library in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[library] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment["ATEN_CPU_CAPABILITY"] = "avx512";
        start.Environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1";
        try
        {
            return new(Process.Start(start)!, cpu);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            Console.Error.WriteLine($"{python} cannot be run ({error.Message}); there is no PyTorch in this table.");
            return null;
        }
    }

    /// <summary>Loads a network's weights.</summary>
    public bool Load(string network, string weights) => Ask($"load {network} {weights}") == "ok";

    /// <summary>Warms a question up in every way that PyTorch has for it; the quickest way's name, or null if there is none.</summary>
    public string? Warm(string method, int batch, int threads, float[] inputs, string folder, double seconds)
    {
        var file = Path.Combine(folder, "inputs");
        File.WriteAllBytes(file, MemoryMarshal.AsBytes(inputs.AsSpan()));
        var answer = Ask(string.Create(CultureInfo.InvariantCulture, $"warm {method} {batch} {threads} {seconds} {file}"));
        return answer is ['o', 'k', ' ', .. var way] ? way : null;
    }

    /// <summary>The microseconds of so many calls, each.</summary>
    public double Time(int calls)
    {
        var words = (Ask($"time {calls}") ?? throw new InvalidOperationException("PyTorch ended while it was measured.")).Split(' ');
        return double.Parse(words[cpu ? 1 : 0], CultureInfo.InvariantCulture);
    }

    /// <summary>The answer to what was warmed last, or what it is in double precision.</summary>
    public float[] Answer(string folder, bool inDouble = false)
    {
        var file = Path.Combine(folder, "answer");
        if (Ask($"answer {file}{(inDouble ? " double" : "")}") != "ok")
            throw new InvalidOperationException("PyTorch ended before it answered.");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private string? Ask(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine();
    }

    // The script stays where the sources are: above the folder of the program.
    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "benchmarks", "peers", "pytorch.py");
            if (File.Exists(script))
                return script;
        }
        throw new InvalidOperationException(
            $"benchmarks/peers/pytorch.py lies in no folder above {AppContext.BaseDirectory}; run from a clone of the repository.");
    }
}
