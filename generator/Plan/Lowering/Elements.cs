using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A formula over elements at one place, with those of small neighbours taken in.</summary>
internal sealed class ElementsLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Alike;

    public override void Write(StepWriter to, int id)
    {
        var (expr, operands) = to.Fusion.Elements[id];
        var from = operands.Select(to.Of).ToList();
        to.Do(new MapStep(to.Make(id), expr, from)
        {
            Named = to.Name(id), Roles = Roles(to, id, operands), Loop = Names.Loop(to.Nodes[id].Said),
        });
    }

    /// <summary>
    /// What a formula calls its operands: as they are called where they are read, by the node itself or by a neighbour that was taken in.
    /// </summary>
    private static List<string?> Roles(StepWriter to, int id, int[] operands)
    {
        var (found, open, seen) = (new Dictionary<int, string>(), new Queue<int>([id]), new HashSet<int>());
        while (open.Count > 0)
        {
            var node = to.Nodes[open.Dequeue()];
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                var input = node.Inputs[i];
                // What is no operand was taken in.
                if (!operands.Contains(input) && to.Fusion.Elements.ContainsKey(input) && seen.Add(input))
                    open.Enqueue(input);
                else if (i < node.Said.Roles.Count && !found.ContainsKey(input))
                    found.Add(input, node.Said.Roles[i]);
            }
        }
        return operands.Select(operand => found.TryGetValue(operand, out var role) ? role : null).ToList();
    }
}
