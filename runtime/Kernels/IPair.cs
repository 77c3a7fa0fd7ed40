using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>What a loop with two results does with the elements of two operands; one text for every vector width.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPair2
{
    /// <summary>Both results at one place, or at as many as V has lanes.</summary>
    void At<V, M>(V a, V b, out V first, out V second) where M : struct, IMath<V>;
}

/// <summary>What a loop with two results does with the elements of three operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPair3
{
    /// <inheritdoc cref="IPair2.At"/>
    void At<V, M>(V a, V b, V c, out V first, out V second) where M : struct, IMath<V>;
}

/// <summary>What a loop with two results does with the elements of four operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPair4
{
    /// <inheritdoc cref="IPair2.At"/>
    void At<V, M>(V a, V b, V c, V d, out V first, out V second) where M : struct, IMath<V>;
}

/// <summary>What a loop with two results does with the elements of five operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPair5
{
    /// <inheritdoc cref="IPair2.At"/>
    void At<V, M>(V a, V b, V c, V d, V e, out V first, out V second) where M : struct, IMath<V>;
}

/// <summary>What a loop with two results does with the elements of six operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPair6
{
    /// <inheritdoc cref="IPair2.At"/>
    void At<V, M>(V a, V b, V c, V d, V e, V f, out V first, out V second) where M : struct, IMath<V>;
}
