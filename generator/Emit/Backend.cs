using Whence.Generator.Plan;

namespace Whence.Generator.Emit;

/// <summary>Writes a plan's steps in one target's terms. Everything else of a compiled network is the same for every target.</summary>
internal interface IBackend
{
    /// <summary>One step, its buffers being in scope by name.</summary>
    void Write(SourceWriter to, Step step);

    /// <summary>The helpers that the steps written so far have called.</summary>
    void WriteHelpers(SourceWriter to);
}
