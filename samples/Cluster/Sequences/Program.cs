using System.CommandLine;
using Cluster;
using Motifs;
using Samples;
using Whence;

var count = CommandLine.Number("--count", "how many sequences", 1, int.MaxValue);
count.Required = true;
var seed = CommandLine.Number("--seed", "what they are drawn by; 1 without it", 0, int.MaxValue);
var file = new Option<string>("--out") { Description = "the FASTA file", HelpName = "FILE", Required = true };
var reference = new Option<string?>("--reference")
{
    Description = "a safetensors file for the background's frequencies, what sequences are compared with", HelpName = "FILE",
};
var root = new RootCommand("Writes sequences of 200 bases with motifs of GATA1 and TAL1, as FASTA.") { count, seed, file, reference };
root.SetAction(words =>
{
    var motifs = Motif.Read(Path.Combine(AppContext.BaseDirectory, "motifs.txt"));
    using (var to = new StreamWriter(words.GetRequiredValue(file)))
        Simulated.Write(to, words.GetValue(count)!.Value, words.GetValue(seed) ?? 1, motifs);
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
