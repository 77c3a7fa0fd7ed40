#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>in_proj_weight [3 features, features], out_proj.weight [features, features], and their biases.</summary>
    public static IEnumerable<Parameter> MultiHeadAttention(Shape q, bool bias)
    {
        var features = q[q.Rank - 1];
        var parts = Shape.Axis(3L * features);
        yield return new("in_proj_weight", new(parts, features));
        if (bias)
            yield return new("in_proj_bias", new(parts));
        yield return new("out_proj.weight", new(features, features));
        if (bias)
            yield return new("out_proj.bias", new(features));
    }
}
