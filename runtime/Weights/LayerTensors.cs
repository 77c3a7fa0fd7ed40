namespace Whence.CompilerServices;

using System.ComponentModel;
using System.Runtime.CompilerServices;

/// <summary>
/// One layer's weight and bias in double precision, on their way from the file to where kernels read them: what is folded, reordered
/// and made absolute here is rounded to single precision once, at the end. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LayerTensors
{
    // What is made of a weight is made when it is first packed, which many threads do.
    private readonly Lazy<double[]> weight;
    private readonly double[] bias;
    private readonly int outputs;

    private LayerTensors(double[] weight, double[] bias, int outputs)
        : this(new Lazy<double[]>(weight), bias, outputs)
    {
    }

    private LayerTensors(Lazy<double[]> weight, double[] bias, int outputs) =>
        (this.weight, this.bias, this.outputs) = (weight, bias, outputs);

    /// <summary>The weight, row-major, first axis outputs.</summary>
    public ReadOnlySpan<double> Weight => IsAbsolute ? Array.ConvertAll(Signed, Math.Abs) : Signed;

    /// <summary>The weight with its signs, whether they are meant or not.</summary>
    internal double[] Signed => weight.Value;

    /// <summary>Whether the weight's sizes are meant, without their signs.</summary>
    internal bool IsAbsolute { get; private init; }

    /// <summary>The bias, rounded; empty if there is none.</summary>
    public float[] Bias => Array.ConvertAll(bias, value => (float)value);

    /// <summary>Reads "name.weight" and, if asked, "name.bias".</summary>
    /// <param name="weights">The file.</param>
    /// <param name="names">The names the layer may have, the preferred first.</param>
    /// <param name="shape">The weight's shape; its first axis is the bias's.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <exception cref="WeightsException">A tensor is missing or of another shape.</exception>
    public static LayerTensors Read(Weights weights, string[] names, Shape shape, bool bias) =>
        Read(weights, names, shape, "weight", bias ? ["bias"] : []);

    /// <summary>
    /// Reads "name.weight" and, if asked, a "name.bias" of so many numbers: a transposed convolution's weight has its outputs second.
    /// </summary>
    /// <exception cref="WeightsException">A tensor is missing or of another shape.</exception>
    public static LayerTensors Read(Weights weights, string[] names, Shape shape, bool bias, int biased) => new(
        weights.Values(Named(names, "weight"), shape), bias ? weights.Values(Named(names, "bias"), new Shape(biased)) : [], shape[0]);

    /// <summary>Reads the weight "name.weight" under another last part, and as the bias the sum of others: a recurrent layer's.</summary>
    /// <param name="weights">The file.</param>
    /// <param name="names">The names the layer may have, the preferred first.</param>
    /// <param name="shape">The weight's shape; its first axis is the biases'.</param>
    /// <param name="weight">The last part of the weight's name: "weight_ih_l0".</param>
    /// <param name="biases">The last parts of the biases' names; none where there is no bias.</param>
    /// <exception cref="WeightsException">A tensor is missing or of another shape.</exception>
    public static LayerTensors Read(Weights weights, string[] names, Shape shape, string weight, string[] biases)
    {
        var sum = new double[biases.Length == 0 ? 0 : shape[0]];
        foreach (var bias in biases)
        {
            var values = weights.Values(Named(names, bias), new Shape(shape[0]));
            for (var i = 0; i < sum.Length; i++)
                sum[i] += values[i];
        }
        return new LayerTensors(weights.Values(Named(names, weight), shape), sum, shape[0]);
    }

    /// <summary>One tensor of a layer: "name.role", or "name" of a free parameter, whose role is empty.</summary>
    public static double[] Read(Weights weights, string[] names, string role, Shape shape) => weights.Values(Named(names, role), shape);

    /// <summary>An embedding's table, [vocabulary, width], rounded.</summary>
    public static float[] Table(Weights weights, string[] names, Shape shape) =>
        Array.ConvertAll(Read(weights, names, "weight", shape), value => (float)value);

    /// <summary>The rows of an embedding's table, [vocabulary, width], for tokens written in Forward.</summary>
    public static double[] Rows(Weights weights, string[] names, Shape table, int[] tokens)
    {
        var (values, width) = (Read(weights, names, "weight", table), table[1]);
        var rows = new double[tokens.Length * width];
        for (var i = 0; i < tokens.Length; i++)
            values.AsSpan(tokens[i] * width, width).CopyTo(rows.AsSpan(i * width));
        return rows;
    }

    private static string[] Named(string[] names, string role) => Array.ConvertAll(names, name => TensorNames.Join(name, role));

    /// <summary>This layer with a BatchNorm after it taken in: k W and k b + s.</summary>
    public LayerTensors Folded(Weights weights, string[] norm, double epsilon)
    {
        var (scale, shift) = (Scale(weights, norm, outputs, epsilon), Shift(weights, norm, outputs, epsilon));
        for (var i = 0; i < outputs; i++)
            shift[i] += bias.Length == 0 ? 0 : bias[i] * scale[i];
        return new LayerTensors(new Lazy<double[]>(() => Scaled(Signed, scale)), shift, outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Scaled(double[] weight, double[] scale)
    {
        var row = weight.Length / scale.Length;
        var scaled = GC.AllocateUninitializedArray<double>(weight.Length);
        for (var (i, at) = (0, 0); i < scale.Length; i++)
        {
            for (var end = at + row; at < end; at++)
                scaled[at] = weight[at] * scale[i];
        }
        return scaled;
    }

    /// <summary>A BatchNorm's factor: gamma / sqrt(var + epsilon).</summary>
    public static double[] Scale(Weights weights, string[] norm, int channels, double epsilon)
    {
        var scale = (double[])Read(weights, norm, "weight", new Shape(channels)).Clone();
        var variance = Read(weights, norm, "running_var", new Shape(channels));
        for (var i = 0; i < channels; i++)
            scale[i] /= Math.Sqrt(variance[i] + epsilon);
        return scale;
    }

    /// <summary>A BatchNorm's offset: beta - mean gamma / sqrt(var + epsilon).</summary>
    public static double[] Shift(Weights weights, string[] norm, int channels, double epsilon)
    {
        var shift = (double[])Read(weights, norm, "bias", new Shape(channels)).Clone();
        var mean = Read(weights, norm, "running_mean", new Shape(channels));
        var scale = Scale(weights, norm, channels, epsilon);
        for (var i = 0; i < channels; i++)
            shift[i] -= mean[i] * scale[i];
        return shift;
    }

    /// <summary>The weight's absolute values, without a bias: RevealCancel's second product.</summary>
    public LayerTensors Absolute() => new(weight, [], outputs) { IsAbsolute = true };

    /// <summary>This layer normalised for one-hot inputs of so many letters (<see cref="OneHot.Normalise"/>).</summary>
    public LayerTensors Normalised(int letters)
    {
        var (normal, moved) = ((double[])Signed.Clone(), (double[])bias.Clone());
        OneHot.Normalise(normal, moved, letters);
        return new LayerTensors(normal, moved, outputs);
    }

    /// <summary>
    /// A dense layer whose inputs, or outputs, are a flattened [channels, positions] that lies channels last: columns, or rows and bias,
    /// reordered to match.
    /// </summary>
    /// <param name="inputChannels">Channels of the inputs; 1 leaves them.</param>
    /// <param name="outputChannels">Channels of the outputs; 1 leaves them.</param>
    public LayerTensors Reordered(int inputChannels, int outputChannels)
    {
        var rows = Order.FromMemory(outputs, outputChannels);
        return new LayerTensors(new Lazy<double[]>(() => Reordered(Signed, rows, inputChannels)),
            bias.Length == 0 ? bias : Array.ConvertAll(rows, row => bias[row]), outputs) { IsAbsolute = IsAbsolute };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Reordered(double[] weight, int[] rows, int channels)
    {
        var inputs = weight.Length / rows.Length;
        var columns = Order.FromMemory(inputs, channels);
        var reordered = GC.AllocateUninitializedArray<double>(weight.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            var from = weight.AsSpan(rows[row] * inputs, inputs);
            var to = reordered.AsSpan(row * inputs, inputs);
            for (var column = 0; column < to.Length; column++)
                to[column] = from[columns[column]];
        }
        return reordered;
    }

    /// <summary>
    /// Numbers by first axis, or one for all, spread over a value's elements as they lie in memory.
    /// </summary>
    /// <param name="values">One for each of the shape's first axis, or a single one.</param>
    /// <param name="shape">The value's shape in the user's order.</param>
    /// <param name="channels">The value's channels in memory; 1 where it lies in the user's order.</param>
    public static float[] Spread(double[] values, Shape shape, int channels)
    {
        var inner = shape.Size / shape[0];
        var order = Order.FromMemory(shape.Size, channels);
        return Array.ConvertAll(order, place => (float)values[values.Length == 1 ? 0 : place / inner]);
    }

    /// <summary>A tensor of a value's last axes, repeated over its first ones, as the value's elements lie in memory.</summary>
    /// <param name="values">The tensor.</param>
    /// <param name="size">The value's elements.</param>
    /// <param name="channels">The value's channels in memory; 1 where it lies in the user's order.</param>
    public static float[] Repeat(double[] values, int size, int channels) =>
        Array.ConvertAll(Order.FromMemory(size, channels), place => (float)values[place % values.Length]);

    /// <summary>A tensor with its axes of size 1 repeated up to a value's shape, as the value's elements lie in memory.</summary>
    /// <param name="values">The tensor's elements, row-major.</param>
    /// <param name="view">The tensor's axes, as many as the value's: each the value's own, or 1.</param>
    /// <param name="shape">The value's shape in the user's order.</param>
    /// <param name="channels">The value's channels in memory; 1 where it lies in the user's order.</param>
    public static float[] Broadcast(double[] values, Shape view, Shape shape, int channels) =>
        Array.ConvertAll(Order.FromMemory(shape.Size, channels), place => (float)values[Within(place, view, shape)]);

    // Where in the tensor the element at a place of the value comes from.
    private static int Within(int place, Shape view, Shape shape)
    {
        var (from, step) = (0, 1);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (view[axis] > 1)
                from += place % shape[axis] * step;
            place /= shape[axis];
            step *= view[axis];
        }
        return from;
    }

    /// <summary>Numbers written in Forward, as they lie in memory.</summary>
    public static float[] Constant(double[] values, int channels) =>
        Array.ConvertAll(Order.FromMemory(values.Length, channels), place => (float)values[place]);

    private static class Order
    {
        /// <summary>For each place in memory, channels last, the user's place.</summary>
        public static int[] FromMemory(int size, int channels)
        {
            var order = new int[size];
            var positions = size / channels;
            for (var i = 0; i < size; i++)
                order[i] = i % channels * positions + i / channels;
            return order;
        }
    }
}
