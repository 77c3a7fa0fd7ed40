using Whence.Generator.Graphs;
using Whence.Generator.Plan;
using Whence.Generator.Support;

namespace Whence.Generator.Emit.Cpu;

/// <summary>
/// The fields of a compiled network: weights packed for each use, constants, windows. Each is declared once, whoever asks for it.
/// </summary>
internal sealed class WeightFields(Taken taken, Dialect dialect)
{
    private readonly Dictionary<PackedWeights, (string Packed, string? Bias)> packed = [];
    private readonly Dictionary<(string Name, int Channels, Shape Shape, WeightSource? Source, Settings Settings), string> constants = [];
    private readonly Dictionary<Settings, string> windows = [];
    private readonly Dictionary<Settings, string> taps = [];
    private readonly Dictionary<(Layer Layer, Shape Shape), string> tables = [];

    private readonly Dictionary<string, string> types = [];

    /// <summary>The type of a field; null of any other name.</summary>
    public string? TypeOf(string field) => types.TryGetValue(field, out var type) ? type : null;

    /// <summary>The field of packed weights, and that of their bias.</summary>
    public (string Packed, string? Bias) Of(PackedWeights weights)
    {
        if (packed.TryGetValue(weights, out var known))
            return known;
        var name = Names.Pascal(weights.Source.Layer.Path) + Which(weights.Source) + (weights.Source.Absolute ? "Absolute" : "")
            + (weights.Transposed ? "Back" : "");
        var field = packed.Where(other => Unbiased(other.Key) == Unbiased(weights)).Select(other => other.Value.Packed).FirstOrDefault()
            ?? Field($"{dialect.Kernels}.{(weights.Operator == "Dense" ? "Matrix" : "Filters")}", name + "Weights");
        return packed[weights] = (field, weights.Source.Bias ? Field("float[]", name + "Bias") : null);
    }

    // With its bias or without, a layer's weights are packed alike.
    private static PackedWeights Unbiased(PackedWeights weights) => weights with { Source = weights.Source with { Bias = false } };

    /// <summary>Which of a layer's weights it is, where it has several: "IhL0" of weight_ih_l0, "InProj" of in_proj_weight.</summary>
    private static string Which(WeightSource source)
    {
        var name = source.Weight.Replace("weight", "").Trim('_', '.');
        return name.Length == 0 ? "" : Names.Pascal(name);
    }

    /// <summary>The field of a constant operand.</summary>
    public string Constant(PlannedValue value)
    {
        var source = value.Source!;
        var key = (source.Op.Name, value.Channels, value.Shape, source.Weights, source.Settings);
        if (!constants.TryGetValue(key, out var name))
            constants[key] = name = Field("float[]",
                source.Weights is { } weights ? Names.Pascal(weights.Layer.Path) + (WeightKind)source.Settings.Int("kind") : "Constant");
        return name;
    }

    /// <summary>The field of an embedding's table.</summary>
    public string Table(Layer layer, Shape shape)
    {
        if (!tables.TryGetValue((layer, shape), out var name))
            tables[(layer, shape)] = name = Field("float[]", Names.Pascal(layer.Path) + "Table");
        return name;
    }

    /// <summary>The field of a window's geometry, named after the first value that is made by it.</summary>
    public string Window(Settings window, string of)
    {
        if (!windows.TryGetValue(window, out var name))
            windows[window] = name = Field("Kernels.Window", Names.Pascal(of) + "Window");
        return name;
    }

    /// <summary>The field of what a resampling reads, named after the first value that is made by it.</summary>
    public string Taps(Settings settings, string of)
    {
        var key = new Settings(settings.Items.Where(item => item.Name != "axis").ToEquatable());
        if (!taps.TryGetValue(key, out var name))
            taps[key] = name = Field($"{dialect.Kernels}.Resampling", Names.Pascal(of) + "Taps");
        return name;
    }

    private string Window(PackedWeights weights) => Window(Untransposed(weights.Settings), weights.Source.Layer.Path);

    private string Unique(string wanted) => taken.Take(wanted);

    private string Field(string type, string wanted)
    {
        var name = Unique(wanted);
        types[name] = type;
        return name;
    }

    /// <summary>A name that no other member of the compiled class has, for a struct of a loop.</summary>
    public string Struct(string wanted) => Unique(wanted);

    /// <summary>The fields, and the constructor that fills them.</summary>
    public void Write(SourceWriter to, string type)
    {
        // Packing a convolution needs its window too.
        foreach (var weights in packed.Keys.Where(weights => weights.Operator == "Convolve").ToList())
            Window(weights);
        foreach (var window in windows)
            to.Line($"private static readonly Kernels.Window {window.Value} = new() {{ {Geometry(window.Key)} }};");
        foreach (var field in taps)
            to.Line($"private static readonly {dialect.Kernels}.Resampling {field.Value} = new({field.Key.Int("taps")}, "
                + $"[{string.Join(", ", field.Key.Ints("indices"))}], "
                + $"[{string.Join(", ", field.Key.Numbers("weights").Select(SourceWriter.Float))}]);");
        var declared = new HashSet<string>();
        foreach (var field in packed)
        {
            if (declared.Add(field.Value.Packed))
                to.Line($"private readonly {types[field.Value.Packed]} {field.Value.Packed};");
            if (field.Value.Bias is { } bias)
                to.Line($"private readonly float[] {bias};");
        }
        foreach (var field in constants.Values.Concat(tables.Values))
            to.Line($"private readonly float[] {field};");
        to.Line();
        to.Summary("Packs the weights for every use that is compiled.");
        to.Block($"public {type}(Weights weights)", () => WriteConstructor(to));
    }

    private void WriteConstructor(SourceWriter to)
    {
        // What a use makes of the tensors does not change what is read.
        var layers = packed.GroupBy(field => field.Key.Source with { Bias = false, Absolute = false });
        var filled = new HashSet<string>();
        var locals = new Taken([.. packed.Values.SelectMany(field => new[] { field.Packed, field.Bias ?? "" }), .. constants.Values,
            .. tables.Values, "weights", "packing"]);
        if (IsOnHost && packed.Count > 0)
            to.Line("var packing = new Kernels.Packing();");
        foreach (var layer in layers)
        {
            var source = layer.Key;
            var local = locals.Take(Names.Camel(source.Layer.Path) + Which(source));
            var fold = source.Norm is { } norm
                ? $".Folded(weights, {SourceWriter.List(norm.TensorNames)}, {SourceWriter.Number(source.Epsilon)})"
                : "";
            var normalised = source.OneHot ? $".Normalised({source.Shape[1]})" : "";
            to.Line($"var {local} = LayerTensors.Read(weights, {SourceWriter.List(source.Layer.TensorNames)}, "
                + $"{SourceWriter.Shape(source.Shape)}, {Tensors(source)}){normalised}{fold};");
            var made = new Dictionary<string, string>();
            string Once(string tensors, string what, string call)
            {
                if (!made.TryGetValue(tensors + call, out var known))
                {
                    made[tensors + call] = known = locals.Take(tensors + what);
                    to.Line($"var {known} = {tensors}.{call};");
                }
                return known;
            }
            foreach (var field in layer)
                WritePacking(to, local, Once, field.Key, field.Value, filled.Add(field.Value.Packed));
        }
        foreach (var table in tables)
            to.Line($"{table.Value} = LayerTensors.Table(weights, {SourceWriter.List(table.Key.Layer.TensorNames)}, "
                + $"{SourceWriter.Shape(table.Key.Shape)});");
        foreach (var field in constants)
            to.Line($"{field.Value} = {ConstantValue(field.Key.Channels, field.Key.Shape, field.Key.Source, field.Key.Settings)};");
        if (IsOnHost && packed.Count > 0)
            to.Line("packing.Finish();");
    }

    // Other devices pack as they upload.
    private bool IsOnHost => dialect == Dialect.Cpu;

    private static string Tensors(WeightSource source) => source.Weight == "weight"
        ? $"bias: {(source.LayerBias ? "true" : "false")}"
            + (source is { LayerBias: true, Biased: > 0 } ? $", biased: {source.Biased}" : "")
        : $"{SourceWriter.Quoted(source.Weight)}, {(source.LayerBias ? SourceWriter.List(source.Biases) : "[]")}";

    /// <summary>
    /// Packs a layer's tensors for one use. What several uses make of them is made <paramref name="once"/>: given the tensors' name, what
    /// to add to it, and the call.
    /// </summary>
    private void WritePacking(SourceWriter to, string local, Func<string, string, string, string> once, PackedWeights weights,
        (string Packed, string? Bias) fields, bool isFirst)
    {
        var pack = weights.Transposed ? "PackTransposed" : "Pack";
        string Absolute(string tensors) => weights.Source.Absolute ? once(tensors, "Absolute", "Absolute()") : tensors;
        if (weights.Operator == "Convolve")
        {
            if (isFirst)
                to.Line($"{fields.Packed} = {Packed("Filters", pack, Absolute(local))}, {Window(weights)});");
            if (fields.Bias is not null)
                to.Line($"{fields.Bias} = {local}.Bias;");
            return;
        }
        var (inputs, outputs) = weights.Transposed
            ? (weights.OutputChannels, weights.InputChannels)
            : (weights.InputChannels, weights.OutputChannels);
        var ordered = inputs == 1 && outputs == 1 ? local : once(local, "Reordered", $"Reordered({inputs}, {outputs})");
        if (isFirst)
            to.Line($"{fields.Packed} = {Packed("Matrix", pack, Absolute(ordered))}, {weights.Settings.Int("outputs")}, "
                + $"{weights.Settings.Int("inputs")});");
        if (fields.Bias is not null)
            to.Line($"{fields.Bias} = {ordered}.Bias;");
    }

    private string Packed(string type, string pack, string tensors) =>
        IsOnHost ? $"packing.{pack}({tensors}" : $"{dialect.Kernels}.{type}.{pack}({tensors}.Weight";

    private static Settings Untransposed(Settings settings) =>
        new(settings.Items.Where(item => item.Name != "transposed").ToEquatable());

    private static string ConstantValue(int channels, Shape shape, WeightSource? source, Settings settings)
    {
        if (source is null && settings.Numbers("values") is [var same] && shape.Size > 1)
            return $"LayerTensors.Spread([{SourceWriter.Number(same)}], {SourceWriter.Shape(shape)}, {channels})";
        if (source is null)
            return $"LayerTensors.Constant([{string.Join(", ", settings.Numbers("values").Select(SourceWriter.Number))}], {channels})";
        var (names, of) = (SourceWriter.List(source.Layer.TensorNames), SourceWriter.Shape(source.Shape));
        var kind = (WeightKind)settings.Int("kind");
        var read = $"LayerTensors.Read(weights, {names}, {SourceWriter.Quoted(source.Weight)}, {of})";
        if (settings.Has("view"))
            return $"LayerTensors.Broadcast({(kind == WeightKind.Rows ? Rows(names, of, settings) : read)}, "
                + $"{SourceWriter.Shape(new Shape(settings.Ints("view")))}, {SourceWriter.Shape(shape)}, {channels})";
        if (settings.Int("trailing") > 0)
            return $"LayerTensors.Repeat({read}, {shape.Size}, {channels})";
        var values = kind switch
        {
            WeightKind.Scale => $"LayerTensors.Scale(weights, {names}, {source.Shape[0]}, {SourceWriter.Number(source.Epsilon)})",
            WeightKind.Shift => $"LayerTensors.Shift(weights, {names}, {source.Shape[0]}, {SourceWriter.Number(source.Epsilon)})",
            _ => read,
        };
        return $"LayerTensors.Spread({values}, {SourceWriter.Shape(shape)}, {channels})";
    }

    private static string Rows(string names, string shape, Settings settings) =>
        $"LayerTensors.Rows(weights, {names}, {shape}, [{string.Join(", ", settings.Ints("tokens"))}])";

    private static string Geometry(Settings window)
    {
        var given = window.Items.Where(item => !Ops.Window.IsUsual(item));
        return string.Join(", ", given.Select(item => $"{Names.Pascal(item.Name)} = {Value(item)}"));
    }

    private static string Value(Setting item)
    {
        if (item.Name is "ceil" or "countPadding")
            return item.Values[0] != 0 ? "true" : "false";
        return SourceWriter.Number(item.Values[0]);
    }
}
