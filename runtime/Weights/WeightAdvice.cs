#if WHENCE_GENERATOR
namespace Whence.Generator.Check;

using Whence.Generator.Support;
#else
namespace Whence;
#endif

/// <summary>
/// What to do about a tensor that does not fit a layer, in a sentence without its full stop. Written once, for the error at compile time
/// and the one at run time.
/// </summary>
internal static class WeightAdvice
{
    // Beyond any layer's, so that orders are few.
    private const int MostAxes = 5;

    /// <summary>What a layer without a bias says, where that alone is missing; null if it is something else.</summary>
    /// <param name="candidates">What the missing tensor may be called.</param>
    /// <param name="header">The file's.</param>
    public static string? OfMissing(IEnumerable<string> candidates, SafetensorsHeader header)
    {
        foreach (var name in candidates)
        {
            var (start, at) = (name.LastIndexOf('.') + 1, name.LastIndexOf("bias", StringComparison.Ordinal));
            if (at < start)
                continue;
            var weight = name.Substring(0, at) + "weight" + name.Substring(at + "bias".Length);
            if (AxesOf(weight, header) is not { } axes)
                continue;
            // A norm of channels always has both.
            return header.Find(name.Substring(0, start) + "running_mean") is not null ? null :
                $"{SafetensorsHeader.Quote(weight)} is there without it: a layer without a bias is declared with Bias = false"
                    + (axes > 1 ? "" : ", where its attribute has one");
        }
        return null;
    }

    private static int? AxesOf(string weight, SafetensorsHeader header) => header.Find(weight)?.Axes.Count
        ?? (Parametrisation.Find(weight, header) is { } parts ? parts.Parts.Max(part => part.Axes.Count) : null);

    /// <summary>
    /// In which order a tensor's axes are those that are needed, or that only axes of size 1 differ; null if it has other elements.
    /// </summary>
    /// <param name="entry">What the file has.</param>
    /// <param name="axes">What is needed.</param>
    public static string? OfShape(SafetensorsEntry entry, IReadOnlyList<int> axes)
    {
        if (Order(entry.Axes, axes) is { } order)
            return "the axes are in another order, as Keras, TensorFlow and scikit-learn keep them: save numpy.transpose(w, "
                + $"({Listing.Of(order)})){(order.Length == 2 ? ", which is w.T" : "")}";
        return entry.Axes.Where(axis => axis != 1).SequenceEqual(axes.Where(axis => axis != 1).Select(axis => (long)axis))
            ? $"it differs by axes of size 1 alone: save w.reshape({Listing.Of(axes)})"
            : null;
    }

    /// <summary>
    /// The order, as numpy.transpose takes it, in which some axes are others; where there are several, that of a Keras kernel, [height,
    /// width, inputs, outputs].
    /// </summary>
    private static int[]? Order(IReadOnlyList<long> found, IReadOnlyList<int> needed)
    {
        if (found.Count != needed.Count || found.Count is < 2 or > MostAxes)
            return null;
        var all = Enumerable.Range(0, found.Count).ToArray();
        int[] keras = [all.Length - 1, all.Length - 2, .. all.Take(all.Length - 2)];
        return Orders(all).Prepend(keras)
            .FirstOrDefault(order => order.Select((axis, i) => found[axis] == needed[i]).All(same => same));
    }

    private static IEnumerable<int[]> Orders(int[] axes) => axes.Length == 0
        ? new[] { axes }
        : axes.SelectMany(first => Orders(axes.Where(axis => axis != first).ToArray()).Select(rest => (int[])[first, .. rest]));
}
