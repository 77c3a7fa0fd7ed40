using System.Globalization;

namespace Whence.Reasons;

/// <summary>What a group of features holds: one number, or one of several categories, or what has no short text.</summary>
internal sealed class GroupValues
{
    private readonly int[] elements;
    private readonly string[] categories;
    private readonly ReasonWords words;

    private GroupValues(int[] elements, string[] categories, ReasonWords words) =>
        (this.elements, this.categories, this.words) = (elements, categories, words);

    /// <summary>Of each group.</summary>
    public static GroupValues[] Of(Signature network, FeatureGroups groups, ReasonWords[] words)
    {
        var names = network.Inputs.SelectMany(input =>
            Enumerable.Range(0, input.Shape.Size).Select(element => input.Shape.Rank == 1 ? input.FeatureOf(element) : null)).ToArray();
        var elements = Enumerable.Range(0, groups.Size).ToLookup(element => groups[element]);
        return [.. words.Select((one, group) => Made([.. elements[group]], names, one))];
    }

    private static GroupValues Made(int[] elements, string?[] names, ReasonWords words)
    {
        var columns = elements.Select(element => names[element] is { } name && FeatureGroups.ColumnOf(name) is var column && column != name
            ? column
            : null).Distinct().ToList();
        return columns is [{ } only]
            ? new GroupValues(elements, [.. elements.Select(element => names[element]![(only.Length + 1)..])], words)
            : new GroupValues(elements, [], words);
    }

    /// <summary>The example's: a number, and its text, or a category's.</summary>
    public (float? Value, string Text) Of(ReadOnlySpan<float> x)
    {
        if (categories.Length > 0)
            return (null, Place(x) is var place and >= -1 ? NameOf(place) : "");
        return elements.Length == 1 ? (x[elements[0]], words.Written(x[elements[0]])) : (null, "");
    }

    /// <summary>The mean over references [rows, size], or their most frequent category and its share.</summary>
    public (double? Value, string Text) Typical(ReadOnlySpan<float> references, int size)
    {
        var rows = references.Length / size;
        if (categories.Length > 0)
            return (null, MostFrequent(references, size, rows));
        if (elements.Length != 1)
            return (null, "");
        var sum = 0.0;
        for (var row = 0; row < rows; row++)
            sum += references[row * size + elements[0]];
        return (sum / rows, words.Written(sum / rows));
    }

    private string MostFrequent(ReadOnlySpan<float> references, int size, int rows)
    {
        var counts = new int[categories.Length + 1];
        for (var row = 0; row < rows; row++)
        {
            var place = Place(references.Slice(row * size, size));
            if (place < -1)
                return "";
            counts[place + 1]++;
        }
        var most = Array.IndexOf(counts, counts.Max());
        return string.Create(CultureInfo.InvariantCulture, $"{NameOf(most - 1)} ({(double)counts[most] / rows:0%})");
    }

    private string NameOf(int place) => place < 0 ? "none of these" : categories[place];

    /// <summary>Which element is 1; -1 where all are 0, and -2 where they are no one-hot group's.</summary>
    private int Place(ReadOnlySpan<float> row)
    {
        var place = -1;
        for (var i = 0; i < elements.Length; i++)
        {
            var value = row[elements[i]];
            if (value == 1 && place == -1)
                place = i;
            else if (value != 0)
                return -2;
        }
        return place;
    }
}
