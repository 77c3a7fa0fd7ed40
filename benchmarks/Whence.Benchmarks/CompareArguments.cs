using System.Globalization;

namespace Whence.Benchmarks;

/// <summary>What <c>compare</c> is asked for.</summary>
internal sealed class CompareArguments
{
    public const string Usage = """
        Measures Whence beside its peers, PyTorch and ONNX Runtime, or this build beside another, in turn.

          dotnet run --project benchmarks/Whence.Benchmarks -c Release -- compare [options]

        --seconds S      how long each case is measured for, all sides together (2)
        --against DIR    in place of the peers another build of these benchmarks, which lies in this folder; ends with 2 if a case is slower
        --networks A,B   of mnist_cnn, genomics_cnn, tabular_mlp, lstm_lm, googlenet, resnet18, bert_block (all)
        --batches 1,32   how many examples at a time (1,32,256; of googlenet, resnet18 and bert_block 1,8)
        --methods A,B    of forward, gradient, ig50, ig10, rescale, prepared, revealcancel, mutagenesis, occlusion, exact, ablation; beside
                         peers also together, several units by one call and by a call each, and cost, DeepLIFT in own forward passes (all)
        --threads 1,2    how many threads each side has (1,2)
        --python FILE    a Python with PyTorch and NumPy (python3); - to leave PyTorch out
        --clock C        wall: the time that calls take; cpu: their processor time, for a busy machine (wall)
        """;

    public const string Together = "together";
    public const string Cost = "cost";

    private static readonly string[] all =
    [
        Benchmarks.Questions.OfForward, Benchmarks.Questions.OfGradient, Benchmarks.Questions.OfFiftySteps, Benchmarks.Questions.OfTenSteps,
        Benchmarks.Questions.OfRescale, Benchmarks.Questions.OfPrepared, Benchmarks.Questions.OfRevealCancel,
        Benchmarks.Questions.OfMutagenesis, Benchmarks.Questions.OfOcclusion, Benchmarks.Questions.OfExact, Benchmarks.Questions.OfAblation,
    ];

    private IReadOnlyList<string> methods = [.. all, Together, Cost];
    private IReadOnlyList<int> batches = [];

    public double Seconds { get; private set; } = 2;
    public IReadOnlyList<string> Networks { get; private set; } = Subject.Names;
    public IReadOnlyList<int> Threads { get; private set; } = [1, 2];
    public string Python { get; private set; } = "python3";
    public bool Cpu { get; private set; }
    public string? Against { get; private set; }

    /// <summary>Every case that is asked for.</summary>
    public IEnumerable<Question> Questions =>
        from network in Networks
        from batch in Batches(network)
        from method in methods
        where Benchmarks.Questions.IsAsked(network, method, batch)
        select new Question(network, method, batch);

    /// <summary>How many examples of a network are asked about at a time.</summary>
    public IEnumerable<int> Batches(string network) =>
        Subject.Batches(network).Where(batch => batches.Count == 0 || batches.Contains(batch));

    public bool Has(string method) => methods.Contains(method);

    /// <exception cref="ArgumentException">An option is unknown, or its value is missing or wrong.</exception>
    public static CompareArguments Parse(string[] words)
    {
        var arguments = new CompareArguments();
        for (var i = 0; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length || !arguments.Set(words[i], words[i + 1]))
                throw new ArgumentException($"{words[i]} is no option, or its value is missing or wrong.{Environment.NewLine}{Usage}");
        }
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
                batches = Wholes(value);
                return batches.All(batch => Subject.Names.SelectMany(Subject.Batches).Contains(batch));
            case "--threads":
                Threads = Wholes(value);
                return Threads.All(threads => threads > 0 && threads <= Environment.ProcessorCount);
            case "--methods":
                methods = value.Split(',');
                return methods.All(method => all.Contains(method) || method is Together or Cost);
            case "--against":
                Against = value;
                return true;
            case "--python":
                Python = value;
                return true;
            case "--clock":
                Cpu = value == "cpu";
                return value is "cpu" or "wall";
            default:
                return false;
        }
    }

    private static int[] Wholes(string value) =>
        [.. value.Split(',').Select(text => int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : 0)];
}
