using System.Globalization;
using Language;
using Whence;

// In the short form, one in so many.
const int Few = 4;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var arguments = Arguments.Parse(args);
    if (arguments.Help)
        Console.WriteLine(Arguments.Usage);
    else
        Run(arguments);
    return 0;
}
catch (Exception error) when (error is ArgumentException or InvalidDataException or IOException or WeightsException or CompletenessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static void Run(Arguments arguments)
{
    var net = WordNet.Load(Beside("language.safetensors"));
    var vocabulary = Vocabulary.Read(Beside("vocabulary.txt"));
    var sections = Section.Read(Beside("sections.txt"), vocabulary);
    var text = Section.ReadText(Beside("test-text.txt.gz"), vocabulary);
    Directory.CreateDirectory(arguments.Out);

    Compare(TorchCheck.Differences(net, sections, Beside("torch-answers.safetensors")));
    var read = arguments.Short ? [.. text.Where((_, i) => i % Few == 0)] : text;
    Console.WriteLine($"Perplexity of the word behind {Section.Length} words: {Perplexity(net, read):f2} ({read.Count} sections of the test text)");
    Console.WriteLine();

    var all = (arguments.Short ? sections.Where((_, i) => i % Few == 0) : sections).Select(section => new Explained(net, section)).ToList();
    Tables.Sections(all);
    var surest = all.OrderByDescending(one => one.Probability).Take(3).ToList();
    surest.ForEach(Tables.Words);
    Drawings.Along(all).Save(Path.Combine(arguments.Out, "along.svg"));
    Drawings.Words(surest).Save(Path.Combine(arguments.Out, "words.svg"));
    File.WriteAllText(Path.Combine(arguments.Out, "words.html"), Drawings.Html(all));
    Console.WriteLine($"The pictures are in {Path.GetFullPath(arguments.Out)}.");
}

static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

// Apart by the rounding of single precision and no more.
static void Compare((double Probabilities, double Gradients, double IntegratedGradients) apart)
{
    Console.WriteLine($"Against PyTorch in double, relative to the largest value: probabilities {apart.Probabilities:0.0e+0}, gradients {apart.Gradients:0.0e+0}, integrated gradients {apart.IntegratedGradients:0.0e+0}");
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
