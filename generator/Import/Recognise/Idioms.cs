using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>What several operators say that Whence says by one: each idiom is a file.</summary>
internal static class Idioms
{
    // Each sees what those before it left.
    private static readonly (string Name, Func<Surface, Op, bool> Apply)[] All =
    [
        ("", Neutral.Apply), ("LayerNorm", LayerNorm.Apply), ("GELU", Gelu.Apply), ("GELU by tanh", GeluTanh.Apply), ("SiLU", Silu.Apply),
        ("square", Square.Apply),
        ("dense layer", Dense.Apply), ("attention", Attention.Apply), ("attention of several heads", Heads.Apply),
    ];

    /// <summary>Exchanges every idiom in the graph; how often each was found.</summary>
    public static IReadOnlyDictionary<string, int> Apply(FoldedGraph graph)
    {
        var surface = new Surface(graph);
        var found = new Dictionary<string, int>();
        foreach (var (name, apply) in All)
        {
            foreach (var op in surface.Ops.ToArray())
            {
                if (op.Domain.Length == 0 && op.Outputs.Count > 0 && surface.Ops.Contains(op) && Applies(apply, surface, op)
                    && name.Length > 0)
                    found[name] = found.GetValueOrDefault(name) + 1;
            }
            surface.Forget();
        }
        return found;
    }

    private static bool Applies(Func<Surface, Op, bool> apply, Surface surface, Op op)
    {
        try
        {
            return apply(surface, op);
        }
        catch (Exception e) when (e is FaultException || FaultException.IsOfDamage(e))
        {
            // What is wrong with a node is said where it is followed.
            return false;
        }
    }
}
