#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [channels, filters / groups, height, width], bias [filters].</summary>
    public static IEnumerable<Parameter> ConvTranspose2d(Shape x, int filters, int kernel, int kernelWidth, int groups, bool bias) =>
        Weighted(new(x[0], filters / groups, kernel, Across(kernel, kernelWidth)), bias ? filters : 0);
}
