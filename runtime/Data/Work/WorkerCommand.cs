using System.CommandLine;
using System.Globalization;

namespace Whence.Data;

/// <summary>The words of a worker's command line.</summary>
internal sealed class WorkerCommand
{
    private const int MostReferences = 1000;

    private readonly Option<string> weights = new("--weights") { Description = "the network's safetensors file", Required = true };
    private readonly Option<string> input = new("--input")
    {
        Description = "rows: .parquet, .arrow, .csv, .tsv, .safetensors, .fasta or .idx", Required = true,
    };
    private readonly Option<string> folder = new("--out") { Description = "the folder of the parts", Required = true };
    private readonly Option<string> method = new("--method")
    {
        Description = string.Join(", ", Questions.Names), DefaultValueFactory = _ => Questions.Names[0],
    };
    private readonly Option<string> target = new("--target")
    {
        Description = "a unit, \"7\"; a difference, \"8-3\"; or \"largest\", each row's own", DefaultValueFactory = _ => "largest",
    };
    private readonly Option<bool> ofOutput = new("--of-output") { Description = "explains the output, not the logit below it" };
    private readonly Option<int> steps = new("--steps") { Description = "of integrated gradients", DefaultValueFactory = _ => 50 };
    private readonly Option<string?> reference = new("--reference")
    {
        Description = $"a file of at most {MostReferences} rows, over which scores are averaged; zeros without it",
    };
    private readonly Option<string> shard = new("--shard")
    {
        Description = "\"3/16\": the fourth of sixteen workers", DefaultValueFactory = _ => "0/1",
    };
    private readonly Option<bool> resume = new("--resume") { Description = "leaves finished parts as they are" };
    private readonly Option<int> partRows = new("--part-rows") { Description = "rows of a part", DefaultValueFactory = _ => 16384 };
    private readonly Option<string> format =
        new("--format") { Description = "of the parts: parquet or arrow", DefaultValueFactory = _ => "parquet" };
    private readonly Option<int> threads = new("--threads") { Description = "threads of a worker", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> failOnUnreadable = new("--fail-on-unreadable")
    {
        Description = $"ends with {Worker.Unreadable} if a row could not be read or explained",
    };
    private readonly Option<string?> id = new("--id") { Description = "the column of a table that names its rows" };
    private readonly Option<string[]> missing = new("--missing")
    {
        Description = "\"age=35\": what stands for a value that a column misses; its row is refused without it",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<bool> othersAsNone =
        new("--others-as-none") { Description = "takes a value that is no category as none of them" };
    private readonly Option<string> letters = new("--other-letters")
    {
        Description = "of a sequence: refuse, none (zeros) or even (a quarter each)", DefaultValueFactory = _ => "refuse",
    };
    private readonly Option<bool> eachLetter =
        new("--each-letter") { Description = "a score for each letter of a sequence, not for each position" };
    private readonly Option<float> divisor = new("--divisor") { Description = "of an IDX file's numbers", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> tensor = new("--tensor") { Description = "the tensor of a safetensors file" };

    private readonly RootCommand root;

    public WorkerCommand()
    {
        root = new RootCommand("Explains a file of rows, as one of several workers that share a folder.");
        foreach (var option in new Option[]
        {
            weights, input, folder, method, target, ofOutput, steps, reference, shard, resume, partRows, format, threads, failOnUnreadable,
            id, missing, othersAsNone, letters, eachLetter, divisor, tensor,
        })
        {
            root.Add(option);
        }
        method.AcceptOnlyFromAmong([.. Questions.Names]);
        format.AcceptOnlyFromAmong("parquet", "arrow");
        letters.AcceptOnlyFromAmong("refuse", "none", "even");
        AtLeastOne(steps);
        AtLeastOne(partRows);
        AtLeastOne(threads);
        shard.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !Shard.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"--shard is \"index/count\", with an index from 0 below the count, not \"{result.Tokens[0].Value}\".");
        });
    }

    private static void AtLeastOne(Option<int> option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number < 1)
            result.AddError($"{option.Name} is at least 1, not {number}.");
    });

    /// <summary>The command without what it does.</summary>
    public RootCommand Root => root;

    public bool FailsOnUnreadable(ParseResult words) => words.GetValue(failOnUnreadable);

    public WorkerOptions Options(ParseResult words)
    {
        _ = Shard.TryParse(words.GetRequiredValue(shard), out var own);
        return new WorkerOptions
        {
            Weights = words.GetRequiredValue(weights), Input = words.GetRequiredValue(input), Folder = words.GetRequiredValue(folder),
            Format = $".{words.GetRequiredValue(format)}", PartRows = words.GetValue(partRows), Shard = own,
            Resume = words.GetValue(resume),
            Reference = words.GetValue(reference), Asked = Asked(words),
        };
    }

    private SortedDictionary<string, string> Asked(ParseResult words)
    {
        var asked = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["method"] = words.GetRequiredValue(method), ["target"] = words.GetRequiredValue(target),
        };
        if (Questions.HasSteps(asked["method"]))
            asked["steps"] = words.GetValue(steps).ToString(CultureInfo.InvariantCulture);
        foreach (var flag in new[] { ofOutput, othersAsNone, eachLetter })
        {
            if (words.GetValue(flag))
                asked[flag.Name[2..]] = "yes";
        }
        if (words.GetValue(id) is { } column)
            asked["id"] = column;
        if (words.GetRequiredValue(missing) is { Length: > 0 } said)
            asked["missing"] = string.Join(", ", said);
        if (words.GetRequiredValue(letters) is not "refuse" and var others)
            asked["other-letters"] = others;
        if (words.GetValue(divisor) is not 1 and var number)
            asked["divisor"] = number.ToString(CultureInfo.InvariantCulture);
        if (words.GetValue(tensor) is { } name)
            asked["tensor"] = name;
        return asked;
    }

    public RowOptions Reading(ParseResult words, Signature network)
    {
        var schema = TableSchema.Of(network);
        foreach (var said in words.GetRequiredValue(missing))
        {
            var sign = said.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1)
                throw new ArgumentException($"--missing is \"column=value\", not \"{said}\".");
            schema = schema.WithMissing(said[..sign], said[(sign + 1)..]);
        }
        return new RowOptions
        {
            Schema = words.GetValue(othersAsNone) ? schema.WithOthersAsNone() : schema, IdColumn = words.GetValue(id),
            OtherLetters = Enum.Parse<OtherLetters>(words.GetRequiredValue(letters), ignoreCase: true),
            EachLetter = words.GetValue(eachLetter), Divisor = words.GetValue(divisor), Tensor = words.GetValue(tensor),
        };
    }

    public Question Question(ParseResult words, INetwork net, RowOptions reading)
    {
        float[]? rows = null;
        var each = 1;
        if (words.GetValue(reference) is { } path)
            (rows, each) = References(path, net.Signature, reading);
        var asked = Questions.Target(words.GetRequiredValue(target), words.GetValue(ofOutput));
        return Questions.Of(words.GetRequiredValue(method), asked, rows, each, words.GetValue(steps), words.GetValue(threads));
    }

    private static (float[] Rows, int Count) References(string path, Signature network, RowOptions reading)
    {
        using var source = DamagedFileException.Open(path, network, reading);
        if (source.Count is 0 or > MostReferences)
            throw new DamagedFileException($"{path} has {source.Count} rows; references are 1 to {MostReferences}.");
        var rows = new float[(int)source.Count * source.RowSize];
        foreach (var batch in source.Read((int)source.Count))
        {
            if (batch.Unreadable.Count > 0)
                throw new DamagedFileException($"{path} has a reference that cannot be read: {batch.Unreadable[0]}.");
            batch.Values.CopyTo(rows);
        }
        return (rows, (int)source.Count);
    }
}
