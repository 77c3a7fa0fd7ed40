namespace Whence.Generator.Graphs;

/// <summary>
/// A loop over axis 0 of a sequence. The nodes inside carry it; values pass its border by the operators in Ops/Core/Recurrence.cs, so that
/// a graph with loops is still a list in which inputs come before their users.
/// </summary>
/// <param name="Id">Which scan of its graph.</param>
/// <param name="Steps">How many steps; 0 until shapes are checked.</param>
/// <param name="Reversed">Whether it runs from the last step to the first.</param>
internal sealed record Scan(int Id, int Steps, bool Reversed);
