#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>A free parameter: a tensor by the layer's own name.</summary>
    public static IEnumerable<Parameter> FreeParameter(int[] axes) => [new("", new(axes))];
}
