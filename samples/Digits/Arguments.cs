using System.Globalization;

namespace Digits;

/// <summary>What the command line asks for.</summary>
internal sealed class Arguments
{
    public const string Usage = """
        Explains why the network takes a handwritten digit for what it is.

          dotnet run --project samples/Digits -c Release -- [what] [options]

        what           a digit's number, a PNG file of 28 x 28 pixels, or an IDX file and then numbers in it;
                       several may be given; digits 0, 18 and 61 of the sample if none is
        --target N     explain the logit of class N; without it that of the class with the highest
        --minus N      explain by how much the target's logit is above that of class N
        --steps N      steps of integrated gradients (50)
        --out FILE     where the report goes (digits.html)
        """;

    public List<string> What { get; } = [];
    public int? Target { get; private set; }
    public int? Minus { get; private set; }
    public int Steps { get; private set; } = 50;
    public string Out { get; private set; } = "digits.html";
    public bool Help { get; private set; }

    /// <exception cref="ArgumentException">An option is unknown, or its value is missing or wrong.</exception>
    public static Arguments Parse(string[] words)
    {
        var arguments = new Arguments();
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--target":
                    arguments.Target = Number(words, ref i, 0, 9);
                    break;
                case "--minus":
                    arguments.Minus = Number(words, ref i, 0, 9);
                    break;
                case "--steps":
                    arguments.Steps = Number(words, ref i, 1, 100_000);
                    break;
                case "--out":
                    arguments.Out = Value(words, ref i);
                    break;
                case "--help" or "-h":
                    arguments.Help = true;
                    break;
                case ['-', '-', ..]:
                    throw new ArgumentException($"There is no option {words[i]}; --help lists them.");
                default:
                    arguments.What.Add(words[i]);
                    break;
            }
        }
        if (arguments.What.Count == 0)
            arguments.What.AddRange(["0", "18", "61"]);
        return arguments;
    }

    private static int Number(string[] words, ref int i, int least, int most)
    {
        var option = words[i];
        var value = Value(words, ref i);
        return int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{option} takes a number from {least} to {most}, not {value}.");
    }

    private static string Value(string[] words, ref int i) =>
        i + 1 < words.Length ? words[++i] : throw new ArgumentException($"{words[i]} takes a value.");
}
