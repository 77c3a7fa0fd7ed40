namespace Whence.Authoring;

/// <summary>
/// What a network that is compiled with one of <see cref="Methods"/> becomes: the interface that the method's questions are put to. The
/// compiler reads it here, so that a method is listed once.
/// </summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class GivesAttribute(Type network) : Attribute
{
    /// <summary>The interface.</summary>
    public Type Network { get; } = network;
}
