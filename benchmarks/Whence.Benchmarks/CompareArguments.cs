using System.Globalization;

namespace Whence.Benchmarks;

/// <summary>What <c>compare</c> is asked for.</summary>
internal sealed class CompareArguments
{
    public const string Usage = """
        Measures Whence, PyTorch and ONNX Runtime in turn, one thread each, or this build and another, and prints the ratios as Markdown.

          dotnet run --project benchmarks/Whence.Benchmarks -c Release -- compare [options]

        --seconds S      how long each number is measured for (0.3)
        --against DIR    in place of the peers another build of these benchmarks, which lies in this folder; ends with 2 if a case is slower
        --networks A,B   of mnist_cnn, genomics_cnn, tabular_mlp, lstm_lm, googlenet (all)
        --batches 1,32   how many examples at a time (1,32,256); of lstm_lm at most 32, of googlenet 1
        --methods A,B    of forward, gradient, ig50, rescale, revealcancel, and with --against ablation, of tabular_mlp, and mutagenesis,
                         of one sequence of genomics_cnn (all)
        --python FILE    a Python with PyTorch and NumPy (python3); - to leave PyTorch out
        --node FILE      a Node.js (node); - to leave ONNX Runtime out
        --clock C        wall: the time that calls take; cpu: their processor time, for a busy machine (wall)
        """;

    private static readonly string[] methods = ["forward", "gradient", "ig50", "rescale", "revealcancel"];
    // Which the peers' scripts do not know.
    private static readonly string[] counterfactuals = [Benchmarks.Questions.OfAblation, Benchmarks.Questions.OfMutagenesis];

    private IReadOnlyList<string>? chosen;

    public double Seconds { get; private set; } = 0.3;
    public IReadOnlyList<string> Networks { get; private set; } = Subject.Names;
    public IReadOnlyList<int> Batches { get; private set; } = [1, 32, 256];
    public string Python { get; private set; } = "python3";
    public string Node { get; private set; } = "node";
    public bool Cpu { get; private set; }
    public string? Against { get; private set; }
    public IReadOnlyList<string> Methods => chosen ?? (Against is null ? methods : [.. methods, .. counterfactuals]);

    /// <summary>Every case that is asked for and small enough.</summary>
    public IEnumerable<Question> Questions =>
        from network in Networks
        from batch in Batches
        where batch <= Subject.LargestBatch(network)
        from method in Methods
        where Benchmarks.Questions.IsAsked(network, method, batch)
        select new Question(network, method, batch);

    /// <exception cref="ArgumentException">An option is unknown, or its value is missing or wrong.</exception>
    public static CompareArguments Parse(string[] words)
    {
        var arguments = new CompareArguments();
        for (var i = 0; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length || !arguments.Set(words[i], words[i + 1]))
                throw new ArgumentException($"{words[i]} is no option, or its value is missing or wrong.{Environment.NewLine}{Usage}");
        }
        if (arguments.Against is null && arguments.Methods.Any(counterfactuals.Contains))
            throw new ArgumentException($"{string.Join(" and ", counterfactuals)} are compared with another build alone: give --against.");
        return arguments;
    }

    private bool Set(string option, string value)
    {
        switch (option)
        {
            case "--seconds":
                Seconds = double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
                return Seconds > 0;
            case "--networks":
                Networks = value.Split(',');
                return Networks.All(Subject.Names.Contains);
            case "--batches":
                Batches = [.. value.Split(',').Select(text => int.TryParse(text, CultureInfo.InvariantCulture, out var batch) ? batch : 0)];
                return Batches.All(batch => batch > 0);
            case "--methods":
                chosen = value.Split(',');
                return chosen.All(method => methods.Contains(method) || counterfactuals.Contains(method));
            case "--against":
                Against = value;
                return true;
            case "--python":
                Python = value;
                return true;
            case "--node":
                Node = value;
                return true;
            case "--clock":
                Cpu = value == "cpu";
                return value is "cpu" or "wall";
            default:
                return false;
        }
    }
}
