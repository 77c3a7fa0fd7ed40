using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A kernel along one axis of [outer][axis][inner], which leaves the others in the order in which they lie.</summary>
/// <param name="kernel">Its name.</param>
/// <param name="more">What it is given after the three extents.</param>
/// <param name="back">Whether the axis's size is the result's rather than the operand's.</param>
internal sealed class AxisLowering(string kernel, Func<Settings, KernelArgument[]>? more = null, bool back = false) : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override void Write(StepWriter to, int id)
    {
        var (node, axis) = (to.Nodes[id], to.Nodes[id].Settings.Int("axis"));
        var from = to.Whole(to.Of(node.Inputs[0]));
        var shape = to.Nodes[node.Inputs[0]].Shape!;
        var (outer, _, inner) = Memory.Around(shape, from.Channels, axis);
        var value = to.Make(id);
        var made = to.Made(value, from.Channels == Memory.ChannelsLast(shape) ? Memory.ChannelsLast(node.Shape!) : 1);
        to.Do(new KernelStep(made, [from], kernel, [outer, (back ? node.Shape! : shape)[axis], inner, .. more?.Invoke(node.Settings) ?? []])
        {
            Named = to.Name(id),
        });
        to.Settle(value, made);
    }
}
