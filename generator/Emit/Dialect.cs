namespace Whence.Generator.Emit;

/// <summary>
/// The words in which programs are written for a device: the same steps in the same order, called by the same names, over other memory.
/// </summary>
/// <param name="Kernels">Where the kernels are, from the compiled class's namespace.</param>
/// <param name="Values">Numbers that are written to.</param>
/// <param name="ReadOnlyValues">Numbers that are read.</param>
/// <param name="Sums">The sums over a path's steps.</param>
/// <param name="Arguments">What is asked of a walk.</param>
/// <param name="HasEpilogueStructs">Whether the function on a product's last write is a struct of its own, not one that holds
/// constants.</param>
/// <param name="Overrides">What stands before a method that the device's class calls.</param>
internal sealed record Dialect(string Kernels, string Values, string ReadOnlyValues, string Sums, string Arguments,
    bool HasEpilogueStructs, string Overrides)
{
    /// <summary>Spans, for the CPU.</summary>
    public static readonly Dialect Cpu = new("Kernels", "Span<float>", "ReadOnlySpan<float>", "ReadOnlySpan<double>",
        "BackwardArguments<float>",
        HasEpilogueStructs: false, Overrides: "");

    /// <summary>Views of a device's memory, for ILGPU.</summary>
    public static readonly Dialect Ilgpu = new("Gpu", "Gpu.Rows", "Gpu.Rows", "Gpu.Sums", "Gpu.BackwardArguments",
        HasEpilogueStructs: true, Overrides: "override ") { Cost = Emit.Ilgpu.LaunchCost.Of };

    /// <summary>What a step takes of the device, to be said over it; null of a step of which nothing is said.</summary>
    public Func<Plan.Step, string?> Cost { get; private init; } = _ => null;

    /// <summary>How far apart the rows are of a value that the caller gives.</summary>
    public static string GivenRow(Plan.PlannedValue value) => value.IsShared ? "referenceRow" : "InputSize";

    /// <summary>Declares how far apart rows are that serve all steps of a path: of one path on the CPU, of many on a device.</summary>
    public string PathRow(int keptSize) => HasEpilogueStructs
        ? $"var keptRow = {Kernels}.RowStride.OfPaths({keptSize}, in arguments);"
        : "const int keptRow = 0;";
}
