namespace Whence;

/// <summary>
/// Which elements of an input row belong together: they are changed as one, and share one score. Immutable, so that one can be
/// made for a network and used by any number of calls.
/// </summary>
[System.Text.Json.Serialization.JsonConverter(typeof(Json.FeatureGroupsConverter))]
public sealed class FeatureGroups
{
    private readonly int[] groupOf;

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
        return new FeatureGroups([.. signature.Inputs.SelectMany((tensor, i) => Enumerable.Repeat(i, Sizes.Of(tensor.Shape)))]);
    }
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
