using System.CommandLine;
using Cluster;
using Motifs;
using Samples;
using Whence;

var count = CommandLine.Number("--count", "how many sequences", 1, int.MaxValue);
count.Required = true;
var seed = CommandLine.Number("--seed", "what they are drawn by; 1 without it", 0, int.MaxValue);
var file = new Option<string>("--out") { Description = "the file: .fa, .csv or .parquet", HelpName = "FILE", Required = true };
var reference = new Option<string?>("--reference")
{
    Description = "a safetensors file for the background's frequencies, what sequences are compared with", HelpName = "FILE",
};
var root = new RootCommand("Writes sequences of 200 bases with motifs of GATA1 and TAL1, as FASTA or as a table.")
{
    count, seed, file, reference,
};
root.SetAction(async (words, _) =>
{
    var motifs = Motif.Read(Path.Combine(AppContext.BaseDirectory, "motifs.txt"));
    var sequences = Simulated.Draw(words.GetValue(count)!.Value, words.GetValue(seed) ?? 1, motifs);
    await SequenceFiles.Write(words.GetRequiredValue(file), sequences);
    if (words.GetValue(reference) is { } path)
    {
        Weights.Save(path, new Dictionary<string, Tensor>
        {
            ["background"] = new(new Shape(1, Dna.Alphabet.Length, Dna.Length), Array.ConvertAll(Dna.Reference(), value => (double)value)),
        });
    }
    return 0;
});
return root.Run(args);
