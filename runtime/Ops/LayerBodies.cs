namespace Whence;

using System.ComponentModel;

/// <summary>
/// The bodies of layer methods, each beside its layer's attribute: it finds its weights and runs eagerly, in double precision. Called by
/// generated code.
/// </summary>
/// <remarks>
/// Not in Whence.CompilerServices, where else stands what generated code calls: a layer is one file, its attribute, its function and its
/// body, and a file has one namespace. Completion does not offer it.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class LayerBodies;
