using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// What Forward can do to tokens before they are embedded: take, repeat, order and join positions along axis 0, each as it is.
/// </summary>
internal static class TokenMoves
{
    /// <summary>Whether a node does only that.</summary>
    public static bool Include(Node node) => node.Op switch
    {
        Slice or Gather or Concat => node.Settings.Int("axis") == 0,
        Reverse => true,
        _ => false,
    };
}
