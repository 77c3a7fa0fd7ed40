using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Whence.Data;

namespace Whence.Tool;

/// <summary><c>whence run</c>: a worker around a network that lies compiled in an assembly.</summary>
internal static class RunCommand
{
    private const string WeightsOption = "--weights";
    private const string MergeCommand = "merge";

    /// <summary>Its name.</summary>
    public const string Name = "run";

    /// <summary>The command.</summary>
    public static Command Make(TextWriter output, TextWriter error)
    {
        var (path, name) = (Assembly(), Network());
        var command = new Command(Name, Description) { path, name };
        command.Add(new HelpOption { Action = new WorkerHelp() });
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(words => Run(words.GetRequiredValue(path), words.GetValue(name), words.UnmatchedTokens, output, error));
        return command;
    }

    private const string Description = "Explains a file of rows by a compiled network, as a worker: the words behind the assembly are the "
        + "worker's, such as --input rows.parquet --out parts, or merge --out parts --result reasons.parquet.";

    private static Argument<string> Assembly() => new("assembly")
    {
        Description = "the .dll with the network; what it needs lies beside it, and its weights where its class names them",
    };

    private static Option<string?> Network() => new("--network")
    {
        Description = "the network's class, where the assembly has several", HelpName = "CLASS",
    };

    /// <summary>Tells the worker's options among its own, which are not looked at before there is a worker.</summary>
    private sealed class WorkerHelp : SynchronousCommandLineAction
    {
        /// <inheritdoc/>
        public override bool ClearsParseErrors => true;

        /// <inheritdoc/>
        public override int Invoke(ParseResult parseResult)
        {
            var told = new Command(Name, Description) { Assembly(), Network() };
            foreach (var option in new WorkerCommand().Root.Options.Where(option => option is not (HelpOption or VersionOption)))
                told.Add(option);
            return new RootCommand { told }.Parse([Name, "--help"]).Invoke(parseResult.InvocationConfiguration);
        }
    }

    private static int Run(string path, string? name, IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        var isTerminal = output == Console.Out && !Console.IsOutputRedirected;
        if (words is [MergeCommand, ..])
            return Worker.Run(words, _ => throw new InvalidOperationException("Parts are joined without a network."), output, error,
                isTerminal);
        MethodInfo load;
        try
        {
            load = NetworkAssembly.Open(path).Loader(name);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            return Worker.Refused;
        }
        return Worker.Run([.. WeightsBeside(path, load.DeclaringType!, words), .. words], load.CreateDelegate<Func<string, INetwork>>(),
            output, error, isTerminal);
    }

    /// <summary>The weights that the network's class names, where they lie beside it and the words name no others.</summary>
    private static string[] WeightsBeside(string path, Type network, IReadOnlyList<string> words)
    {
        if (words.Any(word => word.Split('=', 2)[0] is WeightsOption or "--help" or "-h" or "-?"))
            return [];
        var named = network.GetCustomAttribute<NetworkAttribute>()?.Weights;
        var file = string.IsNullOrEmpty(named) ? "" : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, named);
        return File.Exists(file) ? [WeightsOption, file] : [];
    }
}
