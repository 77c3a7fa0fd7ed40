using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Networks.Tests.Interpret;

/// <summary>The weights of a mixing node, a BatchNorm folded in, and signs dropped where the node asks for that.</summary>
internal sealed record LayerWeights(double[] Weight, double[]? Bias)
{
    public static LayerWeights Of(Node node, Tensors tensors)
    {
        var (outputs, shape) = Shapes(node);
        var source = node.Weights!;
        var weight = Read(tensors, source.Layer, source.Weight, shape);
        var bias = source.Bias && source.LayerBias
            ? Sum([.. source.Biases.Select(role => Read(tensors, source.Layer, role, new(source.Biased > 0 ? source.Biased : outputs)))])
            : null;
        if (source.OneHot)
            (weight, bias) = Normalised(weight, bias, outputs, shape[1]);
        if (source.Norm is { } norm)
        {
            var (scale, shift) = NormWeights(tensors, norm, source.Epsilon, outputs);
            var each = weight.Length / outputs;
            weight = [.. weight.Select((w, i) => w * scale[i / each])];
            bias = !source.Bias ? null : [.. scale.Select((k, c) => k * (bias?[c] ?? 0) + shift[c])];
        }
        return new(source.Absolute ? Array.ConvertAll(weight, Math.Abs) : weight, bias);
    }

    /// <summary>
    /// One number a channel: a slope, or a BatchNorm's scale or shift. Or a whole tensor, or rows of a table, in the node's view.
    /// </summary>
    public static double[] Operand(Node node, Tensors tensors)
    {
        if (node.Settings.Has("view"))
            return Loaded(node, tensors);
        var (source, channels) = (node.Weights!, node.Shape![0]);
        switch ((WeightKind)node.Settings.Int("kind"))
        {
            case WeightKind.Slope:
                var shared = !node.Settings.Flag("perChannel");
                var slopes = Read(tensors, source.Layer, "weight", new(shared ? 1 : channels));
                return shared ? [.. Enumerable.Repeat(slopes[0], channels)] : slopes;
            case WeightKind.Scale:
                return NormWeights(tensors, source.Layer, source.Epsilon, channels).Scale;
            case WeightKind.Shift:
                return NormWeights(tensors, source.Layer, source.Epsilon, channels).Shift;
            case WeightKind.Gain or WeightKind.Offset:
                var last = node.Settings.Int("trailing");
                return Read(tensors, source.Layer, (WeightKind)node.Settings.Int("kind") == WeightKind.Gain ? "weight" : "bias",
                    new(last > 0 ? node.Shape!.ToArray()[^last..] : [channels]));
            default:
                throw new InvalidOperationException($"No weights of kind {node.Settings.Int("kind")}.");
        }
    }

    private static double[] Loaded(Node node, Tensors tensors)
    {
        var settings = node.Settings;
        if ((WeightKind)settings.Int("kind") == WeightKind.Tensor)
            return Read(tensors, node.Weights!.Layer, "", new(settings.Ints("axes")));
        var (width, table) =
            (settings.Int("width"), Read(tensors, node.Weights!.Layer, "weight", new(settings.Int("vocabulary"), settings.Int("width"))));
        return [.. settings.Ints("tokens").SelectMany(token => table[(token * width)..((token + 1) * width)])];
    }

    private static double[] Sum(double[][] terms) => [.. Enumerable.Range(0, terms[0].Length).Select(i => terms.Sum(term => term[i]))];

    private static (double[] Weight, double[]? Bias) Normalised(double[] weight, double[]? bias, int outputs, int letters)
    {
        var (normal, moved) = ((double[])weight.Clone(), (double[])(bias ?? new double[outputs]).Clone());
        OneHot.Normalise(normal, moved, letters);
        return (normal, bias is null ? null : moved);
    }

    private static (double[] Scale, double[] Shift) NormWeights(Tensors tensors, Layer norm, double epsilon, int channels)
    {
        double[] Part(string role) => Read(tensors, norm, role, new(channels));
        var (gamma, beta, mean, variance) = (Part("weight"), Part("bias"), Part("running_mean"), Part("running_var"));
        double[] scale = [.. gamma.Select((g, c) => g / Math.Sqrt(variance[c] + epsilon))];
        return (scale, [.. beta.Select((b, c) => b - mean[c] * scale[c])]);
    }

    private static (int Outputs, Shape Weight) Shapes(Node node)
    {
        var s = node.Settings;
        if (node.Op is Dense)
            return (s.Int("outputs"), new(s.Int("outputs"), s.Int("inputs")));
        var (filters, channels, height, width) =
            (s.Int("filters"), s.Int("channels") / s.Int("groups"), s.Int("kernelHeight"), s.Int("kernelWidth"));
        return (filters, node.Shape!.Rank == 2 ? new(filters, channels, width) : new(filters, channels, height, width));
    }

    private static double[] Read(Tensors tensors, Layer layer, string role, Shape shape) =>
        tensors([.. layer.TensorNames.Select(name => role.Length == 0 ? name : $"{name}.{role}")], shape);
}
