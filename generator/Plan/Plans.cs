using Whence.Generator.Derive;

namespace Whence.Generator.Plan;

/// <summary>The plans of all that is asked of a network, within one target's limits.</summary>
/// <param name="Forward">The forward pass.</param>
/// <param name="Backward">One a pass.</param>
/// <param name="Path">The gradient along a path, or null.</param>
internal sealed record Plans(Plan Forward, IReadOnlyList<Plan> Backward, Plan? Path)
{
    public static Plans Of(DerivedGraphs graphs, Limits limits) => new(
        Planner.Plan(graphs.Forward, limits),
        graphs.Backward.Select(backward => Planner.Plan(backward, limits)).ToList(),
        graphs.Path is null ? null : Planner.Plan(graphs.Path, limits));
}
