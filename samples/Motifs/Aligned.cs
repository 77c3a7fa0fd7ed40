using Whence;
using Whence.Evaluate;
using Whence.Pictures;

namespace Motifs;

/// <summary>What the network looks for, found without the matrices: DeepLIFT's seqlets of many sequences, aligned.</summary>
/// <param name="Task">The task that the scores are for.</param>
/// <param name="Motif">What the seqlets have in common: of those found, the one with the most.</param>
/// <param name="Planted">How many sites of the task's motif the sequences have.</param>
/// <param name="Found">How many of them a seqlet covers, all but two positions.</param>
internal sealed record Aligned(int Task, SeqletMotif Motif, int Planted, int Found)
{
    private static readonly string[] names = ["both motifs", "GATA1", "TAL1"];

    /// <summary>The seqlets of one task's sequences.</summary>
    /// <param name="net">The network.</param>
    /// <param name="sequences">All sequences; those that are positive for the task are asked about.</param>
    /// <param name="task">1 or 2.</param>
    /// <param name="motif">The task's motif, to see what was found.</param>
    /// <exception cref="InvalidDataException">Nothing stands out.</exception>
    public static Aligned Of(IDeepLiftNetwork net, IReadOnlyList<Dna> sequences, int task, Motif motif)
    {
        var asked = sequences.Where(dna => dna.IsPositive(task)).ToList();
        float[] x = [.. asked.SelectMany(dna => dna.OneHot())];
        var all = net.DeepLift(x, asked.Count, Target.Unit(task), Rule.Genomics, Dna.Reference());
        float[] scores = [.. all.SelectMany(one => one.Scores.ToArray())];
        var found = SeqletMotif.Find(scores, asked.Count, x).MaxBy(one => one.Seqlets.Count)
            ?? throw new InvalidDataException($"No seqlets stand out in the scores for {names[task]}.");
        var seqlets = found.Seqlets.ToLookup(seqlet => seqlet.Sequence);
        var sites = asked.SelectMany((dna, i) => dna.Instances.Where(site => site.Motif == motif.Name).Select(site => (i, site.Start)))
            .ToList();
        return new(task, found, sites.Count, sites.Count(site => seqlets[site.i].Any(seqlet =>
            site.Start >= seqlet.Start - 2 && site.Start + motif.Length <= seqlet.Start + found.Width + 2)));
    }

    /// <summary>In a line.</summary>
    public override string ToString() => $"{names[Task]}: {Motif.Seqlets.Count} seqlets of {Motif.Sequences} sequences, {Motif.Consensus}; "
        + $"they cover {Found} of {Planted} planted sites";

    /// <summary>Logos below each other.</summary>
    public static Drawing Draw(IReadOnlyList<Aligned> all) => new Panels
    {
        Title = "DeepLIFT's seqlets, aligned",
        Columns = 1,
        Drawings = [.. all.Select(one => Logo(one))],
    };

    private static SequenceLogo Logo(Aligned one)
    {
        var logo = SequenceLogo.Of(one.Motif);
        return logo with { Title = $"{names[one.Task]}: {logo.Title}" };
    }
}
