using System.Text.Json;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>
/// A model of deeplift.json as a network. There batches come first and channels last; here there is no batch and channels come first,
/// so kernels, inputs and everything expected are turned.
/// </summary>
internal sealed class LayerStack
{
    private readonly Sketch sketch = new();
    private readonly Dictionary<string, double[]> tensors = [];
    private readonly Dictionary<string, Place> places = [];
    private readonly List<string> layers = [];

    /// <param name="Value">The value.</param>
    /// <param name="Axes">Its axes, channels last.</param>
    /// <param name="Before">The axes before it was flattened, which say how its elements were turned.</param>
    private sealed record Place(Value Value, int[] Axes, int[] Before);

    private LayerStack()
    {
    }

    public static ZooNetwork Of(string name, JsonElement model, JsonElement input)
    {
        var stack = new LayerStack();
        var last = model.GetProperty("type").GetString() == "sequential" ? stack.Sequential(model, input) : stack.Wired(model, input);
        return new(name, stack.sketch.Return(last.Value), TensorsFrom.Table(stack.tensors), [.. stack.layers]);
    }

    /// <summary>Channels first, one example: the elements of [..., channels] as [channels, ...].</summary>
    public static double[] Turned(ReadOnlySpan<double> values, int[] axes)
    {
        var turned = new double[values.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[Turned(i, axes)] = values[i];
        return turned;
    }

    private static int Turned(int index, int[] axes)
    {
        var (channels, positions) = (axes[^1], axes[..^1].Aggregate(1, (a, b) => a * b));
        return index % channels * positions + index / channels;
    }

    private Place Sequential(JsonElement model, JsonElement input)
    {
        var at = Input("x", input);
        foreach (var (layer, i) in model.GetProperty("layers").EnumerateArray().Select((layer, i) => (layer, i)))
        {
            at = Layer(layer, i, [at]);
            at = at with { Value = at.Value.As($"layer{i}") };
            layers.Add($"layer{i}");
        }
        return at;
    }

    private Place Wired(JsonElement model, JsonElement input)
    {
        var last = default(Place)!;
        foreach (var (node, i) in model.GetProperty("nodes").EnumerateArray().Select((node, i) => (node, i)))
        {
            var name = node.GetProperty("name").GetString()!;
            last = node.GetProperty("type").GetString() == "input"
                ? Input(name, input.GetProperty(name))
                : Layer(node, i, [.. node.GetProperty("inputs").EnumerateArray().Select(from => places[from.GetString()!])]);
            places.Add(name, last);
        }
        return last;
    }

    private Place Input(string name, JsonElement batch)
    {
        var axes = batch.Axes()[1..];
        return new(sketch.Input(name, axes.Length == 1 ? axes : [axes[^1], .. axes[..^1]]), axes, axes);
    }

    private Place Layer(JsonElement layer, int index, Place[] inputs)
    {
        var at = inputs[0];
        switch (layer.GetProperty("type").GetString())
        {
            case "dense":
                return Dense(layer, index, at);
            case "conv1d":
                return Convolution(layer, index, at, "Conv1d", [layer.GetProperty("stride").GetInt32()]);
            case "conv2d":
                return Convolution(layer, index, at, "Conv2d", [.. layer.Numbers("strides").Select(stride => (int)stride)]);
            case "maxpool1d":
            case "avgpool1d":
                return Pool(layer, at, "1d", "stride");
            case "maxpool2d":
            case "avgpool2d":
                return Pool(layer, at, "2d", "strides");
            case "batchnorm":
                return Norm(layer, index, at);
            case "flatten":
                return new(sketch.Call("Flatten", at.Value), [at.Axes.Aggregate(1, (a, b) => a * b)], at.Axes);
            case "concat":
                return Concat(layer, inputs);
            case "relu":
                var rule = Enum.Parse<RuleChoice>(layer.GetProperty("rule").GetString()!);
                return at with { Value = sketch.Relu(at.Value, rule) };
            default:
                throw new InvalidOperationException($"No layer for {layer}.");
        }
    }

    private Place Dense(JsonElement layer, int index, Place at)
    {
        var kernel = layer.Numbers("kernel");
        var outputs = kernel.Length / at.Axes[0];
        var weight = new double[kernel.Length];
        for (var i = 0; i < at.Axes[0]; i++)
        {
            for (var o = 0; o < outputs; o++)
                weight[o * at.Axes[0] + Turned(i, at.Before)] = kernel[i * outputs + o];
        }
        tensors.Add($"dense{index}.weight", weight);
        tensors.Add($"dense{index}.bias", layer.Numbers("bias"));
        return new(sketch.Linear($"Dense{index}", at.Value, outputs), [outputs], [outputs]);
    }

    private Place Convolution(JsonElement layer, int index, Place at, string op, int[] strides)
    {
        var (kernel, axes) = (layer.Numbers("kernel"), layer.GetProperty("kernel").Axes());
        var (filters, channels) = (axes[^1], axes[^2]);
        var taps = kernel.Length / filters / channels;
        var weight = new double[kernel.Length];
        for (var i = 0; i < kernel.Length; i++)
            weight[(i % filters * channels + i / filters % channels) * taps + i / filters / channels] = kernel[i];
        tensors.Add($"conv{index}.weight", weight);
        tensors.Add($"conv{index}.bias", layer.Numbers("bias"));
        var settings = Settings.Of(("filters", filters), ("kernel", axes[0]), ("stride", strides[0]), ("strideWidth", strides[^1]));
        int[] shape = [.. at.Axes[..^1].Select((length, i) => Shape.Windows(length, axes[i], strides[i], 0, 1)), filters];
        return new(sketch.Layer(op, $"Conv{index}", at.Value, settings), shape, shape);
    }

    private Place Pool(JsonElement layer, Place at, string rank, string stride)
    {
        var (window, step) = ((int)layer.Numbers("pool")[0], (int)layer.Numbers(stride)[0]);
        var op = (layer.GetProperty("type").GetString()!.StartsWith("max") ? "MaxPool" : "AvgPool") + rank;
        int[] shape = [.. at.Axes[..^1].Select(length => Shape.Windows(length, window, step, 0, 1)), at.Axes[^1]];
        return new(sketch.Call(op, at.Value, ("window", window), ("stride", step)), shape, shape);
    }

    private Place Norm(JsonElement layer, int index, Place at)
    {
        foreach (var (theirs, ours) in new[] { ("gamma", "weight"), ("beta", "bias"), ("mean", "running_mean"), ("var", "running_var") })
            tensors.Add($"norm{index}.{ours}", layer.Numbers(theirs));
        return at with { Value = sketch.Layer("BatchNorm", $"Norm{index}", at.Value,
            Settings.Of(("epsilon", layer.GetProperty("epsilon").GetDouble()))) };
    }

    private Place Concat(JsonElement layer, Place[] inputs)
    {
        // Their axis counts the batch; their last axis is our first.
        var axis = layer.GetProperty("axis").GetInt32() - 1;
        var rank = inputs[0].Axes.Length;
        var axes = (int[])inputs[0].Axes.Clone();
        axes[axis] = inputs.Sum(input => input.Axes[axis]);
        var joined = sketch.Call("Concat", Settings.Of(("axis", axis == rank - 1 ? 0 : axis + 1)),
            [.. inputs.Select(input => input.Value)]);
        return new(joined, axes, axes);
    }
}
