using System.Globalization;

namespace Whence.Benchmarks;

/// <summary>What <c>compare</c> is asked for.</summary>
internal sealed class CompareArguments
{
    public const string Usage = """
        Measures Whence, PyTorch and ONNX Runtime in turn, one thread each, and prints the ratios as Markdown.

          dotnet run --project benchmarks/Whence.Benchmarks -c Release -- compare [options]

        --seconds S      how long each number is measured for (0.3)
        --networks A,B   of mnist_cnn, genomics_cnn, tabular_mlp (all)
        --batches 1,32   how many examples at a time (1,32,256)
        --python FILE    a Python with PyTorch and NumPy (python3); - to leave PyTorch out
        --node FILE      a Node.js (node); - to leave ONNX Runtime out
        --clock C        wall: median of each call's time; cpu: mean of its processor time, for a busy machine (wall)
        """;

    public double Seconds { get; private set; } = 0.3;
    public IReadOnlyList<string> Networks { get; private set; } = Subject.Names;
    public IReadOnlyList<int> Batches { get; private set; } = [1, 32, 256];
    public string Python { get; private set; } = "python3";
    public string Node { get; private set; } = "node";
    public bool Cpu { get; private set; }

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
                Batches = [.. value.Split(',').Select(text => int.TryParse(text, CultureInfo.InvariantCulture, out var batch) ? batch : 0)];
                return Batches.All(batch => batch > 0);
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
