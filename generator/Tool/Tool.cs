using System.CommandLine;
using Whence.Import;

namespace Whence.Tool;

/// <summary>The command <c>whence</c>.</summary>
internal static class Tool
{
    /// <summary>What was asked for was done.</summary>
    public const int Done = 0;

    /// <summary>The model, the words or the files do not allow it; nothing was written.</summary>
    public const int Refused = 1;

    /// <summary>The network was run, and differs from what it should be.</summary>
    public const int Differs = 2;

    /// <summary>Runs what the words ask for.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="output">Where answers go.</param>
    /// <param name="error">Where it is said why there are none, a line for each reason.</param>
    /// <returns>0, or <see cref="Refused"/>, or <see cref="Differs"/>; of <c>run</c>, what a worker returns.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        var shell = new Shell(output, error);
        var root = new RootCommand("Imports trained models as C# classes that Whence compiles together with the reasons for their answers.")
        {
            ImportCommand.Make(shell), CheckCommand.Make(shell), NewCommand.Make(shell), ExplainCommand.Make(shell),
            WeightsCommand.Make(shell), RunCommand.Make(output, error),
        };
        var parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            foreach (var wrong in parsed.Errors)
                error.WriteLine(wrong.Message);
            return parsed.CommandResult.Command.Name == RunCommand.Name ? Data.Worker.Refused : Refused;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (ImportException refused)
        {
            foreach (var finding in refused.Findings)
                error.WriteLine(finding);
            return Refused;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WeightsException or NonFiniteException
            or NotSupportedException)
        {
            error.WriteLine(e.Message);
            return Refused;
        }
    }
}
