using Whence.Generator.Emit.Cpu;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>Plans as methods that launch the kernels of Whence.Gpu, in one class with one file a question.</summary>
internal sealed class IlgpuTarget : ITarget
{
    public string Name => "Gpu";

    // As many operands as a loop's arguments have.
    public Limits Limits { get; } = new(Operands: 8, Operations: 48);

    public IEnumerable<(string HintName, string Text)> Write(CompiledClass compiled, Plans plans)
    {
        var graphs = compiled.Derived;
        var fields = new WeightFields(compiled.Names, Dialect.Ilgpu);
        // A loop is a kernel, which takes its time to be compiled on the device: all questions share them.
        var calls = new KernelCalls("", fields, Dialect.Ilgpu);
        yield return compiled.File($"Predict.{Name}", graphs.Forward,
            to => Program(to, compiled, calls, plans.Forward, "Forward", writer => writer.WriteForward(to)));
        foreach (var (backward, derived) in plans.Backward.Zip(graphs.Backward, (backward, derived) => (backward, derived)))
            yield return compiled.File($"{backward.Method}.{Name}", derived,
                to => Program(to, compiled, calls, backward, backward.Method!, writer => writer.WriteBackward(to)));
        if (plans.Path is { } path)
            yield return compiled.File($"{path.Method}.{Name}", graphs.Path,
                to => Program(to, compiled, calls, path, path.Method!, writer => writer.WritePath(to)));
        yield return compiled.File($"Compiled.{Name}", null, to => WriteClass(to, compiled, fields, calls, plans), " : Gpu.GpuPrograms");
    }

    private static void Program(SourceWriter to, CompiledClass compiled, KernelCalls calls, Plan.Plan plan, string prefix,
        Action<ProgramWriter> write) =>
        write(new ProgramWriter(plan, calls, prefix, compiled.Points, Dialect.Ilgpu) { InputSizes = compiled.InputSizes });

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
