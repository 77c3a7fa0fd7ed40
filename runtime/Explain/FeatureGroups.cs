namespace Whence;

/// <summary>
/// Which elements of an input row belong together: they are changed as one, and share one score. Immutable, so that one can be
/// made for a network and used by any number of calls.
/// </summary>
[System.Text.Json.Serialization.JsonConverter(typeof(Json.FeatureGroupsConverter))]
public sealed class FeatureGroups
{
    private readonly int[] groupOf;
    private readonly IReadOnlyList<string> names = [];

    /// <summary>
    /// The group of each element of an input row, counted from 0; -1 for an element that belongs to none and is never changed.
    /// </summary>
    /// <param name="groupOf">[InputSize].</param>
    /// <exception cref="ArgumentException">A number is below -1, there is no group, or a group below the last has no element.</exception>
    public FeatureGroups(ReadOnlySpan<int> groupOf)
    {
        this.groupOf = groupOf.ToArray();
        var last = -1;
        foreach (var group in groupOf)
        {
            if (group < -1)
                throw new ArgumentException($"A group is counted from 0, or -1 for none, but one is {group}.", nameof(groupOf));
            last = Math.Max(last, group);
        }
        if (last < 0)
            throw new ArgumentException("There must be at least one group, but every element belongs to none.", nameof(groupOf));
        var seen = new bool[last + 1];
        foreach (var group in groupOf)
        {
            if (group >= 0)
                seen[group] = true;
        }
        if (Array.IndexOf(seen, false) is var empty and >= 0)
            throw new ArgumentException($"Groups are counted from 0 without gaps, but of {last + 1} group {empty} has no element.",
                nameof(groupOf));
        Count = last + 1;
    }

    /// <summary>How many groups there are.</summary>
    public int Count { get; }

    /// <summary>How many elements an input row has.</summary>
    public int Size => groupOf.Length;

    /// <summary>The group of an element, or -1.</summary>
    public int this[int element] => groupOf[element];

    /// <summary>The groups' names, one for each; empty if they have none.</summary>
    /// <exception cref="ArgumentException">There are more or fewer names than groups, or two are one.</exception>
    public IReadOnlyList<string> Names
    {
        get => names;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count != 0 && value.Count != Count)
                throw new ArgumentException($"There are {Count} groups, but {value.Count} names; give one for each or none.",
                    nameof(value));
            if (value.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new ArgumentException($"Two groups have the name \"{twice.Key}\".", nameof(value));
            names = [.. value];
        }
    }

    /// <summary>One group for each index of one axis: of an input [4, length], the positions are groups of axis 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public static FeatureGroups OfAxis(Shape shape, int axis)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if ((uint)axis >= (uint)shape.Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis,
                $"The shape {shape} has {shape.Rank} axes, counted from 0, but axis {axis} was asked for.");
        var inner = 1;
        for (var after = axis + 1; after < shape.Rank; after++)
            inner *= shape[after];
        return new FeatureGroups([.. Enumerable.Range(0, Sizes.Of(shape)).Select(element => element / inner % shape[axis])]);
    }

    /// <summary>One group for each input of the network.</summary>
    public static FeatureGroups OfInputs(Signature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return new FeatureGroups([.. signature.Inputs.SelectMany((tensor, i) => Enumerable.Repeat(i, Sizes.Of(tensor.Shape)))])
        {
            Names = [.. signature.Inputs.Select(tensor => tensor.Name)],
        };
    }

    /// <summary>
    /// One group for each column of the table that the inputs' names say (<see cref="FeaturesAttribute"/>): "age" is one, and
    /// "colour=red" and "colour=blue" are the one-hot group "colour", as scikit-learn's DictVectorizer names them. Names of a sequence's
    /// features, [time, features], are groups over all its times; an input without names is one group. An input held fixed is in none.
    /// </summary>
    /// <exception cref="ArgumentException">Every input is held fixed.</exception>
    public static FeatureGroups OfColumns(Signature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var (places, groupOf) = (new Dictionary<string, int>(StringComparer.Ordinal), new int[signature.InputSize]);
        var at = 0;
        foreach (var input in signature.Inputs)
        {
            for (var element = 0; element < input.Shape.Size; element++, at++)
            {
                var name = ColumnOf(input.FeatureOf(element) ?? input.Name);
                if (!input.IsMask && !places.ContainsKey(name))
                    places.Add(name, places.Count);
                groupOf[at] = input.IsMask ? -1 : places[name];
            }
        }
        return new FeatureGroups(groupOf) { Names = [.. places.OrderBy(place => place.Value).Select(place => place.Key)] };
    }

    /// <summary>The column of a feature: "colour" of "colour=red".</summary>
    internal static string ColumnOf(string feature) =>
        feature.IndexOf('=', StringComparison.Ordinal) is var sign and > 0 ? feature[..sign] : feature;
}

/// <summary>The players of a question about groups: the groups, or without any the elements themselves.</summary>
internal readonly struct Players(FeatureGroups? groups, int inputSize)
{
    public int Count => groups?.Count ?? inputSize;

    public int Of(int element) => groups is null ? element : groups[element];

    /// <summary>Turns players into elements; what belongs to no player is always there.</summary>
    public void Spread(ReadOnlySpan<bool> playing, Span<bool> present)
    {
        for (var element = 0; element < present.Length; element++)
        {
            var player = Of(element);
            present[element] = player < 0 || playing[player];
        }
    }
}
