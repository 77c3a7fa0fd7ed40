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
        // And for rows: outputs, and ways back from them to the inputs.
        var atOnce = new List<string>();
        foreach (var plan in plans.Backward.Prepend(plans.Forward))
        {
            if (WholeRowsPlanner.Of(plan, compiled.Derived.Points) is not { } rows)
                continue;
            var writer = new RowsWriter(rows, plan, calls, fields, compiled);
            yield return compiled.File($"{writer.Question}Rows.{Name}", null, writer.Write);
            if (plan.Method is { } method)
                atOnce.Add(method);
        }
        yield return compiled.File($"Compiled.{Name}", null, to => WriteClass(to, compiled, fields, calls, chain, atOnce),
            " : Gpu.GpuPrograms");
    }

    private static void WriteClass(SourceWriter to, CompiledClass compiled, WeightFields fields, KernelCalls calls, Plans plans,
        IReadOnlyList<string> atOnce)
    {
        compiled.WriteConstants(to);
        fields.Write(to, compiled.Type);
        to.Line();
        var widest = plans.Backward.Append(plans.Forward).Max(plan => plan.Run.ArenaSize);
        to.Summary("Floats of device memory that a row needs at most.");
        to.Line($"public override int RowSize => {widest};").Line();
        CompiledClass.WritePrograms(to, plans, Dialect.Ilgpu);
        if (atOnce.Count > 0)
            WriteAtOnce(to, atOnce);
        calls.WriteLoops(to);
    }

    private static void WriteAtOnce(SourceWriter to, IReadOnlyList<string> passes)
    {
        to.Line();
        to.Summary("One backward pass in one launch an answer; false where there is no kernel for it.");
        to.Block("public override bool BackwardAtOnce(Pass pass, in Gpu.BackwardArguments arguments) => pass switch", () =>
        {
            foreach (var pass in passes)
                to.Line($"Pass.{pass} => {pass}AtOnce(in arguments),");
            to.Line("_ => false,");
        }, "};");
    }
}
