namespace Whence;

using System.ComponentModel;

/// <summary>
/// The bodies of layer methods, each beside its layer's attribute: it finds its weights and runs eagerly, in double precision. Called by
/// generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class LayerBodies;
