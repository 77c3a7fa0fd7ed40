namespace Whence;

/// <summary>
/// The bodies of layer methods, each beside its layer's attribute: it finds its weights and runs eagerly, in double precision. Called by
/// generated code.
/// </summary>
public static partial class Layers;
