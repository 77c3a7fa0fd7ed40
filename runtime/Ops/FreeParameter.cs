using Whence.CompilerServices;

namespace Whence;

public static partial class LayerBodies
{
    /// <inheritdoc cref="ParameterAttribute"/>
    public static Tensor Parameter(WeightScope scope, string[] names, int[] axes) =>
        scope.Tensors(names, LayerParameters.FreeParameter(axes))[""];
}
