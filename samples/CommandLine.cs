using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Whence;

namespace Samples;

/// <summary>
/// What the samples' command lines have in common: a short form, a folder for pictures, numbers in a range, and errors in one line.
/// </summary>
internal static class CommandLine
{
    private const string Short = "short";

    /// <summary>Adds <c>[short] [--out FOLDER]</c> to a command, and says what it does with them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="shortForm">What the short form leaves out.</param>
    /// <param name="folder">Where pictures go without <c>--out</c>.</param>
    /// <param name="run">The work, given the folder and whether it is the short form; its result is the exit code.</param>
    public static T Experiment<T>(this T command, string shortForm, string folder, Func<string, bool, int> run) where T : Command =>
        command.Experiment(shortForm, folder, (to, isShort, _) => run(to, isShort));

    /// <summary>The same, given the other words of the command line too.</summary>
    public static T Experiment<T>(this T command, string shortForm, string folder, Func<string, bool, ParseResult, int> run)
        where T : Command
    {
        var extent = new Argument<string?>(Short) { Description = $"\"{Short}\": {shortForm}", Arity = ArgumentArity.ZeroOrOne };
        extent.AcceptOnlyFromAmong(Short);
        var to = new Option<string>("--out") { Description = "the folder for the pictures", HelpName = "FOLDER", DefaultValueFactory = _ =>
            folder };
        command.Add(extent);
        command.Add(to);
        command.SetAction(words =>
        {
            RequireFolder(words.GetRequiredValue(to));
            return run(words.GetRequiredValue(to), words.GetValue(extent) == Short, words);
        });
        return command;
    }

    /// <summary>Makes a folder, and refuses one that takes no files: before anything is computed, rather than behind it.</summary>
    /// <exception cref="IOException">It cannot be made, or takes no files.</exception>
    public static void RequireFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"The folder \"{folder}\" cannot be made: {error.Message}", error);
        }
        RequireFile(Path.Combine(folder, Path.GetRandomFileName()), $"The folder \"{folder}\" takes no files");
    }

    /// <summary>Refuses a file that cannot be written, before anything is computed, and leaves it as it was.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void RequireFile(string path) => RequireFile(path, $"The file \"{path}\" cannot be written");

    private static void RequireFile(string path, string what)
    {
        try
        {
            var isThere = File.Exists(path);
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }
            if (!isThere)
                File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"{what}: {error.Message}", error);
        }
    }

    /// <summary>A whole number in a range; null where it is not given.</summary>
    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = words => Parse(words, name, least, most),
    };

    /// <summary>An argument that takes any words would take a mistyped option too.</summary>
    public static void RefuseOptions(this Argument<string[]> argument) => argument.Validators.Add(words =>
    {
        foreach (var token in words.Tokens.Where(token => token.Value.StartsWith('-')))
            words.AddError($"There is no option {token.Value}.");
    });

    private static int? Parse(ArgumentResult words, string name, int least, int most)
    {
        var word = words.Tokens.Single().Value;
        if (int.TryParse(word, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        words.AddError($"{name} takes a number from {least} to {most}, not {word}.");
        return null;
    }

    /// <summary>Runs what the words ask for.</summary>
    /// <param name="root">The command.</param>
    /// <param name="args">The words.</param>
    /// <param name="isToldInOneLine">What else that goes wrong is told in one line.</param>
    /// <returns>The work's exit code; 1 where the words or the files are wrong, with one line that says why.</returns>
    public static int Run(this RootCommand root, string[] args, Func<Exception, bool>? isToldInOneLine = null)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception error)
            when (error is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException or WeightsException
                or CompletenessException || isToldInOneLine?.Invoke(error) == true)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
