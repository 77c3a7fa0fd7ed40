namespace Whence.Import.Check;

/// <summary>How far an imported network is from what its model gives.</summary>
/// <param name="Difference">The largest difference of an output from the one expected; infinite where one of the two is no number.</param>
/// <param name="Scale">The largest size of an output that is expected.</param>
/// <param name="Gap">The largest relative gap of DeepLIFT over the examples, of the first output's largest unit; null where it was not
/// asked.</param>
public sealed record Comparison(double Difference, double Scale, double? Gap)
{
    /// <summary>Whether Forward itself was run, in double precision, since numbers are beyond single precision.</summary>
    public bool IsEager { get; init; }

    /// <summary>Where the largest difference is; null if there is none.</summary>
    public Place? Worst { get; init; }

    /// <summary>The difference over the scale; where all outputs are zero, the difference itself.</summary>
    public double Relative => Scale > 0 ? Difference / Scale : Difference;

    /// <summary>Both together.</summary>
    public Comparison With(Comparison other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var larger = other.Difference > Difference ? other : this;
        return new(larger.Difference, Math.Max(Scale, other.Scale), Gap is null ? other.Gap : Math.Max(Gap.Value, other.Gap ?? 0))
        {
            IsEager = IsEager || other.IsEager, Worst = larger.Worst,
        };
    }
}

/// <summary>An element of a value.</summary>
/// <param name="Value">The value's name in the model.</param>
/// <param name="At">Its place along each axis of one example.</param>
public sealed record Place(string Value, IReadOnlyList<int> At)
{
    /// <summary>The element with this index.</summary>
    internal static Place Of(ImportedValue value, int index)
    {
        var at = new int[value.Axes.Count];
        for (var axis = at.Length - 1; axis >= 0; axis--)
            (index, at[axis]) = Math.DivRem(index, value.Axes[axis]);
        return new(value.Name, at);
    }
}

/// <summary>The first node of a model whose value differs from what it should be.</summary>
/// <param name="Node">The node's name or, where it has none, that of its first output.</param>
/// <param name="Operator">Such as "Conv".</param>
/// <param name="Found">How far its value is from the one expected.</param>
public sealed record DifferingNode(string Node, string Operator, Comparison Found)
{
    // Half a unit in the last place of 1, several times: what single precision makes of a share that is added up from 1.
    private const double OfOne = 5e-7;

    /// <summary>Whether it gives shares of 1 that are all near 0, and is off by no more than a number near 1 is rounded by.</summary>
    public bool IsRounding => Operator is "Sigmoid" or "Softmax" && Found.Difference <= OfOne && Found.Scale < 0.01;
}
