namespace Whence;

/// <summary>A number at points of the path from a reference (alpha = 0) to an input (alpha = 1): what a line plot draws.</summary>
/// <param name="Name">What the number is, such as "score of unit 7".</param>
/// <param name="Alphas">Where.</param>
/// <param name="Values">The number at each.</param>
public sealed record PathCurve(string Name, IReadOnlyList<double> Alphas, IReadOnlyList<double> Values)
{
    /// <summary>The same divided by its largest magnitude; itself if it is zero everywhere.</summary>
    public PathCurve Normalised()
    {
        var largest = Values.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest == 0 ? this : this with { Values = [.. Values.Select(value => value / largest)] };
    }
}

/// <summary>How far a layer's values along a path are from those at the input (arXiv 1611.02639, appendix).</summary>
/// <param name="Euclidean">The L2 distance.</param>
/// <param name="Cosine">1 - cosine of the angle between them; 1 where either is all zeros, unless both are.</param>
public sealed record LayerDistances(PathCurve Euclidean, PathCurve Cosine);
