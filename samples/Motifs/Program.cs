using System.CommandLine;
using Motifs;
using Samples;
using Whence;

// One sequence in so many: in the short form, and drawn in the scatter plots.
const int Few = 8;
const int Drawn = 4;

// So many sequences with both motifs are mutated, base by base.
const int Mutated = 20;

return new RootCommand("DeepLIFT's experiment with the motifs of TAL1 and GATA1: tables on the terminal, pictures in a folder.")
    .Experiment("100 of the 800 test sequences", "motifs-pictures", Run)
    .Run(args);

static int Run(string folder, bool isShort)
{
    var net = MotifNet.Load(Path.Combine(AppContext.BaseDirectory, "motifs.safetensors"));
    var motifs = Motif.Read(Path.Combine(AppContext.BaseDirectory, "motifs.txt"));
    var all = Dna.Read(Path.Combine(AppContext.BaseDirectory, "test-sequences.tsv.gz"));
    var sequences = isShort ? [.. all.Where((_, i) => i % Few == 0)] : all;
    Directory.CreateDirectory(folder);

    var study = new Study(net, sequences, Method.All, name => Console.Error.WriteLine($"explaining: {name}"));
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
    Tables.Mutagenesis(study, net, [.. Enumerable.Range(0, sequences.Count).Where(i => sequences[i].Kind == Kind.Both).Take(Mutated)]);
    Console.WriteLine($"The pictures are in {Path.GetFullPath(folder)}.");
    return 0;
}

static float[] LogitsAt(MotifNet net, float[] x) =>
    [.. Enumerable.Range(0, Study.Tasks).Select(task => (float)net.Gradient(x, Target.Unit(task)).Output)];

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
