using Whence.Evaluate;

namespace Motifs;

/// <summary>What the paper reads off the scatter plots, as numbers for one motif and one method.</summary>
internal sealed class Findings(Study study, Motif motif, IReadOnlyList<Hit> hits, int method)
{
    /// <summary>Matches above this are the paper's confident ones (figure 5b).</summary>
    public const double Confident = 7;

    private const int Both = 0;

    public string Method => study.Methods[method].Name;

    public bool IsDeepLift => Method is "Rescale" or "RevealCancel" || Method.StartsWith("genomics", StringComparison.Ordinal);

    // The task whose label is the motif itself, and the one it should say nothing about.
    private int Own => motif.Name.StartsWith("GATA", StringComparison.Ordinal) ? 1 : 2;
    private int Other => 3 - Own;
    private Kind OwnKind => Own == 1 ? Kind.Gata1Only : Kind.Tal1Only;

    /// <summary>
    /// Of the confident matches in sequences with both motifs, how many the method gives nothing or less on task 0, and how many there are.
    /// </summary>
    public (int Missed, int All) FalseNegatives()
    {
        var confident = ConfidentIn(kind => kind == Kind.Both).ToList();
        return (confident.Count(hit => Score(hit, Both) <= 0), confident.Count);
    }

    /// <summary>The mean contribution of confident matches to the motif's own task, where its label holds.</summary>
    public double OnOwnTask() => ConfidentIn(kind => kind == OwnKind || kind == Kind.Both).Average(hit => Score(hit, Own));

    /// <summary>The mean contribution of confident matches to the other motif's task, in sequences with this motif alone.</summary>
    public double OnOtherTask() => ConfidentIn(kind => kind == OwnKind).Average(hit => Score(hit, Other));

    /// <summary>
    /// How much higher a sequence's confident matches score on task 0, on average, with both motifs than with this one alone; the interval
    /// is of 95 %.
    /// </summary>
    public Interval Cooperation() => Bootstrap.MeanDifference(PerSequence(Kind.Both), PerSequence(OwnKind));

    /// <summary>
    /// Spearman's rank correlation of log-odds and contribution to the motif's own task, over the matches in sequences with the motif.
    /// </summary>
    public double RankCorrelation()
    {
        var with = hits.Where(hit => study.Sequences[hit.Sequence].IsPositive(Own)).ToList();
        return Correlation.Pearson(Correlation.Ranks(with.ConvertAll(hit => hit.Match.LogOdds)),
            Correlation.Ranks(with.ConvertAll(hit => Score(hit, Own))));
    }

    /// <summary>
    /// The mean contribution of confident matches to the motif's own task in sequences with this motif alone, so many times.
    /// </summary>
    public double WithCopies(int copies) =>
        ConfidentIn(kind => kind == OwnKind)
            .Where(hit => study.Sequences[hit.Sequence].Copies(motif.Name) == copies)
            .Average(hit => Score(hit, Own));

    private double Score(Hit hit, int task) => hit.Contributions[method][task];

    private IEnumerable<Hit> ConfidentIn(Func<Kind, bool> kinds) =>
        hits.Where(hit => hit.Match.LogOdds > Confident && kinds(study.Sequences[hit.Sequence].Kind));

    // Matches of one sequence hang together, so sequences are what is drawn again.
    private double[] PerSequence(Kind kind) =>
        [.. ConfidentIn(k => k == kind).GroupBy(hit => hit.Sequence).Select(group => group.Average(hit => Score(hit, Both)))];
}

/// <summary>How two rows of numbers go together.</summary>
internal static class Correlation
{
    /// <summary>Each value's place among all, from 1; equal ones share the mean of theirs.</summary>
    public static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var first = 0; first < order.Length;)
        {
            var next = first + 1;
            while (next < order.Length && values[order[next]].Equals(values[order[first]]))
                next++;
            for (var i = first; i < next; i++)
                ranks[order[i]] = (first + 1 + next) / 2.0;
            first = next;
        }
        return ranks;
    }

    public static double Pearson(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var (both, ofA, ofB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Count; i++)
        {
            both += (a[i] - meanA) * (b[i] - meanB);
            ofA += (a[i] - meanA) * (a[i] - meanA);
            ofB += (b[i] - meanB) * (b[i] - meanB);
        }
        return both / Math.Sqrt(ofA * ofB);
    }
}
