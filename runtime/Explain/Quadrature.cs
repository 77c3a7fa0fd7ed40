namespace Whence;

using System.Collections.Concurrent;

/// <summary>How an integral over the path from the reference (alpha = 0) to the input (alpha = 1) becomes a weighted sum.</summary>
public enum Quadrature
{
    /// <summary>alpha = (k + 1/2) / n: exact for affine integrands, no preference for either end. The default.</summary>
    Midpoint,
    /// <summary>alpha = k / n for k = 1..n, as printed in arXiv 1611.02639 and 1703.01365, eq. 3.</summary>
    Right,
    /// <summary>alpha = k / n for k = 0..n-1.</summary>
    Left,
    /// <summary>n points from 0 to 1, the two ends with half the weight of the others; at least 2 points.</summary>
    Trapezoid,
    /// <summary>
    /// The n-point Gauss-Legendre rule: exact for polynomials up to degree 2n - 1, so best for smooth networks. At most 8192 points: what
    /// is smooth has converged long before, and for what is not midpoints are as good.
    /// </summary>
    GaussLegendre,
    /// <summary>
    /// No points: the gradient of a network that is linear but for kinks (rectifiers, clamps, maxima) is constant between them, so that
    /// the path is followed from kink to kink, in double precision, and the integral is exact. Of <see cref="PathOptions"/> for integrated
    /// gradients, of a target that is piecewise linear in the inputs: a logit, not the probability that a softmax makes of it. A path that
    /// would take more multiply-adds than a quarter of <see cref="PathOptions.MaxSteps"/> forward passes has midpoints instead, doubled
    /// from <see cref="PathOptions.Steps"/> on, and so has one so long that a double does not tell its kinks apart to within the last
    /// digits of scores in single precision; <see cref="Completeness.IsExact"/> says which it was.
    /// </summary>
    Exact,
}

/// <summary>Points on the path and the weight of each; immutable.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(Json.PathPointsConverter))]
public sealed class PathPoints
{
    private const int MostOfAll = 1 << 24;
    private const int MostGaussLegendre = 8192;

    private static readonly ConcurrentDictionary<(Quadrature, int), PathPoints> Known = new();

    private readonly double[] alphas;
    private readonly double[] weights;
    private readonly double[] cuts;
    private readonly PathPoints inOrder;

    /// <summary>Points and weights of one's own.</summary>
    /// <exception cref="ArgumentException">There are none, the lengths differ, or a number is not finite.</exception>
    public PathPoints(ReadOnlySpan<double> alphas, ReadOnlySpan<double> weights)
        : this(alphas.ToArray(), weights.ToArray())
    {
        Check.Alphas(alphas, nameof(alphas));
        if (weights.Length != alphas.Length)
            throw new ArgumentException($"There must be a weight for each of the {alphas.Length} points, but there are {weights.Length}.",
                nameof(weights));
        foreach (var weight in weights)
        {
            if (!double.IsFinite(weight))
                throw new ArgumentException($"A weight must be finite, but one is {weight}.", nameof(weights));
        }
    }

    /// <summary>Points of one's own, of equal weight.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public PathPoints(ReadOnlySpan<double> alphas)
        : this(alphas.ToArray(), Enumerable.Repeat(1.0 / Math.Max(1, alphas.Length), alphas.Length).ToArray()) =>
        Check.Alphas(alphas, nameof(alphas));

    private PathPoints(double[] alphas, double[] weights)
    {
        this.alphas = alphas;
        this.weights = weights;
        cuts = new double[weights.Length + 1];
        for (var k = 0; k < weights.Length; k++)
            cuts[k + 1] = cuts[k] + weights[k];
        // Weights that sum to 1 but for rounding end at the input itself.
        if (Math.Abs(cuts[^1] - 1) < 1e-12 * alphas.Length)
            cuts[^1] = 1;
        // Where the lengths differ, which is refused, there is no order.
        inOrder = weights.Length != alphas.Length || IsInOrder(alphas) ? this : Sorted(alphas, weights);
    }

    /// <summary>Where: 0 is the reference, 1 the input.</summary>
    public ReadOnlySpan<double> Alphas => alphas;

    /// <summary>The weights; those of every <see cref="Quadrature"/> sum to 1.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>
    /// Where the path is cut, from 0 to the sum of the weights: point k stands for the piece of length weight k from cut k to cut k + 1.
    /// </summary>
    internal ReadOnlySpan<double> Cuts => cuts;

    /// <summary>The same points and weights from the reference to the input.</summary>
    internal PathPoints InOrder => inOrder;

    private static bool IsInOrder(double[] alphas)
    {
        for (var k = 1; k < alphas.Length; k++)
        {
            if (alphas[k] < alphas[k - 1])
                return false;
        }
        return true;
    }

    private static PathPoints Sorted(double[] alphas, double[] weights)
    {
        var order = Enumerable.Range(0, alphas.Length).OrderBy(k => alphas[k]).ToArray();
        return new PathPoints(Array.ConvertAll(order, k => alphas[k]), Array.ConvertAll(order, k => weights[k]));
    }

    /// <summary>
    /// Where an integral takes a point whose alpha is 0 or 1 if the gradient there is infinite: in the middle of the stretch it stands for,
    /// which is as long as its weight; other points stay. Integrals of what grows without bound at an end, as a root's slope does, then
    /// converge by every rule.
    /// </summary>
    internal double Inside(int point)
    {
        var half = Math.Min(Math.Abs(weights[point]), 1) / 2;
        return alphas[point] switch { 0 => half, 1 => 1 - half, var alpha => alpha };
    }

    /// <summary>The points of a rule, computed at the first call for it and kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Less than 1 step, or less than 2 for the trapezoid; more than 8192 for Gauss-Legendre, or than 16,777,216.
    /// </exception>
    public static PathPoints Of(Quadrature quadrature, int steps)
    {
        if (steps > Most(quadrature))
            throw new ArgumentOutOfRangeException(nameof(steps), steps, TooMany(quadrature, steps, "A quadrature's number of steps"));
        return Rule(quadrature, steps);
    }

    /// <summary>The most steps that a rule is taken with.</summary>
    internal static int Most(Quadrature quadrature) => quadrature == Quadrature.GaussLegendre ? MostGaussLegendre : MostOfAll;

    /// <summary>What is wrong with more.</summary>
    internal static string TooMany(Quadrature quadrature, int steps, string what)
    {
        var why = quadrature != Quadrature.GaussLegendre ? ""
            : ", since what is smooth has converged by then and for the rest midpoints are as good";
        return $"{what} is at most {Most(quadrature)} for {quadrature}{why}, but is {steps}.";
    }

    /// <summary>The points of a rule, one more than its steps may be for sums between neighbours.</summary>
    internal static PathPoints Rule(Quadrature quadrature, int steps)
    {
        if (Known.TryGetValue((quadrature, steps), out var known))
            return known;
        if (quadrature == Quadrature.Exact)
            throw new ArgumentException("Quadrature.Exact has no points: it follows the path from kink to kink.", nameof(quadrature));
        var least = quadrature == Quadrature.Trapezoid ? 2 : 1;
        if (steps < least)
            throw new ArgumentOutOfRangeException(nameof(steps), steps,
                $"{quadrature} takes at least {least} step{(least == 1 ? "" : "s")}, but {steps} were asked for.");
        return Known.GetOrAdd((quadrature, steps), Make(quadrature, steps));
    }

    private static PathPoints Make(Quadrature quadrature, int n)
    {
        var alphas = new double[n];
        var weights = new double[n];
        Array.Fill(weights, 1.0 / n);
        switch (quadrature)
        {
            case Quadrature.Midpoint:
                for (var k = 0; k < n; k++)
                    alphas[k] = (k + 0.5) / n;
                break;
            case Quadrature.Right:
                for (var k = 0; k < n; k++)
                    alphas[k] = (k + 1.0) / n;
                break;
            case Quadrature.Left:
                for (var k = 0; k < n; k++)
                    alphas[k] = (double)k / n;
                break;
            case Quadrature.Trapezoid:
                for (var k = 0; k < n; k++)
                    alphas[k] = k / (n - 1.0);
                Array.Fill(weights, 1 / (n - 1.0));
                weights[0] = weights[n - 1] = 0.5 / (n - 1);
                break;
            case Quadrature.GaussLegendre:
                GaussLegendre(alphas, weights);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(quadrature), quadrature, $"There is no quadrature {quadrature}.");
        }
        return new PathPoints(alphas, weights);
    }

    // The zeros of the Legendre polynomial by Newton's method, from Tricomi's estimate; those on the right half mirror the left's.
    private static void GaussLegendre(double[] alphas, double[] weights)
    {
        var n = alphas.Length;
        for (var k = 0; k < (n + 1) / 2; k++)
        {
            var x = (1 - (n - 1.0) / (8.0 * n * n * n)) * Math.Cos(Math.PI * (4 * k + 3) / (4.0 * n + 2));
            if (2 * k + 1 == n)
                x = 0;
            var slope = 0.0;
            for (var i = 0; i < 10; i++)
            {
                (var value, slope) = Legendre(n, x);
                var step = value / slope;
                x -= step;
                if (Math.Abs(step) <= 1e-16)
                    break;
            }
            slope = Legendre(n, x).Slope;
            var weight = 1 / ((1 - x) * (1 + x) * slope * slope);
            alphas[k] = (1 - x) / 2;
            alphas[n - 1 - k] = (1 + x) / 2;
            weights[k] = weights[n - 1 - k] = weight;
        }
    }

    private static (double Value, double Slope) Legendre(int n, double x)
    {
        double before = 1, value = x;
        for (var j = 2; j <= n; j++)
            (before, value) = (value, x * value + (j - 1.0) / j * (x * value - before));
        return (value, n * (x * value - before) / ((x - 1) * (x + 1)));
    }
}
