using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>
/// Operators of com.microsoft that ONNX Runtime's optimiser joins of several (github.com/microsoft/onnxruntime, docs/ContribOperators.md),
/// written out again in ONNX's own.
/// </summary>
internal static class Contributed
{
    /// <summary>The nodes that the node stands for, in order; null if it is none of these.</summary>
    /// <exception cref="FaultException">It takes what is not written out.</exception>
    public static IReadOnlyList<ModelNode>? Written(ModelNode node, IReadOnlyList<Value?> inputs) =>
        node is { Domain: "", Operator: "Attention" } ? AttentionOperator.Written(node, inputs)
        : node.Domain != "com.microsoft" ? null : node.Operator switch
        {
            "SkipLayerNormalization" => Skip(node, "LayerNormalization", node.Inputs.ElementAtOrDefault(3), At(node, 4)),
            "SkipSimplifiedLayerNormalization" => Skip(node, "SimplifiedLayerNormalization", null, At(node, 3)),
            "Attention" => Attention(node, inputs),
            _ => null,
        };

    private static string? At(ModelNode node, int input) => node.Inputs.ElementAtOrDefault(input) is { Length: > 0 } name ? name : null;

    /// <summary>The sum of an input, what skips a layer and perhaps a bias, normalised. The fourth output is the sum.</summary>
    private static List<ModelNode> Skip(ModelNode node, string norm, string? shift, string? bias)
    {
        var writer = new NodeWriter(node);
        var sum = writer.Add("Add", [node.Inputs[0], node.Inputs[1]]);
        if (bias is not null)
            sum = writer.Add("Add", [sum, bias]);
        string[] taken = shift is { Length: > 0 } ? [sum, node.Inputs[2], shift] : [sum, node.Inputs[2]];
        var epsilon = node.Attributes.GetValueOrDefault("epsilon")?.Single ?? 1e-12f;
        writer.Give(0, "LayerNormalization" == norm ? norm : "RMSNormalization", taken, new ModelAttribute
        {
            Name = "epsilon", Single = epsilon,
        });
        if (node.Outputs.Count > 3 && node.Outputs[3].Length > 0)
            writer.Give(3, "Identity", [sum]);
        return writer.Nodes;
    }

    /// <summary>Queries, keys and values by one product, cut into heads, and their attention.</summary>
    private static List<ModelNode> Attention(ModelNode node, IReadOnlyList<Value?> inputs)
    {
        foreach (var (input, what) in new[] { (4, "a past"), (6, "a past") })
        {
            if (At(node, input) is not null)
                throw new FaultException($"it continues {what}", "Export it without a cache of keys and values.");
        }
        var heads = (int)(node.Attributes.GetValueOrDefault("num_heads")?.Whole ?? 1);
        var sizes = node.Attributes.GetValueOrDefault("qkv_hidden_sizes")?.Wholes is { Count: 3 } given ? given
            : [.. Enumerable.Repeat((long)inputs[1]!.Axes![^1] / 3, 3)];
        var writer = new NodeWriter(node);
        var all = writer.Add("MatMul", [node.Inputs[0], node.Inputs[1]]);
        if (At(node, 2) is { } bias)
            all = writer.Add("Add", [all, bias]);
        var parts = sizes.Select((size, i) => Heads(writer, all, sizes.Take(i).Sum(), size, heads)).ToArray();
        var keys = writer.Add("Transpose", [parts[1]], NodeWriter.Wholes("perm", 0, 1, 3, 2));
        var scale = node.Attributes.GetValueOrDefault("scale")?.Single is { } number and not 0 ? number
            : (float)(1 / Math.Sqrt((double)sizes[0] / heads));
        var scores = writer.Add("Mul", [writer.Add("MatMul", [parts[0], keys]), writer.Number(scale)]);
        if (At(node, 3) is { } mask)
            scores = writer.Add("Add", [scores, Masked(writer, node, mask, inputs[3]!)]);
        if ((node.Attributes.GetValueOrDefault("unidirectional")?.Whole ?? 0) != 0)
        {
            var far = node.Attributes.GetValueOrDefault("mask_filter_value")?.Single ?? -10000f;
            scores = writer.Add("Add", [scores, writer.Later(inputs[0]!.Axes![1], inputs[0]!.Axes![1], far)]);
        }
        if (At(node, 5) is { } added)
            scores = writer.Add("Add", [scores, added]);
        var shares = writer.Add("Softmax", [scores], new ModelAttribute { Name = "axis", Whole = -1 });
        var attended = writer.Add("Transpose", [writer.Add("MatMul", [shares, parts[2]])], NodeWriter.Wholes("perm", 0, 2, 1, 3));
        writer.Give(0, "Reshape", [attended, writer.List(0, 0, sizes[2])]);
        return writer.Nodes;
    }

    private static string Heads(NodeWriter writer, string all, long start, long size, int heads)
    {
        var part = writer.Add("Slice", [all, writer.List(start), writer.List(start + size), writer.List(-1)]);
        return writer.Add("Transpose", [writer.Add("Reshape", [part, writer.List(0, 0, heads, size / heads)])],
            NodeWriter.Wholes("perm", 0, 2, 1, 3));
    }

    /// <summary>What is added to scores where a mask [batch, keys] of ones has a zero.</summary>
    private static string Masked(NodeWriter writer, ModelNode node, string mask, Value value)
    {
        if (value.Rank != 2)
            throw new FaultException("its mask is not one of [batch, keys]", "Where it is of ones alone, leave it out.");
        var far = node.Attributes.GetValueOrDefault("mask_filter_value")?.Single ?? -10000f;
        var there = writer.Add("Cast", [mask], new ModelAttribute { Name = "to", Whole = (int)ElementType.Float });
        var hidden = writer.Add("Mul", [writer.Add("Sub", [writer.Number(1), there]), writer.Number(far)]);
        return writer.Add("Reshape", [hidden, writer.List(value.Axes![0], 1, 1, value.Axes[1])]);
    }
}
