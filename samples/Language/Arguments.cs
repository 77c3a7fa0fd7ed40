namespace Language;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(bool Short, string Out, bool Help)
{
    public const string Usage = """
        Why the network expects a word: the language experiment of Gradients of Counterfactuals. Tables on the terminal, pictures in a folder.

          dotnet run --project samples/Language -c Release -- [short] [--out FOLDER]

        short          5 of the 20 sections, and a quarter of the text for the perplexity
        --out FOLDER   where the pictures go (language-pictures)
        """;

    /// <exception cref="ArgumentException">A word is unknown, or --out lacks its folder.</exception>
    public static Arguments Parse(string[] words)
    {
        var arguments = new Arguments(false, "language-pictures", false);
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
