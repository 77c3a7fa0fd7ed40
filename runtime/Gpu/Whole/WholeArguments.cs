namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>What the groups of a whole network's kernel are given. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct WholeArguments
{
    /// <summary>[Pairs, size of an input].</summary>
    public Rows X;

    /// <summary>One row for all pairs, or one for each; of rows, what was kept of their references.</summary>
    public Rows References;

    /// <summary>From one pair's reference to the next; 0 for one that serves all.</summary>
    public int ReferenceRow;

    /// <summary>The weight of each unit of the point that is explained: one row for all pairs, or one for each.</summary>
    public Rows Seed;

    /// <summary>From one pair's seed to the next; 0 for one that serves all.</summary>
    public int SeedRow;

    /// <summary>How far along the path each step lies.</summary>
    public Rows Alphas;

    /// <summary>What each step's multipliers are multiplied by in the sum.</summary>
    public Rows StepWeights;

    /// <summary>All that comes with the network, one part after the other.</summary>
    public Rows Weights;

    /// <summary>What the groups keep outside of their shared memory, one group after the other; or empty.</summary>
    public Rows Scratch;

    /// <summary>Out: [Pairs, size of an input].</summary>
    public Rows Multipliers;

    /// <summary>How many inputs there are, each with its reference.</summary>
    public int Pairs;

    /// <summary>Steps of a path.</summary>
    public int Steps;

    /// <summary>Where the way back begins, counted from the outputs.</summary>
    public int Start;

    /// <summary>Of rows: how many units the seed is about.</summary>
    public int SeedSize;

    /// <summary>Out, of rows: the multipliers of the negative part, [Pairs, size of an input]; or empty.</summary>
    public Rows Negatives;

    /// <summary>Whether the multipliers of the negative part are written.</summary>
    public int HasNegatives;

    /// <summary>Out, of rows: the value of the point that is read, or, if that is negative, all outputs.</summary>
    public Rows Values;

    /// <summary>The point whose value is read; on the way back -1 if none is.</summary>
    public int Reads;
}
