namespace Whence;

public static partial class Layers
{
    /// <inheritdoc cref="ParameterAttribute"/>
    public static Tensor Parameter(Scope scope, string[] names, int[] axes) =>
        scope.Tensors(names, LayerParameters.FreeParameter(axes))[""];
}
