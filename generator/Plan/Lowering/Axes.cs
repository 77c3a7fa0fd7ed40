using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>What goes along one axis of [outer][axis][inner], and leaves the others in the order in which they lie.</summary>
internal abstract class AxisLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var from = to.Whole(to.Of(node.Inputs[0]));
        var shape = to.Nodes[node.Inputs[0]].Shape!;
        var (outer, _, inner) = Memory.Around(shape, from.Channels, node.Settings.Int("axis"));
        var value = to.Make(id);
        var channels = from.Channels == Memory.ChannelsLast(shape) ? Memory.ChannelsLast(node.Shape!) : 1;
        var made = to.Made(value, channels);
        var step = Step(node, shape, made, from, outer, inner);
        step.Named = to.Name(id);
        to.Do(step);
        to.Settle(value, made);
    }

    /// <summary>The step, given the shape that <paramref name="from"/> has here.</summary>
    protected abstract Step Step(Node node, Shape shape, Value to, Value from, int outer, int inner);
}

/// <summary>A kernel that makes an axis one number.</summary>
internal sealed class ReductionLowering(string kernel) : AxisLowering
{
    protected override Step Step(Node node, Shape shape, Value to, Value from, int outer, int inner) =>
        new ReduceStep(to, from, kernel, outer, shape[node.Settings.Int("axis")], inner, node.Settings.Number("factor", 1));
}

/// <summary>Resampling, forwards or back.</summary>
internal sealed class ResampleLowering : AxisLowering
{
    protected override Step Step(Node node, Shape shape, Value to, Value from, int outer, int inner)
    {
        var back = node.Op is ResampleBack;
        return new ResampleStep(to, from, back, outer, (back ? node.Shape! : shape)[node.Settings.Int("axis")], inner, node.Settings);
    }
}
