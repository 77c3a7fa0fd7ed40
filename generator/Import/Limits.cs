namespace Whence.Import;

/// <summary>How much of a model is believed. A file may be made to keep an importer busy.</summary>
internal static class Limits
{
    /// <summary>Bytes of a name.</summary>
    public const int Name = 1 << 16;

    /// <summary>Nodes, those of branches and functions that are written out included.</summary>
    public const int Nodes = 1 << 20;

    /// <summary>Graphs within graphs.</summary>
    public const int Depth = 64;

    /// <summary>Elements of all constants that folding makes, together.</summary>
    public const long FoldedElements = 1L << 28;

    /// <summary>Numbers that are written into code for one step, and weights that are made for one.</summary>
    public const int WrittenPlaces = 1 << 16, MadeWeights = 1 << 24;

    /// <summary>Values of a network that the compiler takes (WH112).</summary>
    public const int Values = 4096;

    /// <summary>Axes of a tensor.</summary>
    public const int Rank = 16;

    /// <summary>The newest version of the file format that is read.</summary>
    public const int NewestIr = 13;

    /// <summary>The oldest and the newest version of the operators.</summary>
    public const int OldestOpset = 6, NewestOpset = 24;
}
