using System.Globalization;
using System.Reflection;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Networks.Tests.Compiled;

/// <summary>A network in C# around each example of each operator, and around each activation.</summary>
internal static class OperatorSources
{
    private static readonly string[] flags = ["ceil", "countPadding", "keep", "bias", "perChannel", "affine", "sum", "transposeA",
        "transposeB", "alignCorners", "causal", "bidirectional", "lastState", "resetAfter"];
    private static readonly string[] layers = ["Linear", "Conv1d", "Conv2d", "BatchNorm", "PRelu", "LayerNorm", "RmsNorm", "GroupNorm",
        "InstanceNorm", "Maxout", "MultiHeadAttention", "ConvTranspose1d", "ConvTranspose2d", "LstmCell", "GruCell", "Lstm", "Gru"];

    private static readonly string[] positive = ["Log", "Reciprocal", "Sqrt", "ReciprocalSqrt", "Pow"];
    private static readonly string[] arithmetic = ["/", .. positive.Select(name => name + "("), "Square(", "LayerNorm", "RmsNorm",
        "GroupNorm", "InstanceNorm", "ResponseNorm"];

    private static readonly Dictionary<string, string> symbols =
        new() { ["+"] = "Add", ["-"] = "Subtract", ["*"] = "Multiply", ["/"] = "Divide" };

    /// <summary>Class name and source.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        Registry.Named.SelectMany(OfOperator).Concat(Activations.Select(OfActivation)).Concat(Constants())
            .ToDictionary(pair => pair.Name, pair => pair.Source);

    /// <summary>The functions that are marked as elementwise.</summary>
    public static IEnumerable<string> Activations => typeof(Nn).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(method => method.GetCustomAttributes()
            .Any(attribute => attribute.GetType().Name.StartsWith("ElementwiseAttribute", StringComparison.Ordinal)))
        .Select(method => method.Name);

    // Normalised weights are right for one-hot inputs alone: they have a network of their own.
    private static IEnumerable<(string Name, string Source)> OfOperator(Op op) =>
        op.Examples
            .Where(example => !example.Settings.Flag("oneHot"))
            .Select((example, i) => OfExample(op, example, $"{(symbols.TryGetValue(op.Name, out var word) ? word : op.Name)}{i + 1}"));

    private static (string Name, string Source) OfExample(Op op, Example example, string name)
    {
        var inputs = example.Inputs.ToList();
        var operands =
            inputs.Select((_, i) => op is Divide && i == 1 ? "(1.5 + Sigmoid(b))" : i == 0 ? "below" : i == 1 ? "b" : $"x{i + 1}").ToList();
        var isLayer = layers.Contains(op.Name);
        var call = !isLayer
            ? Call(op, example.Settings, operands)
            : op.Results == 1 ? $"Asked({string.Join(", ", operands)})" : $"Both(Asked({string.Join(", ", operands)}))";
        var result = op.Results == 1 ? "Tensor" : "(Tensor, Tensor)";
        var layer = isLayer ? $"    {Attribute(op, example.Settings)} private partial {result} "
            + $"Asked({string.Join(", ", inputs.Select((_, i) => $"Tensor x{i + 1}"))});\n" : "";
        if (op.Results > 1)
            layer += "    private static Tensor Both((Tensor, Tensor) results) => Concat(results.Item1, results.Item2);\n";
        return (name, Around(name, inputs, layer, call));
    }

    private static (string Name, string Source) OfActivation(string function)
    {
        var argument = positive.Contains(function) ? "3 + 2 * Tanh(below)" : "2 * below";
        var settings = function is "LeakyRelu" ? ", slope: 0.2" : function is "Elu"
            ? ", alpha: 1.5"
            : function is "Clamp" ? ", min: -0.8, max: 0.6" : function is "Pow" ? ", exponent: 1.7" : "";
        return (function + "Of", Around(function + "Of", [new(3, 5)], "", $"{function}({argument}{settings})"));
    }

    private static IEnumerable<(string Name, string Source)> Constants()
    {
        yield return ("ConstantOf",
            Around("ConstantOf", [new(4)], "", "below * Constant(1.5, -2, 0, 0.25) + Constant(1, 2, 3, 4) - Zeros(4)"));
        yield return ("BoundOf", Around("BoundOf", [new(4)], "", "Min(Max(2 * below, -0.7), Constant(0.5, 1, 0.2, 0))"));
        yield return ("NumberOf", Around("NumberOf", [new(2, 3)], "", "0.5 * below / 3 - 1"));
    }

    private static string Around(string name, List<Generator.Graphs.Shape> inputs, string layer, string call)
    {
        var parameters = inputs.Select((shape, i) => $"[Shape({string.Join(", ", shape.ToArray())})] Tensor x{i + 1}");
        var mixes = string.Concat(inputs.Take(2).Select((shape, i) => $"    {Mix(shape)} private partial Tensor Mix{i + 1}(Tensor x);\n"));
        var second = inputs.Count > 1 ? "        var b = Silu(Mix2(x2));\n" : "";
        return $$"""
            [Network(Explain = {{Methods(layer + call)}}, Layers = ["below", "at"])]
            public sealed partial class {{name}}
            {
            {{mixes}}{{layer}}    [Linear(3)] private partial Tensor Head(Tensor x);

                public Tensor Forward({{string.Join(", ", parameters)}})
                {
                    var below = Tanh(Mix1(x1));
            {{second}}        var at = {{call}};
                    return Head(Tanh(Flatten(at)));
                }
            }

            """;
    }

    // The genomics preset asks for a layer below each activation; DeconvNet has no meaning for what is no activation; LRP divides by the
    // sums of every step in turn, which leaves single precision no digits where some are small.
    private static string Methods(string call) =>
        "Methods.All & ~Methods.Genomics" + (arithmetic.Any(call.Contains) ? " & ~Methods.DeconvNet" : "")
            + (call.Contains("[Lstm(") || call.Contains("[Gru(") ? " & ~Methods.LrpEpsilon" : "");

    // A layer that keeps the shape and mixes its elements.
    private static string Mix(Generator.Graphs.Shape shape) => shape.Rank switch
    {
        1 => $"[Linear({shape[0]})]",
        2 => $"[Conv1d({shape[0]}, kernel: 3, Pad = 1)]",
        > 3 => $"[Linear({shape[shape.Rank - 1]})]",
        _ => $"[Conv2d({shape[0]}, kernel: 3, Pad = 1)]",
    };

    private static string Attribute(Op op, Settings settings)
    {
        var first = settings.Items.Where(item => IsPositional(op, item.Name)).Select(item => $"{item.Name}: {Text(item)}");
        var rest = settings.Items
            .Where(item => !IsPositional(op, item.Name))
            .Select(item => $"{char.ToUpperInvariant(item.Name[0])}{item.Name[1..]} = {Text(item)}");
        return $"[{op.Name}({string.Join(", ", first.Concat(rest))})]";
    }

    private static bool IsPositional(Op op, string setting) =>
        setting is "outputs" or "filters" or "kernel" or "pieces" or "heads" or "hidden" || op is GroupNorm && setting == "groups";

    private static string Call(Op op, Settings settings, List<string> operands) => op switch
    {
        Negate => "-" + operands[0],
        _ when op.Arity == 2 && symbols.ContainsKey(op.Name) => $"{operands[0]} {op.Name} {operands[1]}",
        Concat => $"Concat({settings.Int("axis")}, {string.Join(", ", operands)})",
        Permute => $"Permute({operands[0]}, {string.Join(", ", settings.Ints("order"))})",
        Gather => $"Gather({operands[0]}, {settings.Int("axis")}, {string.Join(", ", settings.Ints("indices"))})",
        Generator.Ops.Reshape => $"Reshape({operands[0]}, {string.Join(", ", settings.Ints("axes"))})",
        _ => $"{op.Name}({string.Join(", ", operands.Concat(settings.Items.Select(item => $"{item.Name}: {Text(item)}")))})",
    };

    private static string Text(Setting item) =>
        item.Name == "padding" ? $"PaddingRule.{(PaddingRule)(int)item.Values[0]}" : flags.Contains(item.Name)
            ? item.Values[0] != 0 ? "true" : "false"
            : item.Values[0].ToString("r", CultureInfo.InvariantCulture);
}
