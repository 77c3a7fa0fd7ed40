#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [filters, channels / groups, height, width], bias [filters].</summary>
    public static IEnumerable<Parameter> Conv2d(Shape x, int filters, int kernel, int kernelWidth, int groups, bool bias) =>
        Weighted(new(filters, x[0] / groups, kernel, Across(kernel, kernelWidth)), bias);

    // What is not said of the width is as for the height.
    private static int Across(int kernel, int kernelWidth) => kernelWidth > 0 ? kernelWidth : kernel;
}
