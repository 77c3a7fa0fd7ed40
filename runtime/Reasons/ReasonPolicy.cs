using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Whence.Reasons;

/// <summary>
/// How a network's answers are accounted for: with which words, how many reasons, and against whom. What is wrong with it is found when
/// it is made, not at the first answer. Immutable, and shared by any number of threads.
/// </summary>
public sealed class ReasonPolicy
{
    private readonly Signature network;
    private readonly Provenance provenance;
    private readonly FeatureGroups groups;
    private readonly ReasonWords[] words;
    private readonly GroupValues[] values;

    /// <summary>A policy for one network.</summary>
    /// <param name="network">Its signature.</param>
    /// <param name="words">For each group of features, in any order.</param>
    /// <param name="population">Who the references are, in words.</param>
    /// <param name="provenance">The network's, <see cref="Provenance.Of(INetwork, string)"/>.</param>
    /// <param name="options">How reasons are chosen.</param>
    /// <exception cref="ArgumentException">A group has no words, or two have; words are of no group; more reasons are asked for than there
    /// are groups; an option is out of range; the provenance is another network's.</exception>
    public ReasonPolicy(Signature network, IReadOnlyList<ReasonWords> words, string population, Provenance provenance,
        ReasonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(provenance);
        if (string.IsNullOrWhiteSpace(population))
            throw new ArgumentException("Say who the references are: a reason means nothing without whom the example is compared with.",
                nameof(population));
        if (provenance.Network != network.Name)
            throw new ArgumentException($"The policy is for {network.Name}, but the provenance is of {provenance.Network}.",
                nameof(provenance));
        (this.network, this.provenance, Population) = (network, provenance, population);
        Options = options ?? new ReasonOptions();
        groups = Options.Groups ?? FeatureGroups.OfColumns(network);
        CheckOptions();
        this.words = Ordered(words);
        values = GroupValues.Of(network, groups, this.words);
    }

    /// <summary>How reasons are chosen.</summary>
    public ReasonOptions Options { get; }

    /// <summary>Who the references are.</summary>
    public string Population { get; }

    /// <summary>What shares a reason.</summary>
    public FeatureGroups Groups => groups;

    /// <summary>States the reasons of an explanation.</summary>
    /// <param name="why">Of this network's inputs, or of these groups, by a method whose scores add up: DeepLIFT against the population,
    /// integrated gradients, Shapley values.</param>
    /// <param name="x">What was explained, [InputSize].</param>
    /// <param name="date">The date of the statement; no clock is asked.</param>
    /// <param name="subject">What it is about, such as an application's number.</param>
    /// <param name="missing">Names of groups that the example had no value for, so that another stood for it.</param>
    /// <exception cref="CompletenessException">The explanation's relative gap is over the tolerance, so that its scores are not
    /// told.</exception>
    /// <exception cref="InvalidOperationException">The method's scores are not meant to add up, or no group moves the target the way that
    /// is asked for, so that there is no reason.</exception>
    /// <exception cref="ArgumentException">The explanation is of another network or of a layer, x has another length, or a missing group is
    /// none.</exception>
    public StatementOfReasons State(Attribution why, ReadOnlySpan<float> x, DateOnly date, string subject = "",
        IReadOnlyCollection<string>? missing = null)
    {
        Check(why, x, missing ?? []);
        why.RequireGap(Options.Tolerance);
        var scores = Scores(why);
        var references = why.References.IsEmpty ? new float[network.InputSize] : why.References.ToArray();
        var reasons = Chosen(scores);
        return new StatementOfReasons
        {
            Schema = StatementOfReasons.CurrentSchema,
            Subject = subject ?? throw new ArgumentNullException(nameof(subject)),
            Date = date,
            Target = Options.TargetWords.Length > 0 ? Options.TargetWords : why.Target.ToString(),
            Direction = Options.Direction,
            Reasons = reasons,
            Others = why.Completeness.Sum - reasons.Sum(reason => reason.Score),
            Output = why.Output,
            ReferenceOutput = why.ReferenceOutput!.Value,
            Gap = why.Gap!.Value,
            RelativeGap = why.RelativeGap!.Value,
            Tolerance = Options.Tolerance,
            Method = why.Method,
            Rule = why.Rule?.ToString(),
            Steps = why.Steps,
            Population = new(Population, references.Length / network.InputSize, HashOf(references)),
            Groups = Told(scores, x, references, missing ?? []),
            Provenance = provenance,
        };
    }

    private void CheckOptions()
    {
        if (groups.Size != network.InputSize)
            throw new ArgumentException(
                $"{network.Name} takes {network.InputSize} numbers, but the groups are of {groups.Size}.", nameof(Options));
        if (groups.Names.Count == 0)
            throw new ArgumentException("Groups have names, by which their words are found: give FeatureGroups its Names.",
                nameof(Options));
        if (Options.Count < 1 || Options.Count > groups.Count)
            throw new ArgumentException(
                $"There is at least 1 reason and at most one for each of the {groups.Count} groups, but {Options.Count} are asked for.",
                nameof(Options));
        if (!(Options.Tolerance >= 0) || !Enum.IsDefined(Options.Direction))
            throw new ArgumentException(FormattableString.Invariant(
                $"The tolerance is at least 0 and the direction one of those there are, but they are {Options.Tolerance} and ")
                + $"{Options.Direction}.", nameof(Options));
    }

    private ReasonWords[] Ordered(IReadOnlyList<ReasonWords> given)
    {
        var byName = new Dictionary<string, ReasonWords>(StringComparer.Ordinal);
        foreach (var one in given)
        {
            one.Check(nameof(words));
            if (!groups.Names.Contains(one.Feature))
                throw new ArgumentException($"There are words for \"{one.Feature}\", but no such group of features; the groups are "
                    + $"{Listing.Quoted(groups.Names)}.", nameof(words));
            if (!byName.TryAdd(one.Feature, one))
                throw new ArgumentException($"There are words for \"{one.Feature}\" twice.", nameof(words));
        }
        var without = groups.Names.Where(name => !byName.ContainsKey(name)).ToList();
        if (without.Count > 0)
            throw new ArgumentException($"There are no words for {Listing.Quoted(without)}: any group of features may be a reason.",
                nameof(words));
        return [.. groups.Names.Select(name => byName[name])];
    }

    private void Check(Attribution why, ReadOnlySpan<float> x, IReadOnlyCollection<string> missing)
    {
        ArgumentNullException.ThrowIfNull(why);
        if (why.Network != network.Name)
            throw new ArgumentException($"The policy is for {network.Name}, but the explanation is of {why.Network}.", nameof(why));
        if (x.Length != network.InputSize)
            throw new ArgumentException($"{network.Name} takes {network.InputSize} numbers, but x has {x.Length}.", nameof(x));
        foreach (var name in missing)
        {
            if (!groups.Names.Contains(name))
                throw new ArgumentException($"\"{name}\" is said to be missing, but is no group of features; the groups are "
                    + $"{Listing.Quoted(groups.Names)}.", nameof(missing));
        }
    }

    // Methods about groups have a score for each already.
    private double[] Scores(Attribution why)
    {
        if (why.Tensors.SequenceEqual(network.Inputs))
            return why.SumBy(groups);
        if (why.Scores.Length != groups.Count || network.Layers.Any(layer => layer.Name == why.Tensors[0].Name))
            throw new ArgumentException(
                $"Reasons are about the network's inputs, but the explanation is about {Listing.Of(why.Tensors)}.", nameof(why));
        return Array.ConvertAll(why.Scores.ToArray(), score => (double)score);
    }

    private string Moves => Options.Direction == ReasonDirection.Both ? "moves" : Options.Direction.ToString().ToLowerInvariant();

    private Reason[] Chosen(double[] scores)
    {
        var asked = Array.ConvertAll(scores, score => Options.Direction switch
        {
            ReasonDirection.Lowers => Math.Max(0, -score),
            ReasonDirection.Raises => Math.Max(0, score),
            _ => Math.Abs(score),
        });
        var order = Enumerable.Range(0, scores.Length).Where(i => asked[i] > 0).OrderByDescending(i => asked[i]).Take(Options.Count);
        var (sum, chosen) = (asked.Sum(), order.ToList());
        if (chosen.Count == 0)
            throw new InvalidOperationException($"No group of features {Moves} the target of this example against the population, so that "
                + "there is no reason to tell: ask about the opposite target or direction.");
        return [.. chosen.Select((i, rank) => new Reason(
            rank + 1, words[i].Feature, words[i].Code, words[i].Of(scores[i]), scores[i], asked[i] / sum))];
    }

    private GroupScore[] Told(double[] scores, ReadOnlySpan<float> x, float[] references, IReadOnlyCollection<string> missing)
    {
        var told = new GroupScore[scores.Length];
        for (var i = 0; i < told.Length; i++)
        {
            var (value, text) = values[i].Of(x);
            var (typical, typicalText) = values[i].Typical(references, network.InputSize);
            told[i] = new GroupScore(words[i].Feature, words[i].Name.Length > 0 ? words[i].Name : words[i].Feature, scores[i], value, text,
                missing.Contains(words[i].Feature), typical, typicalText);
        }
        return told;
    }

    private static string HashOf(float[] rows)
    {
        var bytes = new byte[4 * rows.Length];
        for (var i = 0; i < rows.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), rows[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
