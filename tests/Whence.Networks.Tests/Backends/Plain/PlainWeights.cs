namespace Whence.Generator.Emit.Plain;

using Whence.Generator.Graphs;
using Whence.Generator.Plan;

/// <summary>Weights in fields, as they lie in the file but for the order of a flattened image.</summary>
internal sealed class PlainWeights(Taken taken)
{
    private readonly Dictionary<(WeightSource Source, int Inputs, int Outputs), string> layers = [];
    private readonly Dictionary<PlannedValue, string> constants = [];

    /// <summary>The field of a layer's weights; behind it "Bias" for its bias.</summary>
    public string Of(PackedWeights weights)
    {
        var (inputs, outputs) = weights.Operator == "Convolve" ? (1, 1)
            : weights.Transposed ? (weights.OutputChannels, weights.InputChannels) : (weights.InputChannels, weights.OutputChannels);
        var key = (weights.Source with { Bias = false }, inputs, outputs);
        if (!layers.TryGetValue(key, out var name))
            layers[key] = name = taken.Take(
                $"{Names.Pascal(weights.Source.Layer.Path)}{(weights.Source.Absolute ? "Absolute" : "")}Weights");
        return name;
    }

    /// <summary>The field of numbers that are written into code.</summary>
    public string Constant(PlannedValue value)
    {
        if (!constants.TryGetValue(value, out var name))
            constants[value] = name = taken.Take("Constant");
        return name;
    }

    /// <summary>The name of a function of the class.</summary>
    public string Function(string wanted) => taken.Take(wanted);

    public void Write(SourceWriter to, string type)
    {
        foreach (var name in layers.Values)
            to.Line($"private readonly float[] {name};").Line($"private readonly float[] {name}Bias;");
        foreach (var name in constants.Values)
            to.Line($"private readonly float[] {name};");
        to.Line();
        to.Block($"public {type}(Weights weights)", () =>
        {
            foreach (var layer in layers)
                Read(to, layer.Key.Source, layer.Key.Inputs, layer.Key.Outputs, layer.Value);
            foreach (var constant in constants)
                to.Line($"{constant.Value} = {Numbers(constant.Key)};");
        });
    }

    private static void Read(SourceWriter to, WeightSource source, int inputs, int outputs, string name)
    {
        var layer = $"layer{name}";
        to.Line($"var {layer} = LayerTensors.Read(weights, {SourceWriter.List(source.Layer.TensorNames)}, "
            + $"{SourceWriter.Shape(source.Shape)}, bias: {(source.LayerBias ? "true" : "false")});");
        if (source.Norm is { } norm)
            to.Line($"{layer} = {layer}.Folded(weights, {SourceWriter.List(norm.TensorNames)}, {SourceWriter.Number(source.Epsilon)});");
        if (inputs > 1 || outputs > 1)
            to.Line($"{layer} = {layer}.Reordered({inputs}, {outputs});");
        to.Line($"{name}Bias = {layer}.Bias;");
        if (source.Absolute)
            to.Line($"{layer} = {layer}.Absolute();");
        to.Line($"{name} = Array.ConvertAll({layer}.Weight.ToArray(), weight => (float)weight);");
    }

    private static string Numbers(PlannedValue value)
    {
        var numbers = value.Source!.Settings.Numbers("values");
        return numbers.Count() == 1 && value.Size > 1
            ? $"LayerTensors.Spread([{SourceWriter.Number(numbers[0])}], {SourceWriter.Shape(value.Shape)}, {value.Channels})"
            : $"LayerTensors.Constant([{string.Join(", ", numbers.Select(SourceWriter.Number))}], {value.Channels})";
    }
}
