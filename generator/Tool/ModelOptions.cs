using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Whence.Import;

namespace Whence.Tool;

/// <summary>What every command that reads a model takes.</summary>
internal sealed class ModelOptions
{
    private readonly Argument<string> model = new("model") { Description = "the ONNX file" };
    private readonly Option<string?> name =
        new("--name") { Description = "the class's name; made of the file's without it", HelpName = "NAME" };
    private readonly Option<string?> space = new("--namespace") { Description = "the class's namespace", HelpName = "NAME" };

    private readonly Option<string[]> shapes = new("--shape")
    {
        Description = "an input's axes, the batch's included: x=1,3,224,224; ? leaves an axis as the file says", HelpName = "INPUT=SIZES",
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "an input that is a constant, and its number, or all its numbers: sr=16000", HelpName = "INPUT=NUMBERS",
    };

    private readonly Option<string[]> variable = new("--variable")
    {
        Description = "an input of variable length, tokens or a sequence: the axis behind the batch's is the longest it may be, and its "
            + "attention mask is left out",
        HelpName = "INPUT",
    };

    private readonly Option<string[]> outputs = new("--output")
    {
        Description = "a value to compute in place of the model's outputs, which may be an inner one", HelpName = "VALUE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        shapes.Validators.Add(words => Complain(words, option => Shape(option)));
        set.Validators.Add(words => Complain(words, option => Numbers(option)));
        command.Add(model);
        foreach (var option in new Option[] { name, space, shapes, set, variable, outputs })
            command.Add(option);
    }

    /// <summary>The file's path.</summary>
    public string Path(ParseResult words) => words.GetRequiredValue(model);

    /// <summary>What the words say of a model.</summary>
    public ImportOptions Read(ParseResult words) => new()
    {
        Name = words.GetValue(name),
        Namespace = words.GetValue(space),
        Shapes = Each(words.GetValue(shapes), Shape),
        Set = Each(words.GetValue(set), Numbers),
        Variable = words.GetValue(variable) ?? [],
        Outputs = words.GetValue(outputs) ?? [],
    };

    private static Dictionary<string, T> Each<T>(string[]? words, Func<string, (string, T)?> read)
    {
        var all = new Dictionary<string, T>();
        foreach (var word in words ?? [])
        {
            if (read(word) is var (input, value))
                all[input] = value;
        }
        return all;
    }

    private static void Complain<T>(OptionResult words, Func<string, (string, T)?> read)
    {
        foreach (var token in words.Tokens.Where(token => read(token.Value) is null))
            words.AddError($"{words.Option.Name} takes {words.Option.HelpName}, not {token.Value}.");
    }

    private static (string, int?[])? Shape(string word)
    {
        if (Split(word) is not var (input, parts))
            return null;
        var axes = new int?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "?")
                continue;
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var axis) || axis < 1)
                return null;
            axes[i] = axis;
        }
        return (input, axes);
    }

    private static (string, double[])? Numbers(string word)
    {
        if (Split(word) is not var (input, parts))
            return null;
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }
        return (input, numbers);
    }

    // The last sign, since names of inputs may hold one.
    private static (string Input, string[] Parts)? Split(string word) => word.LastIndexOf('=') is var at and > 0
        ? (word[..at], word[(at + 1)..].Split(',', StringSplitOptions.TrimEntries)) : null;
}
