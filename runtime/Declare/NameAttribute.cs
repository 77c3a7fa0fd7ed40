namespace Whence;

/// <summary>
/// What the names of a sub-network's weights begin with in the file, on the readonly field that holds it:
/// <c>[Name("encoder.layer.0")] private readonly Layer first = new();</c>. Without it, that is the field's own name, in snake or lower
/// camel case. The name stands below those of the fields that lead to the class. <c>[Name("")]</c> adds nothing: the sub-network's
/// weights are named as if its layers were the class's own.
/// </summary>
/// <param name="name">The name, without the dot behind it; other dots are part of it.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class NameAttribute(string name) : Attribute
{
    /// <summary>The name, without the dot behind it; empty for none.</summary>
    public string Name { get; } = name;
}
