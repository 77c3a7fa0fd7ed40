namespace Whence.Benchmarks;

/// <summary>For what this project compiles the networks; that of GPUs, which shares them, for GPUs too.</summary>
internal static class Measured
{
    public const Backends On = Backends.Cpu;
}
