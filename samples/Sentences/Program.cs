using System.CommandLine;
using Microsoft.ML.Tokenizers;
using Samples;
using Sentences;

// In the short form.
const int Few = 2;

var left = new Argument<string>("left") { Description = "a sentence" };
var right = new Argument<string>("right") { Description = "another" };
var page = new Option<string>("--out")
{
    Description = "the page to write", HelpName = "FILE", DefaultValueFactory = _ => "sentences.html",
};
var compare = new Command("compare", "Which words make two sentences similar: a table, and a page.") { left, right, page };
compare.SetAction(words =>
{
    var path = words.GetRequiredValue(page);
    CommandLine.RequireFile(path);
    Run([(words.GetRequiredValue(left), words.GetRequiredValue(right))], path);
    return 0;
});
var root = new RootCommand("Why two sentences are similar: MiniLM, a BERT of six layers, imported from its ONNX file. Tables on the "
    + "terminal, an HTML page in a folder.")
    .Experiment($"the first {Few} of the pairs", "sentences", (folder, isShort) =>
    {
        var pairs = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "pairs.tsv")).Select(line => line.Split('\t'));
        Run([.. (isShort ? pairs.Take(Few) : pairs).Select(pair => (pair[0], pair[1]))], Path.Combine(folder, "sentences.html"));
        return 0;
    });
root.Add(compare);
return root.Run(args);

static void Run(IReadOnlyList<(string Left, string Right)> pairs, string path)
{
    using var vocabulary = Pretrained.Vocabulary();
    var tokenizer = BertTokenizer.Create(vocabulary);
    var read = pairs.Select(pair => (Sentence.Read(pair.Left, tokenizer), Sentence.Read(pair.Right, tokenizer))).ToList();
    var net = Pretrained.Load();
    var all = new List<Similarity>();
    foreach (var (left, right) in read)
    {
        all.Add(Similarity.Of(net, left, right));
        Tell(all[^1]);
    }
    File.WriteAllText(path, Page.Of(all));
    Console.WriteLine($"The page is {Path.GetFullPath(path)}.");
}

static void Tell(Similarity pair)
{
    Console.WriteLine($"{pair.Cosine:f3}  {pair.Left.Text}  |  {pair.Right.Text}");
    foreach (var answer in pair.Answers)
    {
        var words = answer.Sentence.Words.Zip(answer.Words, (word, score) => (word, score)).OrderByDescending(one => Math.Abs(one.score));
        Console.WriteLine($"       {answer.Method,-20}  gap {answer.Why.RelativeGap:0.0e+0}  "
            + string.Join(", ", words.Take(4).Select(one => $"{one.word} {one.score:+0.000;-0.000}")));
    }
    Console.WriteLine();
}
