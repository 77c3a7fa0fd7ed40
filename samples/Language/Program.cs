using System.CommandLine;
using Language;
using Samples;
using Whence;

// In the short form, one in so many.
const int Few = 4;

var device = Computer.Option();
var root = new RootCommand("Why the network expects a word: the language experiment of Gradients of Counterfactuals. Tables on the "
    + "terminal, pictures in a folder.")
    .Experiment("5 of the 20 sections, and a quarter of the text for the perplexity", "language-pictures", (folder, isShort, words) =>
    {
        using var computer = Computer.Open(words.GetRequiredValue(device));
        var net = WordNet.Load(Beside("language.safetensors"));
        if (computer.Device is { } gpu)
            Run(net.OnGpu(gpu), net, computer, folder, isShort);
        else
            Run(net, net, computer, folder, isShort);
        return 0;
    });
root.Add(device);
return root.Run(args, error => error is GpuException);

// What explains, and the same network on the CPU.
static void Run<TNet>(TNet net, WordNet onCpu, Computer computer, string folder, bool isShort)
    where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork, ITokenNetwork
{
    var vocabulary = Vocabulary.Read(Beside("vocabulary.txt"));
    var sections = Section.Read(Beside("sections.txt"), vocabulary);
    var text = Section.ReadText(Beside("test-text.txt.gz"), vocabulary);

    CompareWithTorch(TorchCheck.Differences(net, sections, Beside("torch-answers.safetensors")));
    var read = isShort ? [.. text.Where((_, i) => i % Few == 0)] : text;
    Console.WriteLine(
        $"Perplexity of the word behind {Section.Length} words: {Perplexity(onCpu, read):f2} ({read.Count} sections of the test text)");
    Console.WriteLine();

    var all = (isShort ? sections.Where((_, i) => i % Few == 0) : sections).Select(section => Explained.Of(net, section)).ToList();
    Tables.Sections(all);
    var surest = all.OrderByDescending(one => one.Probability).Take(3).ToList();
    surest.ForEach(Tables.Words);
    Drawings.Along(all).Save(Path.Combine(folder, "along.svg"));
    Drawings.Words(surest).Save(Path.Combine(folder, "words.svg"));
    File.WriteAllText(Path.Combine(folder, "words.html"), Drawings.Html(all));
    if (computer.Device is not null)
        Compare(computer, surest, surest.ConvertAll(one => Explained.Of(onCpu, one.Section)));
    Console.WriteLine(computer.Tell());
    Console.WriteLine($"The pictures are in {Path.GetFullPath(folder)}.");
}

static void Compare(Computer computer, List<Explained> ours, List<Explained> theirs)
{
    foreach (var (one, other) in ours.SelectMany(one => one.Methods).Zip(theirs.SelectMany(one => one.Methods)))
        computer.Compare(one.Why.Scores, other.Why.Scores);
}

static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

// Apart by the rounding of single precision and no more.
static void CompareWithTorch((double Probabilities, double Gradients, double IntegratedGradients) apart)
{
    Console.WriteLine($"Against PyTorch in double, relative to the largest value: probabilities {apart.Probabilities:0.0e+0}, gradients "
        + $"{apart.Gradients:0.0e+0}, integrated gradients {apart.IntegratedGradients:0.0e+0}");
    if (Math.Max(apart.Probabilities, Math.Max(apart.Gradients, apart.IntegratedGradients)) > 1e-4)
        throw new InvalidDataException("The compiled network does not say what PyTorch says of the same weights.");
}

static double Perplexity(WordNet net, IReadOnlyList<Section> sections)
{
    var sum = 0.0;
    foreach (var section in sections)
        sum -= Math.Log(net.Predict(section.Numbers)[section.NextNumber]);
    return Math.Exp(sum / sections.Count);
}
