namespace Whence;

using System.Numerics;

// Interior gradients, of which only the mean magnitude is told.
public static partial class SpanExplainers
{
    /// <summary>
    /// The mean magnitude of the gradient's elements at points of the path (arXiv 1611.02639, section 2.2; there divided by the largest).
    /// Values [targets, count, points].
    /// </summary>
    public static void GradientAlong<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        PathPoints points, Span<double> values, ExplainOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(points);
        Check.Input(net.Signature, x, count);
        Check.References(net, references, count, true);
        Check.Targets(targets, count);
        var (size, length) = (net.Signature.InputSize, points.Alphas.Length);
        var each = options?.Progress is null ? options : options with { Progress = null };
        var all = (Int128)targets.Answers * length * size;
        if (all > Array.MaxLength)
            throw Check.TooLong(all, nameof(points), $"The gradients at {length} points for {targets.Answers} targets");
        Check.Output(values.Length, (long)targets.Answers * count * length, nameof(values));
        using var arena = Arena<T>.Enter();
        var gradients = arena.Take((int)all);
        for (var input = 0; input < count; input++)
        {
            Driver<T>.Run(new InteriorGradients(points), new Request<T>
            {
                Net = net, X = x.Slice(input * size, size), Count = 1, First = input, Targets = targets.At(input),
                References = references.At(input, size), Scores = gradients, Options = each,
            });
            for (var row = 0; row < targets.Answers * length; row++)
            {
                var (answer, point) = Math.DivRem(row, length);
                values[(answer * count + input) * length + point] = MeanMagnitude<T>(gradients.Slice(row * size, size));
            }
            options?.Progress?.Report((input + 1.0) / count);
        }
    }

    private static double MeanMagnitude<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += Math.Abs(double.CreateTruncating(value));
        return sum / values.Length;
    }
}

public static partial class Explainers
{
    /// <summary>
    /// The mean magnitude of the gradient at points of the path from the reference to the input (arXiv 1611.02639, section 2.2); the paper
    /// plots it normalised.
    /// </summary>
    public static PathCurve GradientAlong(this IGradientNetwork net, ReadOnlySpan<float> x, Target target, ReadOnlySpan<double> alphas,
        References<float> references = default, ExplainOptions? options = null)
    {
        var values = new double[alphas.Length];
        SpanExplainers.GradientAlong(net, x, 1, target, references, new PathPoints(alphas), values, options);
        return new PathCurve($"mean |gradient| of {target}", alphas.ToArray(), values);
    }
}
