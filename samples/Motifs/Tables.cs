using Whence;

namespace Motifs;

/// <summary>The tables, as Markdown.</summary>
internal static class Tables
{
    public static void Network(Study study, float[] referenceLogits)
    {
        Console.WriteLine($"{study.Sequences.Count} test sequences; AUROC "
            + $"{string.Join(" / ", Enumerable.Range(0, Study.Tasks).Select(task => $"{study.Auroc(task):f4}"))} (both, GATA1, TAL1)");
        Console.WriteLine($"logits at the reference {string.Join(" / ", referenceLogits.Select(logit => $"{logit:f4}"))}");
        Console.WriteLine();
    }

    public static void Findings(Study study, Motif motif, IReadOnlyList<Findings> findings)
    {
        Console.WriteLine($"## {motif.Name}");
        Console.WriteLine();
        Console.WriteLine("| method | false negatives | on its own task | on the other's | rank correlation | task 0: with both less alone "
            + "[95 %] | 1 / 2 / 3 copies |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (var method = 0; method < findings.Count; method++)
        {
            var finding = findings[method];
            var (missed, all) = finding.FalseNegatives();
            var cooperation = finding.Cooperation();
            Console.WriteLine($"| {study.Methods[method].Name} | {missed} of {all} ({100.0 * missed / all:f1} %) | "
                + $"{finding.OnOwnTask():f2} | {finding.OnOtherTask():f2} | {finding.RankCorrelation():f2} "
                + $"| {cooperation.Estimate:f2} [{cooperation.Low:f2}, {cooperation.High:f2}]{(cooperation.ExcludesZero ? "" : " *")} | "
                + $"{string.Join(" / ", Enumerable.Range(1, 3).Select(copies => $"{finding.WithCopies(copies):f2}"))} |");
        }
        Console.WriteLine();
    }

    public static void Gaps(Study study)
    {
        Console.WriteLine("| method | largest relative gap |");
        Console.WriteLine("| --- | ---: |");
        for (var method = 0; method < study.Methods.Count; method++)
            Console.WriteLine($"| {study.Methods[method].Name} | {study.Gaps[method]:0.0e+0} |");
        Console.WriteLine();
    }

    /// <summary>
    /// How each method's scores of the 200 bases go together with what replacing them does to the logit of "both motifs".
    /// </summary>
    public static void Mutagenesis(Study study, INetwork net, IReadOnlyList<int> sequences)
    {
        var lost = sequences.Select(sequence => Logos.Lost(net, study.Sequences[sequence]).Select(value => (double)value).ToArray())
            .ToList();
        Console.WriteLine($"| method | correlation with mutagenesis, mean of {sequences.Count} sequences with both motifs |");
        Console.WriteLine("| --- | ---: |");
        for (var method = 0; method < study.Methods.Count; method++)
        {
            var each = sequences.Select((sequence, i) => Correlation.Pearson(Doubles(study.Positions(method, sequence, 0)), lost[i]));
            Console.WriteLine($"| {study.Methods[method].Name} | {each.Average():f3} |");
        }
        Console.WriteLine();
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }
}
