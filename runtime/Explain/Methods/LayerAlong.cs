namespace Whence;

using System.Numerics;

// Forward passes to the layer itself: no target is asked about.
public static partial class SpanExplainers
{
    /// <summary>
    /// How far a named layer's values at points of the path are from those at the input: L2 distances and cosine distances, each
    /// [count, points], or empty if not wanted (arXiv 1611.02639, appendix). Takes forward passes alone.
    /// </summary>
    public static void LayerAlong<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, References<T> references, PathPoints points,
        Span<double> euclidean, Span<double> cosine, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(points);
        var at = Check.Layer(net.Signature, layer, nameof(layer));
        Check.Input(net.Signature, x, count);
        Check.References(net, references, count, true);
        var (size, length, layerSize) = (net.Signature.InputSize, points.Alphas.Length, Sizes.Of(net.Signature.Points[at].Shape));
        Check.OutputOrNone(euclidean.Length, (long)count * length, nameof(euclidean));
        Check.OutputOrNone(cosine.Length, (long)count * length, nameof(cosine));
        var most = (length + 1L) * Math.Max(size, layerSize);
        if (most > Array.MaxLength)
            throw Check.TooLong(most, nameof(points), $"The inputs or values at {length} points");
        using var arena = Arena<T>.Enter();
        var xs = arena.Take((length + 1) * size);
        var values = arena.Take((length + 1) * layerSize);
        var zeros = arena.TakeClear(size);
        for (var input = 0; input < count; input++)
        {
            options?.Cancellation.ThrowIfCancellationRequested();
            var end = x.Slice(input * size, size);
            var start = references.IsGiven ? references.At(input, size).Rows : zeros;
            for (var point = 0; point < length; point++)
                Masks.Between(net.Signature, start, end, points.Alphas[point], xs.Slice(point * size, size));
            end.CopyTo(xs[(length * size)..]);
            Forward(net, xs, at, values, length + 1);
            Finite<T>(net, xs, values, length + 1, input, layer, at);
            for (var point = 0; point < length; point++)
            {
                var (distance, angle) = Distances<T>(values.Slice(point * layerSize, layerSize), values[(length * layerSize)..]);
                if (!euclidean.IsEmpty)
                    euclidean[input * length + point] = distance;
                if (!cosine.IsEmpty)
                    cosine[input * length + point] = angle;
            }
            options?.Progress?.Report((input + 1.0) / count);
        }
    }

    private static (double Euclidean, double Cosine) Distances<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double square = 0, ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var (p, q) = (double.CreateTruncating(a[i]), double.CreateTruncating(b[i]));
            square += (p - q) * (p - q);
            ab += p * q;
            aa += p * p;
            bb += q * q;
        }
        var cosine = aa == 0 || bb == 0 ? (aa == bb ? 0 : 1) : 1 - ab / Math.Sqrt(aa * bb);
        return (Math.Sqrt(square), square == 0 ? 0 : cosine);
    }
}

public static partial class Explainers
{
    /// <summary>How far a named layer's values at points of the path are from those at the input (arXiv 1611.02639, appendix).</summary>
    public static LayerDistances LayerAlong(this INetwork net, string layer, ReadOnlySpan<float> x, ReadOnlySpan<double> alphas,
        References<float> references = default, ExplainOptions? options = null)
    {
        var (euclidean, cosine) = (new double[alphas.Length], new double[alphas.Length]);
        SpanExplainers.LayerAlong(net, layer, x, 1, references, new PathPoints(alphas), euclidean, cosine, options);
        return new LayerDistances(
            new PathCurve($"L2 distance of {layer}", alphas.ToArray(), euclidean),
            new PathCurve($"cosine distance of {layer}", alphas.ToArray(), cosine));
    }
}
