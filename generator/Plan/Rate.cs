namespace Whence.Generator.Plan;

/// <summary>
/// How often a node is computed: as often as the most frequent of its inputs. A value that is read more often than it is computed is kept.
/// </summary>
internal enum Rate
{
    /// <summary>When weights are loaded: constants that take no step.</summary>
    Load,

    /// <summary>Once a reference, with what depends on no input at all: it is the same for every row.</summary>
    Reference,

    /// <summary>
    /// Once an input and its reference. Where the question is about no path this is the backward pass, or the forward pass.
    /// </summary>
    Pair,

    /// <summary>At every step of the path from a reference to its input.</summary>
    Step,

    /// <summary>Once an input and its reference, of sums over the steps.</summary>
    Sum,
}
