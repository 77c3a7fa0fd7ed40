using System.CommandLine;

namespace Whence.Data;

/// <summary>
/// A program that explains a file of rows, alone or as one of many that share a folder: under Slurm, Kubernetes, or by hand. The file is
/// cut into parts of so many rows, which do not depend on how many workers there are; a worker takes its shard of them, writes each under a
/// temporary name and renames it when it is whole. Any worker may be killed at any time, run again, or run twice: what is in the folder is
/// right, and <c>merge</c> joins it, to the bit what one worker makes on a processor of the same vector width.
/// </summary>
public static class Worker
{
    /// <summary>All of the shard is explained, or the parts are joined.</summary>
    public const int Done = 0;

    /// <summary>A file could not be read or written, or the folder holds another job. What was finished stays.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be obeyed; nothing was written.</summary>
    public const int Refused = 2;

    /// <summary>It was asked to stop (SIGTERM, SIGINT), or <c>merge</c> found parts missing: run again with <c>--resume</c>.</summary>
    public const int Unfinished = 3;

    /// <summary>All is done, but rows could not be read or explained, and <c>--fail-on-unreadable</c> was said.</summary>
    public const int Unreadable = 4;

    /// <summary>
    /// A file of rows is damaged as a whole, or holds no rows of this network; nothing was written, and trying again does not mend it.
    /// </summary>
    public const int Damaged = 5;

    /// <summary>Runs what the words ask for: <c>--help</c> says what they may be, and <c>merge</c> joins the parts of a folder.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="load">Loads the network from the file that <c>--weights</c> names: <c>path => DigitNet.Load(path)</c>.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Func<string, INetwork> load) =>
        Run(args, load, Console.Out, Console.Error, !Console.IsOutputRedirected);

    internal static int Run(IReadOnlyList<string> args, Func<string, INetwork> load, TextWriter output, TextWriter error, bool isTerminal)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(load);
        var command = new WorkerCommand();
        command.Root.SetAction(words => Work(command, words, load, output, isTerminal));
        command.Root.Add(Merge(output));
        var parsed = command.Root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine(OneLine(string.Join(' ', parsed.Errors.Select(wrong => wrong.Message))));
            return Refused;
        }
        return Told(error, () => parsed.Invoke(new InvocationConfiguration
        {
            // Signals are the worker's own: it ends between two parts.
            Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        }));
    }

    private static int Told(TextWriter error, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (UnfinishedException unfinished)
        {
            error.WriteLine(OneLine(unfinished.Message));
            return Unfinished;
        }
        catch (DamagedFileException damaged)
        {
            error.WriteLine(OneLine(damaged.Message));
            return Damaged;
        }
        catch (OutOfMemoryException)
        {
            error.WriteLine("There is too little memory: a batch of rows is held whole, and so is a row group of a Parquet file.");
            return Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or WeightsException)
        {
            error.WriteLine(OneLine(e.Message));
            return Failed;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error.WriteLine(OneLine(e.Message));
            return Refused;
        }
    }

    // What goes wrong is one line of a job's log, whatever libraries say in several.
    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Command Merge(TextWriter output)
    {
        var folder = new Option<string>("--out") { Description = "the folder of the parts", Required = true };
        var result = new Option<string>("--result")
        {
            Description = "the file to write, .parquet or .arrow; its manifest has .json behind its name", Required = true,
        };
        var merge = new Command("merge", "Checks that all parts are finished, and joins them.") { folder, result };
        merge.SetAction(words =>
        {
            var records = Merging.Run(words.GetRequiredValue(folder), words.GetRequiredValue(result));
            output.WriteLine($"{records.Count} parts, {records.Sum(part => part.Rows)} rows, {records.Sum(part => part.Unreadable.Count)} "
                + $"unreadable: {words.GetRequiredValue(result)}");
            return Done;
        });
        return merge;
    }

    // A target or a method that the network has not is told before anything is written.
    private static void Try(INetwork net, RowSource rows, Question question)
    {
        var explainer = new RowExplainer(net, question, rows.Scores, 1);
        foreach (var batch in rows.Read(0, Math.Min(1, rows.Count), 1))
        {
            // A row that cannot be read asks nothing: zeros do.
            if (batch.Count == 0)
            {
                batch.Next();
                batch.Accept(0, null);
            }
            explainer.Explain(batch);
        }
    }

    private static int Work(WorkerCommand command, ParseResult words, Func<string, INetwork> load, TextWriter output, bool isTerminal)
    {
        using var stopping = new Stopping();
        var options = command.Options(words);
        var net = load(options.Weights);
        var reading = command.Reading(words, net.Signature);
        using var rows = DamagedFileException.Open(options.Input, net.Signature, reading);
        var question = command.Question(words, net, reading);
        Try(net, rows, question);
        Directory.CreateDirectory(options.Folder);
        var job = Job.Of(net, options, rows);
        job.Claim(options.Folder);
        Durable.DeleteLeftovers(options.Folder);
        var (first, end) = options.Shard.Parts(job.Parts);
        var progress = new Progress(output, isTerminal, end - first);
        var work = new ShardWork(net, rows, question, job, options.Folder);
        if (!work.Run(options.Shard, options.Resume, progress.Tell, () => stopping.IsAsked))
        {
            progress.End("stopped");
            return Unfinished;
        }
        progress.End("done");
        return progress.UnreadableCount > 0 && command.FailsOnUnreadable(words) ? Unreadable : Done;
    }
}
