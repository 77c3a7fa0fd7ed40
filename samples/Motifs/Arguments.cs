namespace Motifs;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(bool Short, string Out, bool Help)
{
    public const string Usage = """
        DeepLIFT's experiment with the motifs of TAL1 and GATA1: tables on the terminal, pictures in a folder.

          dotnet run --project samples/Motifs -c Release -- [short] [--out FOLDER]

        short          100 of the 800 test sequences
        --out FOLDER   where the pictures go (motifs-pictures)
        """;

    /// <exception cref="ArgumentException">A word is unknown, or --out lacks its folder.</exception>
    public static Arguments Parse(string[] words)
    {
        var arguments = new Arguments(false, "motifs-pictures", false);
        for (var i = 0; i < words.Length; i++)
        {
            arguments = words[i] switch
            {
                "short" => arguments with { Short = true },
                "--help" or "-h" => arguments with { Help = true },
                "--out" => arguments with { Out = i + 1 < words.Length ? words[++i] : throw new ArgumentException("--out takes a folder.") },
                _ => throw new ArgumentException($"There is no option {words[i]}; --help lists them."),
            };
        }
        return arguments;
    }
}
