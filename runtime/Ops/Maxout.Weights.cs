#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [outputs * pieces, inputs], bias [outputs * pieces].</summary>
    public static IEnumerable<Parameter> Maxout(Shape x, int outputs, int pieces, bool bias) =>
        Weighted(new(Shape.Axis((long)outputs * pieces), x.Size), bias);
}
