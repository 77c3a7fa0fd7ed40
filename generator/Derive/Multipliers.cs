namespace Whence.Generator.Derive;

/// <summary>
/// What flows back to a value: the multiplier of its positive and of its negative part. They are one node except between a
/// RevealCancel activation and the linear layer below it.
/// </summary>
internal readonly record struct Multipliers(int Positive, int Negative)
{
    public static implicit operator Multipliers(int both) => new(both, both);

    public bool Parted => Positive != Negative;
}

/// <summary>The positive and the negative part of a value's difference from its reference.</summary>
internal readonly record struct Parts(int Positive, int Negative);
