using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>Paths: what a step begins with, and what is summed over the steps.</summary>
internal sealed partial class StepWriter
{
    /// <summary>After the steps of a path.</summary>
    public void Sums() => WriteNodes(plan.Order.Where(id => plan.Needed[id] && plan.Rates[id] == rate));

    /// <summary>The multipliers that are summed, each at its offset in the sums.</summary>
    public IReadOnlyList<(Value Value, int Offset)> Summed() =>
        SumNodes().Select(id => (Of(Nodes[id].Inputs[0]), SumOffset(id))).ToList();

    private IEnumerable<int> SumNodes() => Enumerable.Range(0, Nodes.Count).Where(id => plan.Needed[id] && Nodes[id].Op is SumSteps);

    private int SumOffset(int id) => SumNodes().TakeWhile(other => other != id).Sum(other => Nodes[other].Shape!.Size);

    private void WriteBetween(int id)
    {
        var node = Nodes[id];
        var last = plan.Finishing.TryGetValue(id, out var function) ? function : id;
        values[id] = values[last] = New(last);
        Do(new BetweenStep(Of(last), Of(node.Inputs[0]), Of(node.Inputs[1]), last == id ? null : Nodes[last].Function));
        readyAt[last] = steps.Count - 1;
    }
}
