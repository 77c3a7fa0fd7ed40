using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>Writes nodes in the place of one, under names that begin with its.</summary>
internal sealed class NodeWriter(ModelNode of)
{
    public List<ModelNode> Nodes { get; } = [];

    public string Add(string type, IReadOnlyList<string> inputs, params ModelAttribute[] attributes)
    {
        var output = $"{of.Title}/{type}{Nodes.Count}";
        Write(type, output, output, inputs, attributes);
        return output;
    }

    public void Give(int output, string type, IReadOnlyList<string> inputs, params ModelAttribute[] attributes) =>
        Write(type, of.Title, of.Outputs[output], inputs, attributes);

    public string Number(float number) => Add("Constant", [], new ModelAttribute { Name = "value_float", Single = number });

    public string List(params long[] numbers) => Add("Constant", [], Wholes("value_ints", numbers));

    public static ModelAttribute Wholes(string name, params long[] numbers)
    {
        var attribute = new ModelAttribute { Name = name };
        attribute.Wholes.AddRange(numbers);
        return attribute;
    }

    /// <summary>What is added to scores [queries, keys] of keys behind the query, where attention looks back alone.</summary>
    /// <exception cref="FaultException">There are too many pairs.</exception>
    public string Later(int queries, int keys, float far)
    {
        if ((long)queries * keys > Limits.WrittenPlaces)
        {
            throw new FaultException($"it looks back alone, over {queries} queries and {keys} keys, each pair of which is written down",
                "Export it with fewer tokens: --shape.");
        }
        var numbers = new ModelAttribute { Name = "value_floats" };
        numbers.Singles.AddRange(Enumerable.Range(0, queries * keys).Select(i => i % keys > i / keys ? far : 0));
        return Add("Reshape", [Add("Constant", [], numbers), List(1, 1, queries, keys)]);
    }

    private void Write(string type, string name, string output, IReadOnlyList<string> inputs, ModelAttribute[] attributes)
    {
        var node = new ModelNode { Name = name, Operator = type };
        node.Inputs.AddRange(inputs);
        node.Outputs.Add(output);
        foreach (var attribute in attributes)
            node.Attributes[attribute.Name] = attribute;
        Nodes.Add(node);
    }
}
