using System.Runtime.InteropServices;

namespace Whence.Benchmarks;

/// <summary>A value of an ONNX graph: its name, and its shape without the axis of the batch.</summary>
internal sealed record OnnxValue(string Name, params int[] Shape)
{
    public int Size => Shape.Aggregate(1, (product, axis) => product * axis);
}

/// <summary>
/// An ONNX model in the making, from one input [batch, ...] to one output, with the weights of the network that it is a copy of. It counts
/// multiply-adds as it grows.
/// </summary>
internal sealed class OnnxGraph(Weights weights)
{
    private const int Version = 20;
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly ProtobufWriter graph = new ProtobufWriter().Text(2, "peer");
    private readonly Dictionary<string, Tensor> tensors = [];
    private int values;

    /// <summary>Multiply-adds of one example.</summary>
    public long MultiplyAdds { get; private set; }

    /// <summary>Every tensor that was asked for, by the network's own names.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    public OnnxValue Input(params int[] shape)
    {
        graph.Message(11, ValueInfo("x", shape));
        return new("x", shape);
    }

    /// <summary>The finished model.</summary>
    public byte[] Model(OnnxValue output)
    {
        graph.Message(12, ValueInfo(output.Name, output.Shape));
        return new ProtobufWriter().Whole(1, 9).Message(7, graph).Message(8, new ProtobufWriter().Text(1, "").Whole(2, Version)).ToArray();
    }

    /// <summary>A convolution over the axes behind the channels, alike along each.</summary>
    public OnnxValue Conv(OnnxValue x, string layer, int filters, int kernel, int stride = 1, int pad = 0, bool bias = true)
    {
        var axes = x.Shape.Length - 1;
        var kernels = Enumerable.Repeat(kernel, axes).ToArray();
        int[] shape = [filters, .. x.Shape.Skip(1).Select(size => (size + 2 * pad - kernel) / stride + 1)];
        List<string> inputs = [x.Name, Weight($"{layer}.weight", [filters, x.Shape[0], .. kernels])];
        if (bias)
            inputs.Add(Weight($"{layer}.bias", filters));
        MultiplyAdds += shape.Aggregate(1L, (product, size) => product * size) * x.Shape[0] * kernels.Aggregate(1, (a, b) => a * b);
        return Node("Conv", inputs, shape, ("kernel_shape", kernels), ("strides", Enumerable.Repeat(stride, axes).ToArray()),
            ("pads", Enumerable.Repeat(pad, 2 * axes).ToArray()));
    }

    /// <summary>A dense layer over the last axis.</summary>
    public OnnxValue Linear(OnnxValue x, string layer, int outputs) => Linear(x, $"{layer}.weight", $"{layer}.bias", outputs);

    public OnnxValue Linear(OnnxValue x, string weight, string bias, int outputs)
    {
        var inputs = x.Shape[^1];
        MultiplyAdds += (long)x.Size * outputs;
        if (x.Shape.Length == 1)
            return Node("Gemm", [x.Name, Weight(weight, outputs, inputs), Weight(bias, outputs)], [outputs], ("transB", 1));
        var product = Node("MatMul", [x.Name, Transposed(weight, outputs, inputs)], [.. x.Shape[..^1], outputs]);
        return Node("Add", [product.Name, Weight(bias, outputs)], product.Shape);
    }

    public OnnxValue BatchNorm(OnnxValue x, string layer) =>
        Node("BatchNormalization", [x.Name, .. new[] { "weight", "bias", "running_mean", "running_var" }
            .Select(tensor => Weight($"{layer}.{tensor}", x.Shape[0]))], x.Shape, ("epsilon", 1e-5f));

    public OnnxValue LayerNorm(OnnxValue x, string layer) =>
        Node("LayerNormalization", [x.Name, Weight($"{layer}.weight", x.Shape[^1]), Weight($"{layer}.bias", x.Shape[^1])], x.Shape,
            ("axis", -1), ("epsilon", 1e-5f));

    public OnnxValue MaxPool(OnnxValue x, int window, int stride, int pad = 0, bool ceil = false) =>
        Node("MaxPool", [x.Name],
            [x.Shape[0], .. x.Shape.Skip(1).Select(size => (size + 2 * pad - window + (ceil ? stride - 1 : 0)) / stride + 1)],
            ("kernel_shape", new[] { window, window }), ("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }),
            ("ceil_mode", ceil ? 1 : 0));

    public OnnxValue GlobalAverage(OnnxValue x) =>
        Flatten(Node("GlobalAveragePool", [x.Name], [x.Shape[0], .. x.Shape.Skip(1).Select(_ => 1)]));

    public OnnxValue Flatten(OnnxValue x) => Node("Flatten", [x.Name], [x.Size], ("axis", 1));

    public OnnxValue Concat(params OnnxValue[] parts) =>
        Node("Concat", parts.Select(part => part.Name), [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]], ("axis", 1));

    /// <summary>What is computed element by element, of one value or of two alike.</summary>
    public OnnxValue Elementwise(string type, params OnnxValue[] x) => Node(type, x.Select(one => one.Name), x[0].Shape);

    /// <summary>An example of this shape, with the same elements in the same order.</summary>
    public OnnxValue Reshape(OnnxValue x, params int[] shape) =>
        Node("Reshape", [x.Name, Constant([0, .. shape.Select(axis => (long)axis)])], shape);

    /// <summary>Axes in another order, that of the batch first.</summary>
    public OnnxValue Permute(OnnxValue x, params int[] order) =>
        Node("Transpose", [x.Name], [.. order.Select(axis => x.Shape[axis])], ("perm", (int[])[0, .. order.Select(axis => axis + 1)]));

    public OnnxValue Softmax(OnnxValue x) => Node("Softmax", [x.Name], x.Shape, ("axis", -1));

    /// <summary>Products [heads, n, k] by [heads, k, m].</summary>
    public OnnxValue Product(OnnxValue a, OnnxValue b)
    {
        MultiplyAdds += (long)a.Size * b.Shape[^1];
        return Node("MatMul", [a.Name, b.Name], [.. a.Shape[..^1], b.Shape[^1]]);
    }

    public OnnxValue Scale(OnnxValue x, float by) =>
        Node("Mul", [x.Name, Initializer("", Float, [1], MemoryMarshal.AsBytes<float>([by]))], x.Shape);

    /// <summary>The place of number <paramref name="index"/> along the first axis.</summary>
    public OnnxValue At(OnnxValue x, int index) => Node("Gather", [x.Name, Scalar(index)], x.Shape[1..], ("axis", 1));

    /// <summary>The states of an LSTM after the last of [steps, features].</summary>
    public OnnxValue LastOfLstm(OnnxValue x, string layer, int units)
    {
        var (steps, features) = (x.Shape[0], x.Shape[1]);
        MultiplyAdds += 4L * units * (features + units) * steps;
        var turned = Name();
        graph.Message(1, NodeOf("Transpose", [x.Name], [turned], ("perm", new[] { 1, 0, 2 })));
        var (input, hidden) = (Gates(layer, "weight_ih", units, features), Gates(layer, "weight_hh", units, units));
        string[] inputs = [turned, input, hidden, Biases(layer, units)];
        var last = Name();
        graph.Message(1, NodeOf("LSTM", inputs, ["", last], ("hidden_size", units)));
        var state = Name();
        graph.Message(1, NodeOf("Squeeze", [last, Constant([0])], [state]));
        return new(state, units);
    }

    // ONNX has the gates in the order input, output, forget, cell; PyTorch input, forget, cell, output.
    private string Gates(string layer, string tensor, int units, int features) =>
        Initializer("", Float, [1, 4 * units, features], Singles(Reordered($"{layer}.{tensor}_l0", new Shape(4 * units, features))));

    private string Biases(string layer, int units) =>
        Initializer("", Float, [1, 8 * units], Singles([
            .. Reordered($"{layer}.bias_ih_l0", new Shape(4 * units)), .. Reordered($"{layer}.bias_hh_l0", new Shape(4 * units)),
        ]));

    private double[] Reordered(string name, Shape shape)
    {
        var all = Tensor(name, shape).Values;
        var gate = all.Length / 4;
        return [.. all[..gate], .. all[(3 * gate)..], .. all[gate..(2 * gate)], .. all[(2 * gate)..(3 * gate)]];
    }

    private string Transposed(string name, int outputs, int inputs)
    {
        var tensor = Tensor(name, new Shape(outputs, inputs)).Values;
        var turned = new double[tensor.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[i] = tensor[i % outputs * inputs + i / outputs];
        return Initializer("", Float, [inputs, outputs], Singles(turned));
    }

    private string Weight(string name, params int[] shape) =>
        Initializer(name, Float, shape, Singles(Tensor(name, new Shape(shape)).Values));

    private Tensor Tensor(string name, Shape shape) =>
        tensors.TryGetValue(name, out var known) ? known : tensors[name] = weights.Tensor(name, shape);

    private static ReadOnlySpan<byte> Singles(ReadOnlySpan<double> values)
    {
        var singles = new float[values.Length];
        for (var i = 0; i < singles.Length; i++)
            singles[i] = (float)values[i];
        return MemoryMarshal.AsBytes(singles.AsSpan());
    }

    private string Constant(long[] values) => Initializer("", Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    private string Scalar(long value) => Initializer("", Int64, [], MemoryMarshal.AsBytes<long>([value]));

    private string Initializer(string name, int type, int[] shape, ReadOnlySpan<byte> data)
    {
        name = name.Length > 0 ? name : Name();
        var tensor = new ProtobufWriter();
        foreach (var axis in shape)
            tensor.Whole(1, axis);
        graph.Message(5, tensor.Whole(2, type).Text(8, name).Bytes(9, data));
        return name;
    }

    private string Name() => $"v{values++}";

    private OnnxValue Node(string type, IEnumerable<string> inputs, int[] shape, params (string Name, object Value)[] attributes)
    {
        var output = Name();
        graph.Message(1, NodeOf(type, inputs, [output], attributes));
        return new(output, shape);
    }

    private static ProtobufWriter NodeOf(string type, IEnumerable<string> inputs, IEnumerable<string> outputs,
        params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(4, type);
        foreach (var (name, value) in attributes)
            node.Message(5, Attribute(name, value));
        return node;
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        var attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case float single:
                return attribute.Single(2, single).Whole(20, 1);
            case int whole:
                return attribute.Whole(3, whole).Whole(20, 2);
            default:
                foreach (var whole in (int[])value)
                    attribute.Whole(8, whole);
                return attribute.Whole(20, 7);
        }
    }

    private static ProtobufWriter ValueInfo(string name, int[] shape)
    {
        var axes = new ProtobufWriter().Message(1, new ProtobufWriter().Text(2, "batch"));
        foreach (var axis in shape)
            axes.Message(1, new ProtobufWriter().Whole(1, axis));
        var tensor = new ProtobufWriter().Whole(1, Float).Message(2, axes);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
