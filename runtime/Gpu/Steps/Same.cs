namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>What follows a product after which nothing follows. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Same : IMap1
{
    /// <inheritdoc/>
    public V At<V, M>(V a) where M : struct, IMath<V> => a;
}
