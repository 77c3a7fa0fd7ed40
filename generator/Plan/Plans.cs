using Whence.Generator.Derive;

namespace Whence.Generator.Plan;

/// <summary>The plans of all that is asked of a network, within one target's limits.</summary>
/// <param name="Forward">The forward pass.</param>
/// <param name="Walks">One a flow.</param>
/// <param name="Path">The gradient along a path, or null.</param>
internal sealed record Plans(Plan Forward, IReadOnlyList<Plan> Walks, Plan? Path)
{
    public static Plans Of(Questions questions, Limits limits) => new(
        Planner.Plan(questions.Forward, limits),
        questions.Walks.Select(walk => Planner.Plan(walk, limits)).ToList(),
        questions.Path is null ? null : Planner.Plan(questions.Path, limits));
}
