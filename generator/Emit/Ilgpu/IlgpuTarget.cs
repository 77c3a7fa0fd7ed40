using Whence.Generator.Emit.Cpu;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>Plans as methods that launch the kernels of Whence.Gpu, in one class with one file a question.</summary>
internal sealed class IlgpuTarget : ITarget
{
    public string Name => "Gpu";

    // As many operands as a loop's arguments have.
    public Limits Limits { get; } = new(Operands: 8, Operations: 48);

    // As many operands as Gpu.Factor and Gpu.Epilogue have overloads for.
    internal static Limits Fused =>
        new IlgpuTarget().Limits with { FactorOperands = 4, FinishOperands = 5, TimesAgain = 4, HeadUnits = 32 };

    public IEnumerable<(string HintName, string Text)> Write(CompiledClass compiled, Plans plans)
    {
        var fields = new WeightFields(compiled.Names, Dialect.Ilgpu);
        // A loop is a kernel, which takes its time to be compiled on the device: all questions share them.
        var calls = new KernelCalls("", fields, Dialect.Ilgpu);
        var chain = Plans.Of(compiled.Derived, Fused);
        foreach (var file in new ProgramFiles(compiled, chain, Name, Dialect.Ilgpu).Write((_, _, write) => write(calls)))
            yield return file;
        // Where one kernel can answer for whole paths, it does.
        if (plans.Path is { } path && WholePlanner.Of(path, compiled.Derived.Points) is { } whole)
            yield return compiled.File($"Paths.{Name}", null, to => new WholeWriter(whole, path, calls, fields, compiled).Write(to));
        yield return compiled.File($"Compiled.{Name}", null, to => WriteClass(to, compiled, fields, calls, chain), " : Gpu.GpuPrograms");
    }

    private static void WriteClass(SourceWriter to, CompiledClass compiled, WeightFields fields, KernelCalls calls, Plans plans)
    {
        compiled.WriteConstants(to);
        fields.Write(to, compiled.Type);
        to.Line();
        var widest = plans.Backward.Append(plans.Forward).Max(plan => plan.Run.ArenaSize);
        to.Summary("Floats of device memory that a row needs at most.");
        to.Line($"public override int RowSize => {widest};").Line();
        CompiledClass.WritePrograms(to, plans, Dialect.Ilgpu);
        calls.WriteLoops(to);
    }
}
