using Whence.Generator.Ops;

namespace Whence.Generator.Graphs;

/// <summary>What depends on what where values are carried from step to step: the one dependence that is not an input.</summary>
internal static class Scans
{
    /// <summary>For each state, the node that says what it becomes.</summary>
    public static IReadOnlyDictionary<int, int> Closing(IReadOnlyList<Node> nodes) =>
        Enumerable.Range(0, nodes.Count).Where(id => nodes[id].Op is Next).ToDictionary(id => nodes[id].Inputs[0]);

    /// <summary>Which nodes depend on a node of which <paramref name="isSource"/> holds.</summary>
    public static bool[] Depending(IReadOnlyList<Node> nodes, Func<Node, bool> isSource)
    {
        var closing = Closing(nodes);
        var found = nodes.Select(isSource).ToArray();
        bool changed;
        do
        {
            changed = false;
            for (var id = 0; id < found.Length; id++)
            {
                if (found[id] || !nodes[id].Inputs.Any(input => found[input]) && !(closing.TryGetValue(id, out var next) && found[next]))
                    continue;
                found[id] = true;
                changed = true;
            }
        }
        while (changed && closing.Count > 0);
        return found;
    }

    /// <summary>Which nodes these roots depend on, themselves included.</summary>
    public static bool[] Reached(IReadOnlyList<Node> nodes, IEnumerable<int> roots)
    {
        var closing = Closing(nodes);
        var found = new bool[nodes.Count];
        var open = new Stack<int>(roots);
        while (open.Count > 0)
        {
            var id = open.Pop();
            if (found[id])
                continue;
            found[id] = true;
            foreach (var input in nodes[id].Inputs)
                open.Push(input);
            if (closing.TryGetValue(id, out var next))
                open.Push(next);
        }
        return found;
    }

    /// <summary>
    /// The nodes in an order in which those of a scan stand together, after all that the scan reads and before all that reads it, and in
    /// which every step changes its states last.
    /// </summary>
    public static IReadOnlyList<int> Order(IReadOnlyList<Node> nodes)
    {
        var members = Enumerable.Range(0, nodes.Count).Where(id => nodes[id].Scan is not null).GroupBy(id => nodes[id].Scan!.Id)
            .ToDictionary(scan => scan.Key, scan => scan.OrderBy(id => nodes[id].Op is Next).ToList());
        var (order, begun, done, open) = (new List<int>(), new HashSet<int>(), new bool[nodes.Count], new Stack<int>());
        for (var id = 0; id < nodes.Count; id++)
        {
            open.Push(id);
            // Not by a method that calls itself: how deep a network is says nothing of the stack there is.
            while (open.Count > 0)
                Visit(open.Peek());
        }
        return order;

        void Visit(int id)
        {
            var together = nodes[id].Scan is { } scan ? members[scan.Id] : [id];
            var waiting = done[id]
                ? []
                : together.SelectMany(member => nodes[member].Inputs).Except(together).Where(input => !done[input]).Reverse().ToList();
            if (waiting.Count > 0)
            {
                if (!begun.Add(together[0]))
                    throw new InvalidOperationException($"%{together[0]} waits for itself.");
                foreach (var input in waiting)
                    open.Push(input);
                return;
            }
            open.Pop();
            foreach (var member in together.Where(member => !done[member]))
            {
                done[member] = true;
                order.Add(member);
            }
        }
    }
}
