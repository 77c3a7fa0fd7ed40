#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [channels] or [1].</summary>
    public static IEnumerable<Parameter> PRelu(Shape x, bool perChannel) => [new("weight", new(perChannel ? x[0] : 1))];
}
