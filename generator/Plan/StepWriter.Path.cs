using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>Paths: what is summed over the steps.</summary>
internal sealed partial class StepWriter
{
    /// <summary>After the steps of a path.</summary>
    public void Sums() => WriteNodes(schedule.Order.Where(id => schedule.Needed[id] && schedule.Rates[id] == rate));

    /// <summary>The multipliers that are summed, each at its offset in the sums.</summary>
    public IReadOnlyList<(PlannedValue Value, int Offset)> Summed() =>
        SumNodes().Select(id => (Of(Nodes[id].Inputs[0]), SumOffset(id))).ToList();

    /// <summary>The nodes that are sums over the steps, in order.</summary>
    public IEnumerable<int> SumNodes() => Enumerable.Range(0, Nodes.Count).Where(id => schedule.Needed[id] && Nodes[id].Op is SumSteps);

    /// <summary>Where a sum lies among all.</summary>
    public int SumOffset(int id) => SumNodes().TakeWhile(other => other != id).Sum(other => Nodes[other].Shape!.Size);
}
