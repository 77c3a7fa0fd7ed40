namespace Whence;

/// <summary>
/// Marks a partial method without parameters as a tensor of the weights file by itself: a class token, learned positions or queries, a
/// scale, an initial state. It is named after the method, <c>ClassToken</c> giving <c>class_token</c>, or by
/// <see cref="LayerAttribute.Name"/>. It is the same for every example and at every reference, so that its contribution is zero.
/// </summary>
/// <param name="axes">
/// The tensor's shape; none for a scalar. Each axis is a number, or the name of the constructor parameter or readonly field that holds it.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ParameterAttribute(params object[] axes) : LayerAttribute
{
    /// <summary>The tensor's shape: numbers, and names of constructor parameters or readonly fields.</summary>
    public IReadOnlyList<object> Axes { get; } = axes;
}
