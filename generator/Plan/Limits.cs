namespace Whence.Generator.Plan;

/// <summary>What a target's loops take.</summary>
/// <param name="Operands">The most operands of one loop.</param>
/// <param name="Operations">The most operations of one loop's expression; a longer one than a person would write in a line is not
/// fused.</param>
internal sealed record Limits(int Operands, int Operations)
{
    /// <summary>The most operands of a product's first factor; 0 where products read theirs as it lies, and nothing is fused with
    /// them but a function of their numbers.</summary>
    public int FactorOperands { get; init; }

    /// <summary>The most operands that a product's numbers are finished with.</summary>
    public int FinishOperands { get; init; }

    /// <summary>How often what is not cheap may be computed rather than kept.</summary>
    public int TimesAgain { get; init; }

    /// <summary>Whether each operator is a step by itself, so that its value shows: no loop takes in its neighbours.</summary>
    public bool IsApart { get; init; }

    /// <summary>The most units of a seed whose product with weights is formed where it is read.</summary>
    public int HeadUnits { get; init; }

    /// <summary>Whether the forward pass is also written so that what a change reaches is recomputed alone.</summary>
    public bool RecomputesParts { get; init; }

    /// <summary>Whether what is linear but for kinks is also written so that a path can be followed through them.</summary>
    public bool FollowsKinks { get; init; }

    /// <summary>Whether loops and products of a scan read and write rows that are far apart, so that little is only moved.</summary>
    public bool TakesStretches { get; init; }

    /// <summary>The most operands of a loop with two results; 0 where a loop has one.</summary>
    public int PairOperands { get; init; }

    /// <summary>Whether products take in what is beside them.</summary>
    public bool Fuses => FactorOperands > 0;
}
