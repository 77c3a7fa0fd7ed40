namespace Language;

/// <summary>The words that the network knows; all others are one word to it.</summary>
internal sealed class Vocabulary
{
    /// <summary>What stands for every word that the network does not know.</summary>
    public const string Unknown = "<unk>";

    private readonly string[] words;
    private readonly Dictionary<string, int> numbers;

    private Vocabulary(string[] words)
    {
        this.words = words;
        numbers = words.Select((word, number) => (word, number)).ToDictionary(pair => pair.word, pair => pair.number);
    }

    public string this[int number] => words[number];

    /// <summary>One word a line, in the order of the embedding's rows.</summary>
    public static Vocabulary Read(string path) => new(File.ReadAllLines(path));

    public int Number(string word) => numbers.TryGetValue(word, out var number) ? number : numbers[Unknown];

    public bool Knows(string word) => numbers.ContainsKey(word);
}
