namespace Whence;

using System.Globalization;

/// <summary>A place in a forward pass at which there is no value, or from which no finite gradient comes back.</summary>
/// <param name="Operator">What computes it, in the user's words: "Sqrt(Sum(Square(p), 1))".</param>
/// <param name="Index">The element, in the user's axis order; in a loop over steps, of the first step where it is so. Empty for a scalar,
/// and where only the operator is known.</param>
/// <param name="Value">What is there: not a number, infinite, or a finite value at which the operator's slope is infinite.</param>
public sealed record Fault(string Operator, IReadOnlyList<int> Index, double Value)
{
    /// <summary>"Sqrt(x) at element [2]".</summary>
    public override string ToString() => Index.Count == 0
        ? Operator
        : $"{Operator} at element [{string.Join(", ", Index.Select(i => i.ToString(CultureInfo.InvariantCulture)))}]";

    internal string What => double.IsNaN(Value)
        ? "not a number"
        : double.IsPositiveInfinity(Value) ? "infinite" : double.IsNegativeInfinity(Value) ? "minus infinity" : "finite";
}
