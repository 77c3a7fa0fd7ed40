namespace Whence.Generator.Ops;

/// <summary>
/// A value at a step of the path from the reference to the input: a + alpha d. Inputs: a, the value at the reference, and d, how far it
/// moves on the whole path.
/// </summary>
internal sealed class Between : DerivedOp;

/// <summary>A multiplier summed over the steps of a path, each times its step's weight.</summary>
internal sealed class SumSteps : DerivedOp;
