using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>An input: a part of each row that the caller gives.</summary>
internal sealed class InputLowering : Lowering
{
    public override Rate? RateIn(Schedule schedule) => Rate.Pair;

    public override void Write(StepWriter to, int id) =>
        to.Give(id, Storage.Input, to.Nodes.Take(id).Where(other => other.Op is Input).Sum(other => other.Shape!.Size));
}

/// <summary>An input of the reference.</summary>
internal sealed class ReferenceLowering : Lowering
{
    public override Rate? RateIn(Schedule schedule) => schedule.First;

    public override void Write(StepWriter to, int id) => to.Give(id, Storage.Reference,
        to.Nodes.Where(other => other.Op is Input).Take(to.Nodes[id].Settings.Int("index")).Sum(other => other.Shape!.Size));
}

/// <summary>What is made when weights are loaded, in the order that its readers want.</summary>
internal sealed class LoadedLowering : Lowering
{
    public override bool TakesFlattened(Node node) => true;
}

/// <summary>A multiplier at points: what comes from above, and their seeds.</summary>
internal sealed class SeedLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Alike;

    public override Rate? RateIn(Schedule schedule) => schedule.Backward;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var coming = node.Inputs.Count > 0 ? to.Of(node.Inputs[0]) : null;
        // What others read too stays as it came: the seed is added to a copy.
        var alone = coming is not null && coming.Storage == Storage.Arena && to.IsOfWayBack(coming)
            && IsAlone(to, node.Inputs[0]);
        var sum = alone ? coming! : to.New(id);
        to.Set(id, sum);
        to.Do(new SeedStep(sum, coming, node.Settings.Ints("points")));
        // The point's multipliers are read out right after.
        to.TouchNext(sum);
    }

    /// <summary>Whether a value has one reader, whatever name its bytes go by.</summary>
    private static bool IsAlone(StepWriter to, int id)
    {
        for (; to.Fusion.Readers[id] == 1 && !to.Fusion.Pinned.Contains(id); id = to.Nodes[id].Inputs[0])
        {
            if (to.Nodes[id].Op is not Relabel || to.Of(id) != to.Of(to.Nodes[id].Inputs[0]))
                return true;
        }
        return false;
    }
}
