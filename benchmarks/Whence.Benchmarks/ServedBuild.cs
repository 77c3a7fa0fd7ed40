using System.Diagnostics;
using System.Globalization;

namespace Whence.Benchmarks;

/// <summary>A build of the benchmarks in a process of its own, which rests while another is measured.</summary>
internal sealed class ServedBuild : IDisposable
{
    /// <summary>How an answer begins if the build does not have what is asked for.</summary>
    public const string Lacks = "lacks";

    private readonly Process process;
    private readonly string folder;

    /// <exception cref="ArgumentException">There is no build in the folder.</exception>
    public ServedBuild(string folder, bool cpu)
    {
        if (!File.Exists(Path.Combine(folder, "Whence.Benchmarks.dll")))
            throw new ArgumentException(
                $"{folder} holds no Whence.Benchmarks.dll; give the folder into which the other build was written.");
        this.folder = folder;
        var host = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(host) == "dotnet" ? ["exec", typeof(ServedBuild).Assembly.Location] : [];
        process = Process.Start(new ProcessStartInfo(host, [.. own, "serve", folder, cpu ? "cpu" : "wall"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Calls what is asked for as long as this; the microseconds of a call, or why the build does not have it.</summary>
    public (double Microseconds, string? Lack) Warm(Question question, double seconds)
    {
        var answer = Ask(string.Create(CultureInfo.InvariantCulture,
            $"warm {question.Network} {question.Method} {question.Batch} {seconds}"));
        return answer.StartsWith(Lacks, StringComparison.Ordinal)
            ? (0, answer[(Lacks.Length + 1)..])
            : (double.Parse(answer, CultureInfo.InvariantCulture), null);
    }

    /// <summary>The microseconds and allocated bytes of a call of what was warmed last, the mean of so many.</summary>
    public (double Microseconds, long Bytes) Time(int calls)
    {
        var words = Ask(string.Create(CultureInfo.InvariantCulture, $"time {calls}")).Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private string Ask(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The build in {folder} ended while it was asked: {line}.");
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
