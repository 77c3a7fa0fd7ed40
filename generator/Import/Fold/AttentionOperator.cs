using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>
/// The operator Attention (onnx.ai, Operators, Attention-23): softmax(q k^T scale + mask) v of queries, keys and values
/// [batch, heads, tokens, features] or [batch, tokens, heads * features], written out in others.
/// </summary>
internal static class AttentionOperator
{
    // What means minus infinity to Whence, and is a finite weight.
    private const float Hidden = -1e30f;

    /// <summary>The nodes that the node stands for, in order.</summary>
    /// <exception cref="FaultException">It takes or gives what is not written out.</exception>
    public static IReadOnlyList<ModelNode> Written(ModelNode node, IReadOnlyList<Value?> inputs)
    {
        Require(node, inputs);
        var writer = new NodeWriter(node);
        var rank = inputs[0]!.Rank;
        var heads = rank == 4 ? inputs[0]!.Axes![1] : Whole(node, "q_num_heads");
        var others = rank == 4 ? inputs[1]!.Axes![1] : Whole(node, "kv_num_heads");
        if (heads < 1 || others < 1 || heads % others != 0)
            throw new FaultException($"it has {heads} heads of queries and {others} of keys", "The model is damaged.");
        var (q, k, v) = (Split(writer, node.Inputs[0], inputs[0]!, heads), Split(writer, node.Inputs[1], inputs[1]!, others),
            Split(writer, node.Inputs[2], inputs[2]!, others));
        Present(writer, node, k, v);
        var features = rank == 4 ? inputs[0]!.Axes![3] : inputs[0]!.Axes![2] / heads;
        var keys = writer.Add("Transpose", [Repeated(writer, k, inputs[1]!, heads, others)], NodeWriter.Wholes("perm", 0, 1, 3, 2));
        var scale = node.Attributes.GetValueOrDefault("scale")?.Single ?? (float)(1 / Math.Sqrt(features));
        var scores = writer.Add("Mul", [writer.Add("MatMul", [q, keys]), writer.Number(scale)]);
        if (inputs.ElementAtOrDefault(3) is { } mask)
            scores = writer.Add("Add", [scores, Added(writer, node.Inputs[3], mask)]);
        if (Whole(node, "is_causal") != 0)
            scores = writer.Add("Add", [scores, writer.Later(inputs[0]!.Axes![rank - 2], inputs[1]!.Axes![rank - 2], Hidden)]);
        var shares = writer.Add("Softmax", [scores], new ModelAttribute { Name = "axis", Whole = -1 });
        string[] product = [shares, Repeated(writer, v, inputs[2]!, heads, others)];
        if (rank == 4)
            writer.Give(0, "MatMul", product);
        else
            writer.Give(0, "Reshape", [writer.Add("Transpose", [writer.Add("MatMul", product)], NodeWriter.Wholes("perm", 0, 2, 1, 3)),
                writer.List(0, 0, (long)inputs[2]!.Axes![2] / others * heads)]);
        return writer.Nodes;
    }

    private static void Require(ModelNode node, IReadOnlyList<Value?> inputs)
    {
        if (inputs.Skip(4).Any(input => input is not null))
            throw new FaultException("it continues a past", "Export it without a cache of keys and values.");
        if ((node.Attributes.GetValueOrDefault("softcap")?.Single ?? 0) != 0)
            throw new FaultException("it caps its scores (softcap)", "Export it without.");
        if (node.Outputs.ElementAtOrDefault(3) is { Length: > 0 })
            throw new FaultException("it gives its scores as well (qk_matmul_output)", "Export it without that output.");
        if (inputs.Count < 3 || inputs.Take(3).Any(input => input is null || input.Rank != inputs[0]!.Rank || input.Rank is not (3 or 4)))
        {
            throw new FaultException("its queries, keys and values have other axes than [batch, heads, tokens, features]",
                "The model is damaged.");
        }
    }

    private static int Whole(ModelNode node, string attribute) => (int)(node.Attributes.GetValueOrDefault(attribute)?.Whole ?? 0);

    /// <summary>[batch, tokens, heads * features] as [batch, heads, tokens, features].</summary>
    private static string Split(NodeWriter writer, string name, Value value, int heads) => value.Rank == 4 ? name
        : writer.Add("Transpose", [writer.Add("Reshape", [name, writer.List(0, 0, heads, value.Axes![2] / heads)])],
            NodeWriter.Wholes("perm", 0, 2, 1, 3));

    /// <summary>Each head as often as queries share it.</summary>
    private static string Repeated(NodeWriter writer, string name, Value value, int heads, int others)
    {
        if (heads == others)
            return name;
        var (batch, tokens) = (value.Axes![0], value.Axes[value.Rank - 2]);
        var features = value.Rank == 4 ? value.Axes[3] : value.Axes[2] / others;
        var apart = writer.Add("Reshape", [name, writer.List(batch, others, 1, tokens, features)]);
        var all = writer.Add("Expand", [apart, writer.List(batch, others, heads / others, tokens, features)]);
        return writer.Add("Reshape", [all, writer.List(batch, heads, tokens, features)]);
    }

    /// <summary>What a mask adds to scores: itself, or of truth values, nothing where it is true.</summary>
    private static string Added(NodeWriter writer, string name, Value mask)
    {
        if (mask.Type != ElementType.Bool)
            return name;
        var seen = writer.Add("Cast", [name], new ModelAttribute { Name = "to", Whole = (int)ElementType.Float });
        return writer.Add("Mul", [writer.Add("Sub", [writer.Number(1), seen]), writer.Number(Hidden)]);
    }

    private static void Present(NodeWriter writer, ModelNode node, string k, string v)
    {
        foreach (var (output, value) in new[] { (1, k), (2, v) })
        {
            if (node.Outputs.ElementAtOrDefault(output) is { Length: > 0 })
                writer.Give(output, "Identity", [value]);
        }
    }
}
