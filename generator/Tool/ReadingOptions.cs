using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Whence.Tool.Given;

namespace Whence.Tool;

/// <summary>How the files that are given become numbers.</summary>
internal sealed class ReadingOptions
{
    private readonly Option<int> row = new("--row") { Description = "which row of a table, from 0", HelpName = "ROW" };
    private readonly Option<double> start = new("--start") { Description = "where in a sound to begin, in seconds", HelpName = "SECONDS" };

    private readonly Option<string> pixels = new("--pixels")
    {
        Description = "what black and white pixels are to the model, such as 0,255", HelpName = "BLACK,WHITE",
        DefaultValueFactory = _ => "0,1",
    };

    private readonly Option<string> mean = new("--mean")
    {
        Description = "what is subtracted from pixels behind that, of all channels or of each", HelpName = "NUMBERS",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> deviation = new("--std")
    {
        Description = "what pixels are divided by behind that", HelpName = "NUMBERS", DefaultValueFactory = _ => "",
    };

    private readonly Option<string?> vocabulary = new("--vocabulary")
    {
        Description = "the vocab.txt of a BERT model, for texts", HelpName = "FILE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        row.Validators.Add(words => Complain(words, words.GetValue(row) >= 0));
        start.Validators.Add(words => Complain(words, double.IsFinite(words.GetValue(start)) && words.GetValue(start) >= 0));
        pixels.Validators.Add(words => Complain(words, Numbers(words.GetValue(pixels)) is [var black, var white] && black != white));
        mean.Validators.Add(words => Complain(words, Numbers(words.GetValue(mean)) is not null));
        deviation.Validators.Add(words => Complain(words, Numbers(words.GetValue(deviation))?.All(number => number != 0) == true));
        foreach (var option in new Option[] { row, start, pixels, mean, deviation, vocabulary })
            command.Add(option);
    }

    /// <summary>What the words say.</summary>
    public Reading Read(ParseResult words)
    {
        var range = Numbers(words.GetValue(pixels))!;
        return new(words.GetValue(row), words.GetValue(start), range[0], range[1], Numbers(words.GetValue(mean))!,
            Numbers(words.GetValue(deviation))!, words.GetValue(vocabulary));
    }

    private static void Complain(OptionResult words, bool isRight)
    {
        if (words.Tokens.Count > 0 && !isRight)
            words.AddError($"{words.Option.Name} takes {words.Option.HelpName}, not {words.Tokens[0].Value}.");
    }

    private static double[]? Numbers(string? word)
    {
        var parts = (word ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i]))
                return null;
        }
        return numbers;
    }
}
