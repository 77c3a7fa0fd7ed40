using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>What a loop does with each element of one operand; one text for every vector width.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap1
{
    /// <summary>The result at one place, or at as many as V has lanes.</summary>
    V At<V, M>(V a) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of two operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap2
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of three operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap3
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b, V c) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of four operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap4
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b, V c, V d) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of five operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap5
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b, V c, V d, V e) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of six operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap6
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b, V c, V d, V e, V f) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of seven operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap7
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b, V c, V d, V e, V f, V g) where M : struct, IMath<V>;
}

/// <summary>What a loop does with the elements of eight operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMap8
{
    /// <inheritdoc cref="IMap1.At"/>
    V At<V, M>(V a, V b, V c, V d, V e, V f, V g, V h) where M : struct, IMath<V>;
}
