#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>Weight, bias, running mean and running variance, [channels] each.</summary>
    public static IEnumerable<Parameter> BatchNorm(Shape x)
    {
        foreach (var role in new[] { "weight", "bias", "running_mean", "running_var" })
            yield return new(role, new(x[0]));
    }
}
