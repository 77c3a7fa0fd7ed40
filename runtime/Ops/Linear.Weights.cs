#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight [outputs, inputs], bias [outputs].</summary>
    public static IEnumerable<Parameter> Linear(Shape x, int outputs, bool bias) => Weighted(new(outputs, x[x.Rank - 1]), bias);

    /// <summary>A weight, and a bias for each of its first axis.</summary>
    private static IEnumerable<Parameter> Weighted(Shape weight, bool bias)
    {
        yield return new("weight", weight);
        if (bias)
            yield return new("bias", new(weight[0]));
    }
}
