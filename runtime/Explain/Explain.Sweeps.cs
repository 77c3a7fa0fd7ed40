namespace Whence;

using System.Numerics;

public static partial class Explain
{
    /// <summary>
    /// The target at points of the path, x0 + alpha (x - x0): how soon it saturates (arXiv 1611.02639, section 2.2). Takes forward passes
    /// alone. Values [count, points]; the points' weights are not used.
    /// </summary>
    public static void ScoreAlong<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        PathPoints points, Span<T> values,
        Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(points);
        new Ask<T>
        {
            Net = net, Score = Score.Value, Flow = Flow.Gradient, X = x, Count = count, Targets = targets, References = references,
            Points = points, Scores = values, Options = options ?? Options.Default,
        }.Answer();
    }

    /// <summary>
    /// The mean magnitude of the gradient's elements at points of the path (arXiv 1611.02639, section 2.2; there divided by the largest).
    /// Values [targets, count, points].
    /// </summary>
    public static void GradientAlong<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        PathPoints points, Span<double> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(points);
        Check.Input(net.Signature, x, count);
        Check.References(net, references, count, true);
        Check.Targets(targets, count);
        var (size, length) = (net.Signature.InputSize, points.Alphas.Length);
        Check.Output(values.Length, (long)targets.Answers * count * length, nameof(values));
        using var arena = Arena<T>.Enter();
        var gradients = arena.Take(checked(targets.Answers * length * size));
        for (var input = 0; input < count; input++)
        {
            new Ask<T>
            {
                Net = net, Score = Score.Interior, Flow = Flow.Gradient, X = x.Slice(input * size, size), Count = 1, Offset = input,
                Targets = targets.At(input),
                References = references.At(input, size), Points = points, Scores = gradients,
            }.Answer();
            for (var row = 0; row < targets.Answers * length; row++)
            {
                var (answer, point) = Math.DivRem(row, length);
                values[(answer * count + input) * length + point] = MeanMagnitude<T>(gradients.Slice(row * size, size));
            }
        }
    }

    /// <summary>
    /// How far a named layer's values at points of the path are from those at the input: L2 distances and cosine distances, each
    /// [count, points], or empty if not wanted (arXiv 1611.02639, appendix). Takes forward passes alone.
    /// </summary>
    public static void LayerAlong<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, References<T> references, PathPoints points,
        Span<double> euclidean, Span<double> cosine)
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
        using var arena = Arena<T>.Enter();
        var xs = arena.Take(checked((length + 1) * size));
        var values = arena.Take(checked((length + 1) * layerSize));
        var zeros = arena.TakeClear(size);
        for (var input = 0; input < count; input++)
        {
            var end = x.Slice(input * size, size);
            var start = references.IsGiven ? references.At(input, size).Rows : zeros;
            for (var point = 0; point < length; point++)
            {
                Held.Between(net.Signature, start, end, points.Alphas[point], xs.Slice(point * size, size));
            }
            end.CopyTo(xs[(length * size)..]);
            Forward(net, xs, at, values, length + 1);
            Finite<T>(net, xs, values, length + 1, input, layer);
            for (var point = 0; point < length; point++)
            {
                var (distance, angle) = Distances<T>(values.Slice(point * layerSize, layerSize), values[(length * layerSize)..]);
                if (!euclidean.IsEmpty)
                    euclidean[input * length + point] = distance;
                if (!cosine.IsEmpty)
                    cosine[input * length + point] = angle;
            }
        }
    }

    private static double MeanMagnitude<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += Math.Abs(double.CreateTruncating(value));
        return sum / values.Length;
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
