using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A value at a step of a path, with a function on its last write.</summary>
internal sealed class BetweenLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Alike;

    public override Rate? RateIn(Schedule schedule) => Rate.Step;

    public override bool TakesFunction => true;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var last = to.Fusion.LastOf(id);
        var value = to.New(last);
        to.Set(id, value);
        to.Set(last, value);
        to.Do(new BetweenStep(value, to.Of(node.Inputs[0]), to.Of(node.Inputs[1]), last == id ? null : to.Nodes[last].Function));
        to.IsReady(last);
    }
}

/// <summary>A multiplier summed over the steps of a path.</summary>
internal sealed class SumLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Alike;

    public override Rate? RateIn(Schedule schedule) => Rate.Sum;

    public override void Write(StepWriter to, int id)
    {
        var sums = to.SumNodes().ToList();
        to.Do(new SumStep(to.Make(id), to.SumOffset(id), sums.Sum(other => to.Nodes[other].Shape!.Size)));
    }
}
