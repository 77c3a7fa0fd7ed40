#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;
#else
namespace Whence;
#endif

/// <summary>
/// The weights that layers own, in the order in which their functions take them. Written once, each beside its layer: the eager run reads
/// them so, the check of weights files compares with them, and the compiler packs them.
/// </summary>
internal static partial class LayerParameters;
