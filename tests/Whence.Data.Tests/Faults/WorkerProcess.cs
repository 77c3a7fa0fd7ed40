using System.Diagnostics;
using System.Text.Json;

namespace Whence.Data.Tests.Faults;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code; 128 and the signal's number where a signal ended it.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it complained of.</param>
internal sealed record Ended(int Code, string Output, string Error)
{
    public const int Killed = 128 + 9;

    public const int Terminated = 128 + 15;

    /// <summary>The lines of JSON about an event.</summary>
    public IReadOnlyList<JsonElement> Events(string name) =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[^1] == '}')
            .Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("event").GetString() == name)];
}

/// <summary>A worker as a process of its own: this assembly, run by itself.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string program = Path.ChangeExtension(typeof(PersonNet).Assembly.Location, null);

    private readonly Process process;
    private readonly SemaphoreSlim parts = new(0);
    private readonly System.Text.StringBuilder output = new();
    private readonly Task<string> error;

    private WorkerProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        error = process.StandardError.ReadToEndAsync();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            parts.Release(int.MaxValue / 2);
            return;
        }
        output.Append(line).Append('\n');
        if (line.Contains("\"resumed\":false", StringComparison.Ordinal))
            parts.Release();
    }

    /// <summary>A worker with these words.</summary>
    public static WorkerProcess Start(IEnumerable<string> words, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, words);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new WorkerProcess(start);
    }

    /// <summary>
    /// A shell's script, whose $1 is the worker and whose other words follow, in a name space of its own, where it may mount.
    /// </summary>
    public static Ended Script(string script, params string[] words)
    {
        using var shell = new WorkerProcess(new ProcessStartInfo("unshare", ["-rm", "sh", "-euc", script, "sh", program, .. words]));
        return shell.End();
    }

    /// <summary>A worker with these words, to its end.</summary>
    public static Ended Run(IEnumerable<string> words, params (string Name, string Value)[] environment)
    {
        using var worker = Start(words, environment);
        return worker.End();
    }

    /// <summary>Waits until it has told of so many parts that it has explained, or has ended.</summary>
    public void AwaitParts(int count)
    {
        for (var part = 0; part < count; part++)
            parts.Wait();
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public void Kill() => process.Kill();

    /// <summary>Another signal, by its name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public Ended End()
    {
        process.WaitForExit();
        return new Ended(process.ExitCode, output.ToString(), error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
        parts.Dispose();
    }
}
