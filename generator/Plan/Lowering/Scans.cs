using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A step's part of a sequence.</summary>
internal sealed class StepOfLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override IEnumerable<int> Sequences(int id, Node node) => [node.Inputs[0]];

    public override void Write(StepWriter to, int id)
    {
        var (sequence, channels) = (to.Nodes[id].Inputs[0], to.Fusion.Channels);
        var step = Memory.OutOf(to.Make(id), channels[id], to.Of(sequence), to.Nodes[sequence].Shape!, channels[sequence]);
        step.Named = to.Name(id);
        to.Do(step);
    }
}

/// <summary>A value of every step, which its scan writes.</summary>
internal sealed class StackedLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override IEnumerable<int> Sequences(int id, Node node) => [id];
}

/// <summary>A state, or what it becomes, which its scan writes.</summary>
internal sealed class StateLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Alike;
}

/// <summary>A state after the last step.</summary>
internal sealed class FinalLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Alike;

    public override void Write(StepWriter to, int id)
    {
        var last = to.LastOfState(to.Nodes[to.Nodes[id].Inputs[0]].Inputs[0]);
        to.Do(new MapStep(to.Make(id), new Argument(0), [last]) { Named = to.Name(id) });
    }
}
