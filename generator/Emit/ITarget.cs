using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit;

/// <summary>
/// What compiles plans for one device. It owns the compiled class's fields and how weights are packed in them, the methods that run steps,
/// the memory that they run in, how many rows make a chunk, the probes that look for what is not finite, and the files. What a network is
/// called and can be asked is the same for every device: <see cref="CompiledClass"/>.
/// </summary>
internal interface ITarget
{
    /// <summary>The device's name in the names of files: "Cpu".</summary>
    string Name { get; }

    /// <summary>What its kernels take, for planning.</summary>
    Limits Limits { get; }

    /// <summary>The files of the compiled class.</summary>
    IEnumerable<(string HintName, string Text)> Write(CompiledClass compiled, Plans plans);
}

/// <summary>The targets that networks are compiled for, side by side; a network's class runs on the first.</summary>
internal static class Targets
{
    /// <summary>Those of every network.</summary>
    public static readonly IReadOnlyList<ITarget> All = [new Cpu.CpuTarget()];

    private static readonly ITarget gpu = new Ilgpu.IlgpuTarget();

    /// <summary>Those of a network, and what else it asks for.</summary>
    public static IReadOnlyList<ITarget> Of(Network network) => network.IsOnGpu ? [.. All, gpu] : All;
}
