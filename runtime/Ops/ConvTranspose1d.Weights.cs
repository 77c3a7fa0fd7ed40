#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [channels, filters / groups, kernel], bias [filters].</summary>
    public static IEnumerable<Parameter> ConvTranspose1d(Shape x, int filters, int kernel, int groups, bool bias) =>
        Weighted(new(x[0], filters / groups, kernel), bias ? filters : 0);

    /// <summary>A weight, and a bias of so many numbers, 0 for none.</summary>
    private static IEnumerable<Parameter> Weighted(Shape weight, int biased) =>
        biased > 0 ? [new("weight", weight), new("bias", new(biased))] : [new("weight", weight)];
}
