using Whence;

namespace Motifs;

/// <summary>A motif's match, and what each method says of its window for each task.</summary>
/// <param name="Sequence">Which sequence it lies in.</param>
/// <param name="Match">Where, and how well it matches.</param>
/// <param name="Contributions">The window's contributions summed over its positions and the four bases, [method][task].</param>
internal sealed record Hit(int Sequence, Match Match, double[][] Contributions);

/// <summary>The experiment: the best matches of a motif in every sequence, against the contributions of their windows.</summary>
internal sealed class Study
{
    public const int Tasks = 3;

    /// <summary>How many matches are taken of each sequence.</summary>
    private const int Matches = 5;

    private const int Chunk = 50;

    private readonly INetwork net;

    // What a position contributes, the four bases summed: [method][sequence, task, position].
    private readonly float[][] positions;

    public Study(INetwork net, IReadOnlyList<Dna> sequences, IReadOnlyList<Method> methods, Action<string> tell)
    {
        this.net = net;
        Sequences = sequences;
        Methods = methods;
        Gaps = new double?[methods.Count];
        Logits = new float[sequences.Count * Tasks];
        positions = [.. methods.Select(_ => new float[sequences.Count * Tasks * Dna.Length])];
        for (var method = 0; method < methods.Count; method++)
        {
            tell(methods[method].Name);
            for (var first = 0; first < sequences.Count; first += Chunk)
                Explain(method, first, Math.Min(Chunk, sequences.Count - first));
        }
    }

    public IReadOnlyList<Dna> Sequences { get; }

    public IReadOnlyList<Method> Methods { get; }

    /// <summary>[sequence, task].</summary>
    public float[] Logits { get; }

    /// <summary>The largest relative completeness gap of each method; null where its scores do not promise to add up.</summary>
    public double?[] Gaps { get; }

    /// <summary>What each position of a sequence contributes to a task.</summary>
    public ReadOnlySpan<float> Positions(int method, int sequence, int task) =>
        positions[method].AsSpan((sequence * Tasks + task) * Dna.Length, Dna.Length);

    /// <summary>The chance that a sequence labelled positive outscores another (area under the ROC curve); ties count half.</summary>
    public double Auroc(int task)
    {
        var (wins, pairs) = (0.0, 0);
        for (var i = 0; i < Sequences.Count; i++)
        {
            for (var j = 0; j < Sequences.Count; j++)
            {
                if (!Sequences[i].IsPositive(task) || Sequences[j].IsPositive(task))
                    continue;
                pairs++;
                wins += Logits[i * Tasks + task].CompareTo(Logits[j * Tasks + task]) switch { > 0 => 1, 0 => 0.5, _ => 0 };
            }
        }
        return wins / pairs;
    }

    /// <summary>The five best matches of a motif in each sequence that match better than the background.</summary>
    public List<Hit> Hits(Motif motif)
    {
        var hits = new List<Hit>();
        for (var sequence = 0; sequence < Sequences.Count; sequence++)
        {
            foreach (var match in motif.Best(Sequences[sequence].Letters, Matches).Where(match => match.LogOdds > 0))
                hits.Add(new Hit(sequence, match,
                    [.. Enumerable.Range(0, Methods.Count).Select(method => Window(method, sequence, match.Start, motif.Length))]));
        }
        return hits;
    }

    private double[] Window(int method, int sequence, int start, int length) =>
        [.. Enumerable.Range(0, Tasks).Select(task => Sum(Positions(method, sequence, task).Slice(start, length)))];

    /// <summary>What a method says of some sequences, one for each task after the other, asked of this network.</summary>
    public static Attributions Ask(Method method, INetwork net, IReadOnlyList<Dna> sequences)
    {
        var x = new float[sequences.Count * 4 * Dna.Length];
        for (var i = 0; i < sequences.Count; i++)
            sequences[i].OneHot().CopyTo(x, i * 4 * Dna.Length);
        return method.Explain(net, x, sequences.Count, [.. Enumerable.Range(0, Tasks).Select(task => Target.Unit(task))]);
    }

    private void Explain(int method, int first, int count)
    {
        var explained = Ask(Methods[method], net, [.. Sequences.Skip(first).Take(count)]);
        for (var i = 0; i < count; i++)
        {
            for (var task = 0; task < Tasks; task++)
                Take(method, (first + i) * Tasks + task, explained[i, task]);
        }
    }

    private void Take(int method, int row, Attribution why)
    {
        Logits[row] = (float)why.Output;
        if (why.RelativeGap is { } gap)
            Gaps[method] = Math.Max(Gaps[method] ?? 0, gap);
        for (var element = 0; element < why.Scores.Length; element++)
            positions[method][row * Dna.Length + element % Dna.Length] += why.Scores[element];
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
