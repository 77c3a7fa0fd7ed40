using Whence.Generator.Graphs;

namespace Whence.Generator.Emit;

/// <summary>
/// The parameters and locals of the members that are written into the user's class: those of Forward by their names, ours chosen apart from
/// them.
/// </summary>
internal sealed class MemberNames
{
    private readonly HashSet<string> taken;
    private readonly Dictionary<Node, string> lengths = [];

    /// <summary>
    /// The names beside a network's inputs and outputs; of those inputs that may be shorter, one more for how long they are.
    /// </summary>
    public MemberNames(Graph graph, IEnumerable<Node> varying)
    {
        taken = [.. graph.Parameters.Select(input => graph.Nodes[input].Name!)];
        Outputs = graph.Outputs.Select((output, i) => (Free(graph.OutputNames[i], "Result"), output)).ToList();
        foreach (var input in varying)
            lengths[input] = Local(input.Name + "Lengths");
        Count = Local("count");
    }

    /// <summary>The outputs, by names that are no input's.</summary>
    public IReadOnlyList<(string Name, int Node)> Outputs { get; }

    /// <summary>The number of examples.</summary>
    public string Count { get; }

    /// <summary>The lengths of an input that may be shorter, with @ before a name that is the user's.</summary>
    public string Lengths(Node input) => lengths[input];

    /// <summary>A name of ours: as it is wanted, or with underscores behind it.</summary>
    public string Local(string wanted) => Free(wanted, "_");

    private string Free(string name, string suffix)
    {
        while (!taken.Add(name))
            name += suffix;
        return name;
    }
}
