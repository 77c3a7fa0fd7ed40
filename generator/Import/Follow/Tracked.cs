using Whence.Import.Declare;

namespace Whence.Import.Follow;

/// <summary>A live value of the graph as a step of the network.</summary>
/// <param name="Of">What gives it, without the batch's axis.</param>
/// <param name="Axes">Its axes in the graph.</param>
/// <param name="Batch">Which of these is the batch's; -1 if the value as a whole belongs to one example.</param>
internal sealed record Tracked(FromStep Of, int[] Axes, int Batch)
{
    public int[] Own => [.. Axes.Where((_, axis) => axis != Batch)];

    /// <summary>An axis of the graph as one of the example's own; -1 if it is the batch's.</summary>
    public int OwnAxis(int axis) => axis == Batch ? -1 : Batch >= 0 && axis > Batch ? axis - 1 : axis;
}
