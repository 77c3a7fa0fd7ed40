using Whence.Generator.Derive;

namespace Whence.Generator.Plan;

/// <summary>The plans of all that is asked of a network, within one target's limits.</summary>
/// <param name="Forward">The forward pass.</param>
/// <param name="Backward">One a pass.</param>
/// <param name="Path">The gradient along a path, or null.</param>
/// <param name="Local">What of the forward pass can be recomputed in part, or null.</param>
internal sealed record Plans(Plan Forward, IReadOnlyList<Plan> Backward, Plan? Path, LocalPass? Local)
{
    /// <summary>What is followed along paths from kink to kink, or null.</summary>
    public PiecewisePlan? Piecewise { get; init; }

    public static Plans Of(DerivedGraphs graphs, Limits limits)
    {
        var forward = Planner.Plan(graphs.Forward, limits);
        return new(
            forward,
            graphs.Backward.Select(backward => Planner.Plan(backward, limits)).ToList(),
            graphs.Path is null ? null : Planner.Plan(graphs.Path, limits),
            limits.RecomputesParts ? LocalPass.Of(forward, graphs.Forward.Nodes) : null)
        {
            Piecewise = graphs.Piecewise is null || !limits.FollowsKinks ? null : new(graphs.Piecewise, graphs.Forward, forward),
        };
    }
}
