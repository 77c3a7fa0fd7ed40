using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>Stretches of one axis copied, a stretch of each input.</summary>
internal abstract class StretchLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var axis = node.Settings.Int("axis");
        var value = to.Make(id);
        var before = 0;
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            var shape = to.Nodes[node.Inputs[i]].Shape!;
            var (toStart, fromStart, extent) = Stretch(node.Settings, before, shape[axis]);
            before += shape[axis];
            var step = Memory.Box(value, to.Of(node.Inputs[i]), shape, axis, toStart, fromStart, extent, IsSpread, Fill(node.Settings));
            step.Named = i == node.Inputs.Count - 1 ? to.Name(id) : null;
            to.Do(step);
        }
    }

    /// <summary>Where a stretch goes, where it comes from and how long it is, of an input of a size that stands after others.</summary>
    protected abstract (int To, int From, int Extent) Stretch(Settings settings, int before, int size);

    /// <summary>Whether an axis of one is repeated.</summary>
    protected virtual bool IsSpread => false;

    /// <summary>What the rest is filled with, if there is a rest.</summary>
    protected virtual double? Fill(Settings settings) => null;
}

/// <summary>An axis of one repeated.</summary>
internal sealed class SpreadLowering : StretchLowering
{
    protected override bool IsSpread => true;

    protected override (int To, int From, int Extent) Stretch(Settings settings, int before, int size) => (0, 0, settings.Int("size"));
}

/// <summary>Values one after the other.</summary>
internal sealed class JoinLowering : StretchLowering
{
    protected override (int To, int From, int Extent) Stretch(Settings settings, int before, int size) => (before, 0, size);
}

/// <summary>A part of an axis.</summary>
internal sealed class CutLowering : StretchLowering
{
    protected override (int To, int From, int Extent) Stretch(Settings settings, int before, int size) =>
        (0, settings.Int("start"), settings.Int("length"));
}

/// <summary>A value in the midst of a constant.</summary>
internal sealed class BorderLowering : StretchLowering
{
    protected override double? Fill(Settings settings) => settings.Number("value");

    protected override (int To, int From, int Extent) Stretch(Settings settings, int before, int size) => (settings.Int("before"), 0, size);
}

/// <summary>Axis 0 backwards.</summary>
internal sealed class FlipLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override void Write(StepWriter to, int id)
    {
        var (node, channels) = (to.Nodes[id], to.Fusion.Channels);
        to.Do(Memory.Flipped(to.Make(id), channels[id], to.Of(node.Inputs[0]), channels[node.Inputs[0]], node.Shape!));
    }
}

/// <summary>The axes in another order.</summary>
internal sealed class PermuteLowering : Lowering
{
    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var step = Memory.Permuted(
            to.Make(id), to.Of(node.Inputs[0]), to.Nodes[node.Inputs[0]].Shape!, node.Settings.Ints("order"));
        step.Named = to.Name(id);
        to.Do(step);
    }
}

/// <summary>The same bytes under another shape, where they lie so that they can be.</summary>
internal sealed class RelabelLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Followed;

    public override bool TakesFlattened(Node node) => true;

    public override void Write(StepWriter to, int id)
    {
        var (schedule, input) = (to.Fusion, to.Nodes[id].Inputs[0]);
        var from = to.Of(input);
        if (from.Channels == schedule.Channels[id] || !from.Turned && schedule.Channels[id] == 1)
        {
            // What is kept is read out of the arena, and so is an answer.
            var isRead = schedule.IsAnswer(id)
                ? from.Storage != Storage.Arena
                : schedule.Pinned.Contains(id) && from.Storage == Storage.Constant;
            if (isRead || IsInjectable(schedule, id))
                to.Set(id, to.Copied(id, from));
            else
                to.SetSame(id, input);
            return;
        }
        var turned = to.Make(id);
        if (turned.Turned && from.Turned)
            throw new InvalidOperationException($"%{id} relabels between two images at once.");
        to.Do(StepWriter.Turn(turned, from));
    }

    // A backward pass may replace a point's value, which must then be its own and not also the input's or a neighbour's.
    private static bool IsInjectable(Schedule schedule, int id) =>
        schedule.Derived.Method is not null && schedule.Derived.Points.Any(point => point.Value == id);
}
