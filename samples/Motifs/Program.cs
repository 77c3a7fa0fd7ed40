using System.CommandLine;
using Motifs;
using Samples;
using Whence;

// One sequence in so many: in the short form, and drawn in the scatter plots.
const int Few = 8;
const int Drawn = 4;

// So many sequences with both motifs are mutated, base by base.
const int Mutated = 20;

// So many are explained by the CPU too where a device explains them.
const int Compared = 16;

var device = Computer.Option();
var root = new RootCommand("DeepLIFT's experiment with the motifs of TAL1 and GATA1: tables on the terminal, pictures in a folder.")
    .Experiment("100 of the 800 test sequences", "motifs-pictures",
        (folder, isShort, words) => Run(folder, isShort, words.GetRequiredValue(device)));
root.Add(device);
return root.Run(args, error => error is GpuException);

static int Run(string folder, bool isShort, string device)
{
    using var computer = Computer.Open(device);
    var net = MotifNet.Load(Path.Combine(AppContext.BaseDirectory, "motifs.safetensors"));
    var motifs = Motif.Read(Path.Combine(AppContext.BaseDirectory, "motifs.txt"));
    var all = Dna.Read(Path.Combine(AppContext.BaseDirectory, "test-sequences.tsv.gz"));
    var sequences = isShort ? [.. all.Where((_, i) => i % Few == 0)] : all;

    INetwork asked = computer.Device is { } gpu ? net.OnGpu(gpu) : net;
    var study = new Study(asked, sequences, Method.All, name => Console.Error.WriteLine($"explaining: {name}"));
    Tables.Network(study, LogitsAt(net, Dna.Reference()));
    var found = motifs.ConvertAll(motif => (Motif: motif, Hits: study.Hits(motif)));
    var findings = found.ConvertAll(of => (of.Motif.Name, Findings: (IReadOnlyList<Findings>)[.. Enumerable.Range(0, Method.All.Count)
        .Select(method => new Findings(study, of.Motif, of.Hits, method))]));
    for (var i = 0; i < motifs.Count; i++)
    {
        Tables.Findings(study, motifs[i], findings[i].Findings);
        Drawings.Scatter(study, motifs[i], found[i].Hits, isShort ? 1 : Drawn).Save(Path.Combine(folder, $"scatter-{motifs[i].Name}.svg"));
    }
    Tables.Gaps(study);
    RequireCooperation(findings.SelectMany(motif => motif.Findings));
    Drawings.FalseNegatives(study, findings).Save(Path.Combine(folder, "false-negatives.svg"));
    Logos.Of(net, all.First(dna => dna.Kind == Kind.Both && dna.Instances.Count == 2), motifs).Save(Path.Combine(folder, "logos.svg"));
    var lifted = (IDeepLiftNetwork)asked;
    var aligned = new[] { Aligned.Of(lifted, sequences, 1, motifs[0]), Aligned.Of(lifted, sequences, 2, motifs[1]) };
    Console.WriteLine("Seqlets, aligned:");
    foreach (var one in aligned)
        Console.WriteLine(one);
    RequireSites(aligned);
    Aligned.Draw(aligned).Save(Path.Combine(folder, "seqlets.svg"));
    Tables.Mutagenesis(study, asked, [.. Enumerable.Range(0, sequences.Count).Where(i => sequences[i].Kind == Kind.Both).Take(Mutated)]);
    if (computer.Device is not null)
        Compare(computer, asked, net, [.. sequences.Take(Compared)]);
    Console.WriteLine(computer.Tell());
    Console.WriteLine($"The pictures are in {Path.GetFullPath(folder)}.");
    return 0;
}

static void Compare(Computer computer, INetwork asked, MotifNet net, IReadOnlyList<Dna> sequences)
{
    foreach (var method in Method.All)
    {
        var (ours, theirs) = (Study.Ask(method, asked, sequences), Study.Ask(method, net, sequences));
        for (var i = 0; i < sequences.Count; i++)
        {
            for (var task = 0; task < Study.Tasks; task++)
                computer.Compare(ours[i, task].Scores, theirs[i, task].Scores);
        }
    }
    foreach (var dna in sequences)
        computer.Compare(Logos.Lost(asked, dna), Logos.Lost(net, dna));
}

static float[] LogitsAt(MotifNet net, float[] x) =>
    [.. Enumerable.Range(0, Study.Tasks).Select(task => (float)net.Gradient(x, Target.Unit(task)).Output)];

// Where the motifs were planted is known.
static void RequireSites(IReadOnlyList<Aligned> all)
{
    foreach (var one in all.Where(one => 2 * one.Found < one.Planted))
        throw new InvalidDataException($"Seqlets should cover most of the planted sites, but: {one}.");
}

// The paper's finding, whose interval excludes zero on all test sequences.
static void RequireCooperation(IEnumerable<Findings> findings)
{
    foreach (var finding in findings.Where(finding => finding.IsDeepLift))
    {
        if (finding.Cooperation().Estimate <= 0)
            throw new InvalidDataException(
                $"By {finding.Method} a motif should count for more beside the other one than alone, but does not.");
    }
}
