using System.Diagnostics;
using System.Text;

namespace Whence.Package.Tests;

/// <summary>Runs the .NET SDK as a user would, in a folder of its own.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs a command and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error; the message has what it printed.</exception>
    public static string Run(string folder, params string[] arguments) => RunWith([], folder, arguments);

    /// <summary>The same with more in its environment.</summary>
    public static string RunWith((string Name, string Value)[] environment, string folder, params string[] arguments)
    {
        var (code, output) = TryRunWith(environment, folder, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    /// <summary>Runs a command and returns its exit code and what it printed.</summary>
    public static (int Code, string Output) TryRun(string folder, params string[] arguments) => TryRunWith([], folder, arguments);

    private static (int Code, string Output) TryRunWith((string Name, string Value)[] environment, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Isolate(start.Environment);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} took over {Patience}:\n{output}");
        }
        process.WaitForExit();
        return (process.ExitCode, output.ToString());
    }

    private static void Isolate(IDictionary<string, string?> environment)
    {
        // The test host inherits where its own SDK found MSBuild; a build server that outlives the command would keep its output open.
        foreach (var name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            environment.Remove(name);
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        environment["UseSharedCompilation"] = "false";
        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }
}
