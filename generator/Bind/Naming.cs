using Whence.Generator.Graphs;

namespace Whence.Generator.Bind;

/// <summary>
/// Decides what nodes are called: by the local that was given the value last. A name that several calls of a helper method or of a
/// layer would share, or that an input or a layer has, is left out; a shared one can still be asked about with the number of the call.
/// </summary>
internal sealed class Naming
{
    private readonly List<(int Node, Frame Frame, string Name)> offers = [];

    /// <summary>Notes that a local of this name was given a value.</summary>
    public void Offer(Value value, Frame frame, string local)
    {
        if (value is TensorValue tensor)
            offers.Add((tensor.Node, frame, frame.Self?.Prefix + local));
    }

    /// <summary>The nodes with their names.</summary>
    public IEnumerable<Node> Apply(IReadOnlyList<Node> nodes)
    {
        var taken = new HashSet<string>(nodes.Select(node => node.Name).Concat(nodes.Select(node => node.Layer?.Path)).OfType<string>());
        var last = offers.GroupBy(offer => (offer.Frame, offer.Name)).Select(same => same.Last());
        var unique = last.GroupBy(offer => offer.Name)
            .Where(same => same.Count() == 1 && !taken.Contains(same.Key))
            .Select(same => same.Single());
        var shared = last.GroupBy(offer => offer.Name).Where(same => same.Count() > 1 && !taken.Contains(same.Key))
            .SelectMany(same => same.Select((offer, i) => (offer.Node, Name: $"{offer.Name}.{i + 1}")))
            .GroupBy(offer => offer.Node)
            .ToDictionary(same => same.Key, same => same.First().Name);
        var names = unique.GroupBy(offer => offer.Node).ToDictionary(same => same.Key, same => same.First().Name);
        return nodes.Select((node, i) => Named(node, i) with { SharedName = shared.TryGetValue(i, out var name) ? name : null });

        Node Named(Node node, int i) => node.Name is null && names.TryGetValue(i, out var name) ? node with { Name = name } : node;
    }
}
