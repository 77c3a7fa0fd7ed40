#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

/// <summary>A weight tensor of a layer: the last part of its name, and its shape.</summary>
internal sealed record Parameter(string Role, Shape Shape);
