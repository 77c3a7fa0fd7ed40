namespace Whence.Generator.Plan;

/// <summary>What a target's loops take.</summary>
/// <param name="Operands">The most operands of one loop.</param>
/// <param name="Operations">The most operations of one loop's expression; a longer one than a person would write in a line is not
/// fused.</param>
internal sealed record Limits(int Operands, int Operations);
