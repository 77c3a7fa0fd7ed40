namespace Whence;

using System.Globalization;
using System.Text.Json.Serialization;

/// <summary>A place in a forward pass at which there is no value, or from which no finite gradient comes back.</summary>
/// <param name="Operator">What computes it, in the user's words: "Sqrt(Sum(Square(p), 1))".</param>
/// <param name="Index">The element, in the user's axis order; empty for a scalar, and where only the operator is known.</param>
/// <param name="Value">What is there: not a number, infinite, or a finite value at which the operator's slope is infinite.</param>
public sealed record Fault(string Operator, IReadOnlyList<int> Index,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value)
{
    /// <summary>In a loop over the steps of a sequence, the step, counted from 0 as the loop goes; null outside of loops.</summary>
    public int? Step { get; init; }

    /// <summary>"Sqrt(x) at element [2]", "Log(row) at element [0] of step 3".</summary>
    public override string ToString()
    {
        var element = Index.Count == 0
            ? Operator
            : $"{Operator} at element [{Listing.Of(Index.Select(i => i.ToString(CultureInfo.InvariantCulture)))}]";
        return Step is { } step ? FormattableString.Invariant($"{element} {(Index.Count == 0 ? "at" : "of")} step {step}") : element;
    }

    /// <summary>
    /// The slope of the operator's function there, where it is what no float holds: not a number, infinite, or of more than 3.4e38; null
    /// where the value is what is not finite.
    /// </summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? Slope { get; init; }

    internal static Fault At(string of, Shape shape, int element, double value = double.NaN)
    {
        var index = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
            (element, index[axis]) = Math.DivRem(element, shape[axis]);
        return new Fault(of, index, value);
    }

    internal string What => double.IsNaN(Value)
        ? "not a number"
        : double.IsPositiveInfinity(Value) ? "infinite" : double.IsNegativeInfinity(Value) ? "minus infinity" : "finite";
}
