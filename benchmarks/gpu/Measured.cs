namespace Whence.Benchmarks;

/// <summary>For what this project compiles the networks that it shares.</summary>
internal static class Measured
{
    public const Backends On = Backends.Cpu | Backends.Gpu;
}
