#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [filters, channels / groups, kernel], bias [filters].</summary>
    public static IEnumerable<Parameter> Conv1d(Shape x, int filters, int kernel, int groups, bool bias) =>
        Weighted(new(filters, x[0] / groups, kernel), bias);
}
