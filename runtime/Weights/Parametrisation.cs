#if WHENCE_GENERATOR
namespace Whence.Generator.Check;
#else
namespace Whence;
#endif

#if WHENCE_GENERATOR
using Whence.Generator.Support;
#endif

/// <summary>How a weight is made of the tensors that stand for it in a file.</summary>
internal enum ParametrisationKind
{
    /// <summary>In a way that is not known here.</summary>
    Unknown,
    /// <summary>g v / |v|, the norm over all axes but one (Salimans and Kingma 2016, arXiv 1602.07868). Parts: g, v.</summary>
    WeightNorm,
    /// <summary>W / (u W v), by its largest singular value (Miyato et al. 2018, arXiv 1802.05957). Parts: W, u, v.</summary>
    SpectralNorm,
    /// <summary>W times a mask of 0 and 1. Parts: W, mask.</summary>
    Pruned,
    /// <summary>Rows one below the other: attention's queries, keys and values. Parts: each.</summary>
    Stacked,
}

/// <summary>
/// A weight that a file does not have under its name, but in parts, as PyTorch saves what torch.nn.utils' weight norm, spectral norm and
/// pruning have changed: "fc.parametrizations.weight.original0", or in its older form "fc.weight_g"; or as attention has it whose queries,
/// keys and values are products of their own: "attention.query.weight". Written once, for the check at compile time and for loading.
/// </summary>
internal sealed class Parametrisation
{
    private const string Word = "parametrizations.";

    /// <summary>How the names of a weight's parts end, in the order of the kind.</summary>
    private sealed class Ending(ParametrisationKind kind, string[] ends)
    {
        public ParametrisationKind Kind => kind;

        public string[] Ends => ends;
    }

    // What follows "fc.parametrizations.weight.", and "fc.weight" in the older form. A part that stands alone belongs to the first that has
    // it.
    private static readonly Ending[] registered =
    [
        new(ParametrisationKind.WeightNorm, ["original0", "original1"]),
        new(ParametrisationKind.SpectralNorm, ["original", "0._u", "0._v"]),
    ];
    private static readonly Ending[] suffixed =
    [
        new(ParametrisationKind.WeightNorm, ["_g", "_v"]),
        new(ParametrisationKind.SpectralNorm, ["_orig", "_u", "_v"]),
        new(ParametrisationKind.Pruned, ["_orig", "_mask"]),
    ];

    // Queries, keys and values apart, and the product behind them: PyTorch's own where keys have other features, then as Hugging Face's
    // models have them (Llama and BART, BERT, DistilBERT).
    private static readonly string[][] apart =
    [
        ["q_proj", "k_proj", "v_proj"], ["query", "key", "value"], ["self.query", "self.key", "self.value"], ["q_lin", "k_lin", "v_lin"],
    ];
    private static readonly string[][] behindThem = [["o_proj"], ["out_lin"], ["output.dense"]];

    // The weight itself, which says nothing about what was done to it.
    private static readonly string[] alone = ["original", "_orig"];

    private Parametrisation(string name, ParametrisationKind kind, IReadOnlyList<SafetensorsEntry> parts,
        IReadOnlyList<string>? lacking = null)
    {
        Name = name;
        Kind = kind;
        Parts = parts;
        Lacking = lacking ?? [];
    }

    /// <summary>The weight's name, such as "fc.weight".</summary>
    public string Name { get; }

    /// <summary>How the parts make the weight.</summary>
    public ParametrisationKind Kind { get; }

    /// <summary>The tensors of the file, in the order of the kind.</summary>
    public IReadOnlyList<SafetensorsEntry> Parts { get; }

    /// <summary>The tensors that the file lacks, where those that it has are not all.</summary>
    private IReadOnlyList<string> Lacking { get; }

    /// <summary>What the file has, for a message.</summary>
    public string Found => Listing.Of(Parts.Select(part => $"{SafetensorsHeader.Quote(part.Name)} {part.DType} {part.ShapeText}"));

    /// <summary>The parts of a weight that is not in the file by its own name; null if there are none either.</summary>
    public static Parametrisation? Find(string name, SafetensorsHeader header)
    {
        var dot = name.LastIndexOf('.') + 1;
        var prefix = name.Substring(0, dot) + Word + name.Substring(dot) + ".";
        // Another that was registered behind it would change the weight once more.
        var below = header.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => entry.Name.Substring(prefix.Length)).ToList();
        if (below.Count > 0)
            return Match(name, prefix, below, registered, header);
        var behind = suffixed.SelectMany(kind => kind.Ends).Distinct().Where(end => header.Find(name + end) is not null).ToList();
        return behind.Count > 0 ? Match(name, name, behind, suffixed, header)
            : Stacked(name, "in_proj_", apart, header) ?? Stacked(name, "out_proj.", behindThem, header);
    }

    /// <summary>The weight of attention called <paramref name="whole"/> by the names of its parts; null if none of them is there.</summary>
    private static Parametrisation? Stacked(string name, string whole, string[][] names, SafetensorsHeader header)
    {
        var at = name.LastIndexOf(whole, StringComparison.Ordinal);
        if (at < 0 || at > 0 && name[at - 1] != '.' || name.Substring(at + whole.Length) is not ("weight" or "bias"))
            return null;
        var (stem, role) = (name.Substring(0, at), name.Substring(at + whole.Length));
        foreach (var join in new[] { ".", "_" })
        {
            foreach (var parts in names)
            {
                var found = parts.Select(part => header.Find(stem + part + join + role)).OfType<SafetensorsEntry>().ToArray();
                if (found.Length == 0)
                    continue;
                var lacking = parts.Select(part => stem + part + join + role).Where(part => header.Find(part) is null);
                return found.Length == parts.Length ? new(name, ParametrisationKind.Stacked, found)
                    : new(name, ParametrisationKind.Unknown, found, lacking.Select(SafetensorsHeader.Quote).ToList());
            }
        }
        return null;
    }

    private static Parametrisation Match(
        string name, string prefix, IReadOnlyCollection<string> found, IReadOnlyList<Ending> kinds,
        SafetensorsHeader header)
    {
        SafetensorsEntry[] Parts(IEnumerable<string> ends) => ends.Select(end => header.Find(prefix + end)!).ToArray();
        foreach (var kind in kinds)
        {
            if (kind.Ends.Length == found.Count && kind.Ends.All(found.Contains))
                return new(name, kind.Kind, Parts(kind.Ends));
        }
        var meant = found.Count == 1 && alone.Contains(found.First())
            ? []
            : kinds.Select(kind => kind.Ends).FirstOrDefault(ends => found.All(ends.Contains)) ?? [];
        return new(name, ParametrisationKind.Unknown, Parts(found.Take(3)),
            meant.Where(end => !found.Contains(end)).Select(end => SafetensorsHeader.Quote(prefix + end)).ToList());
    }

    /// <summary>The weight that a tensor is the main part of, or the tensor's own name.</summary>
    public static string WeightOf(string tensor, Func<string, bool> has)
    {
        var word = tensor.LastIndexOf(Word, StringComparison.Ordinal);
        if (word >= 0 && (word == 0 || tensor[word - 1] == '.'))
        {
            var rest = tensor.Substring(word + Word.Length);
            var end = rest.IndexOf('.');
            if (end > 0 && rest.Substring(end + 1) is "original" or "original1")
                return tensor.Substring(0, word) + rest.Substring(0, end);
        }
        return Stem(tensor, "_orig") ?? (Stem(tensor, "_v") is { } stem && has(stem + "_g") ? stem : tensor);
    }

    /// <summary>Why the parts do not make a weight of these axes, as a clause; null if they do.</summary>
    public string? Complaint(IReadOnlyList<int> axes)
    {
        if (Lacking.Count > 0)
            return $"it has {Found}, but not {string.Join(" and ", Lacking)}, without which there is no weight; save the whole state_dict, "
                + "with its buffers";
        return Kind == ParametrisationKind.Unknown
            ? $"it has {Found}, of which only weight norm, spectral norm and pruning can be undone; call "
                + "torch.nn.utils.parametrize.remove_parametrizations before the model is saved"
            : Type() ?? Axes(axes);
    }

    private static string? Stem(string tensor, string end) =>
        tensor.EndsWith(end, StringComparison.Ordinal) && tensor.Length > end.Length
            ? tensor.Substring(0, tensor.Length - end.Length)
            : null;

    private string? Type() => Parts.FirstOrDefault(part => !part.HoldsWeights) is { } wrong
        ? $"{SafetensorsHeader.Quote(wrong.Name)} is of type {SafetensorsHeader.Quote(wrong.DType)}, but weights must be "
            + $"{SafetensorsEntry.WeightTypes}"
        : null;

    private string? Axes(IReadOnlyList<int> axes)
    {
        if (Kind == ParametrisationKind.Stacked)
        {
            int[] each = [axes[0] / Parts.Count, .. axes.Skip(1)];
            return Parts.FirstOrDefault(part => !part.HasAxes(each)) is { } odd
                ? $"{SafetensorsHeader.Quote(odd.Name)} has the shape {odd.ShapeText}, but is one of {Parts.Count} of "
                    + $"[{string.Join(", ", each)}]"
                : null;
        }
        var weight = Kind == ParametrisationKind.WeightNorm ? Parts[1] : Parts[0];
        if (!weight.HasAxes(axes))
            return $"{SafetensorsHeader.Quote(weight.Name)} has the shape {weight.ShapeText}";
        return Kind switch
        {
            ParametrisationKind.WeightNorm when !IsAlongOne(Parts[0], axes) =>
                $"{SafetensorsHeader.Quote(Parts[0].Name)} has the shape {Parts[0].ShapeText}, but gives one size, or one for each index "
                    + "of one axis, the other axes being 1",
            ParametrisationKind.SpectralNorm when !Enumerable.Range(0, axes.Count).Any(axis => IsPair(axes, axis)) =>
                $"{SafetensorsHeader.Quote(Parts[1].Name)} {Parts[1].ShapeText} and {SafetensorsHeader.Quote(Parts[2].Name)} "
                    + $"{Parts[2].ShapeText} are no pair of singular vectors of {weight.ShapeText}",
            ParametrisationKind.Pruned when !Parts[1].HasAxes(axes) =>
                $"the mask {SafetensorsHeader.Quote(Parts[1].Name)} has the shape {Parts[1].ShapeText}",
            _ => null,
        };
    }

    private static bool IsAlongOne(SafetensorsEntry sizes, IReadOnlyList<int> axes)
    {
        if (sizes.Axes.Count == 0)
            return true;
        var along = Enumerable.Range(0, sizes.Axes.Count).Where(axis => sizes.Axes[axis] != 1).ToList();
        return sizes.Axes.Count == axes.Count && along.Count <= 1 && along.TrueForAll(axis => sizes.Axes[axis] == axes[axis]);
    }

    private bool IsPair(IReadOnlyList<int> axes, int axis)
    {
        var rest = axes.Where((_, other) => other != axis).Aggregate(1, (product, size) => product * size);
        return Parts[1].HasAxes([axes[axis]]) && Parts[2].HasAxes([rest]);
    }
}
