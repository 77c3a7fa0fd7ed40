#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [vocabulary, width].</summary>
    public static IEnumerable<Parameter> Embedding(int vocabulary, int width) => [new("weight", new(vocabulary, width))];
}
