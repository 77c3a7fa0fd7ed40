using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A kernel of pooling.</summary>
/// <param name="kernel">Its name.</param>
/// <param name="apart">The operand whose rows may lie anywhere; -1 for none.</param>
internal sealed class PoolLowering(string kernel, int apart = -1) : Lowering
{
    public override Order OrderOf(Node node) => Order.ChannelsLast;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var from = node.Inputs
            .Select((input, i) => i == apart && to.Of(input).Channels == to.Wanted(id, input)
                ? to.Of(input)
                : to.Whole(input, to.Wanted(id, input)))
            .ToList();
        var value = to.Make(id);
        var made = to.Made(value, to.Wanted(id, id));
        to.Do(new PoolStep(made, from, kernel, node.Settings) { Named = to.Name(id) });
        to.Settle(value, made);
    }
}

/// <summary>The sums of neighbouring channels.</summary>
internal sealed class ChannelWindowLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.ChannelsLast;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var from = to.Whole(node.Inputs[0], to.Wanted(id, node.Inputs[0]));
        var value = to.Make(id);
        var made = to.Made(value, to.Wanted(id, id));
        to.Do(new ChannelWindowStep(made, from, node.Shape![0], node.Settings) { Named = to.Name(id) });
        to.Settle(value, made);
    }
}
