using Whence;
using Whence.Pictures;

namespace Motifs;

/// <summary>One sequence as logos: what each base contributes to "both motifs", what the others would, what replacing it does.</summary>
internal static class Logos
{
    private static readonly Target both = Target.Unit(0);

    /// <summary>The logos of one sequence, one below the other.</summary>
    public static Drawing Of(MotifNet net, Dna dna, IReadOnlyList<Motif> motifs)
    {
        var x = dna.OneHot();
        var reference = Dna.Reference();
        var hypothetical = net.HypotheticalContributions(x, both, Rule.Genomics, reference);
        return new Panels
        {
            Title = $"\"Both motifs\" in a sequence with one GATA1 and one TAL1 site: logit {hypothetical.Output:f2}, at the reference "
                + $"{net.Gradient(reference, both).Output:f2}",
            Columns = 1,
            Drawings =
            [
                Logo("gradient x (input - reference)", dna, motifs, PerPosition(net.GradientTimesInput(x, both, reference).Scores)),
                Logo("DeepLIFT, genomics preset", dna, motifs, PerPosition(net.DeepLift(x, both, Rule.Genomics, reference).Scores)),
                Logo("hypothetical contributions of all four bases", dna, motifs, hypothetical.Scores),
                Logo("in-silico mutagenesis: what is lost, on average, when the base is replaced", dna, motifs, Lost(net, dna)),
            ],
        };
    }

    /// <summary>What the target loses, on average, when each base is replaced by one of the other three.</summary>
    public static float[] Lost(INetwork net, Dna dna)
    {
        var changes = PerPosition(net.Mutagenesis(dna.OneHot(), both).Scores);
        return Array.ConvertAll(changes, change => -change / (Dna.Alphabet.Length - 1));
    }

    private static SequenceLogo Logo(string title, Dna dna, IReadOnlyList<Motif> motifs, ReadOnlySpan<float> scores)
    {
        var logo = scores.Length == Dna.Length ? SequenceLogo.Of(dna.Letters, scores) : new SequenceLogo { Scores = scores.ToArray() };
        return logo with
        {
            Title = title,
            LetterWidth = 6,
            Height = 90,
            Marks = [.. dna.Instances.Select(instance => new LogoMark(instance.Start,
                instance.Start + motifs.Single(motif => motif.Name == instance.Motif).Length, instance.Motif))],
        };
    }

    private static float[] PerPosition(ReadOnlySpan<float> scores)
    {
        var sums = new float[Dna.Length];
        for (var element = 0; element < scores.Length; element++)
            sums[element % Dna.Length] += scores[element];
        return sums;
    }
}
