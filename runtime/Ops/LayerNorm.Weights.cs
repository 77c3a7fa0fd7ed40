#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight and bias of the shape of the last axes.</summary>
    public static IEnumerable<Parameter> LayerNorm(Shape x, int axes, bool affine, bool bias)
    {
        if (!affine)
            yield break;
        yield return new("weight", Last(x, axes));
        if (bias)
            yield return new("bias", Last(x, axes));
    }

    /// <summary>Weight of the shape of the last axes.</summary>
    public static IEnumerable<Parameter> RmsNorm(Shape x, int axes, bool affine) => LayerNorm(x, axes, affine, bias: false);

    /// <summary>Weight and bias, [channels] each.</summary>
    public static IEnumerable<Parameter> GroupNorm(Shape x, bool affine) => affine ? Weighted(new(x[0]), bias: true) : [];

    /// <summary>Weight and bias, [channels] each.</summary>
    public static IEnumerable<Parameter> InstanceNorm(Shape x, bool affine) => GroupNorm(x, affine);

    private static Shape Last(Shape x, int axes)
    {
        var (all, last) = (x.ToArray(), new int[axes]);
        for (var i = 0; i < axes; i++)
            last[i] = all[all.Length - axes + i];
        return new(last);
    }
}
