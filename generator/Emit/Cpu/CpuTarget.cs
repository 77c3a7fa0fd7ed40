using Whence.Generator.Ops;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>Plans as methods over spans that call the runtime's kernels, in one class with one file a question.</summary>
internal sealed class CpuTarget : ITarget
{
    public string Name => "Cpu";

    // As many operands as Loop.Map has overloads for.
    public Limits Limits { get; } = new(Operands: 8, Operations: 48)
    {
        RecomputesParts = true, FollowsKinks = true, TakesStretches = true, PairOperands = 6,
    };

    public IEnumerable<(string HintName, string Text)> Write(CompiledClass compiled, Plans plans) =>
        TextHash.Fill([.. Files(compiled, plans)], compiled.Graph);

    private IEnumerable<(string HintName, string Text)> Files(CompiledClass compiled, Plans plans)
    {
        var fields = new WeightFields(compiled.Names, Dialect.Cpu);
        var local = plans.Local;
        foreach (var file in new ProgramFiles(compiled, plans, Name, Dialect.Cpu, local).Write((to, prefix, write) =>
        {
            var calls = new KernelCalls(prefix, fields, Dialect.Cpu);
            write(calls);
            calls.WriteLoops(to);
        }))
            yield return file;
        yield return compiled.File($"Faults.{Name}", null, to => WriteFaults(to, compiled, fields));
        if (plans.Piecewise is { } piecewise)
            yield return compiled.File("Exact." + Name, null, to => new PiecewiseWriter(piecewise, compiled, fields).Write(to));
        yield return compiled.File("Compiled", null, to => WriteClass(to, compiled, fields, plans),
            local is null ? "" : " : Kernels.LocalNetwork");
    }

    private static void WriteClass(SourceWriter to, CompiledClass compiled, WeightFields fields, Plans plans)
    {
        compiled.WriteConstants(to);
        // Tables are fields too, which the members below name first.
        var tokens = new SourceWriter(to);
        compiled.WriteTokens(tokens, fields.Table);
        fields.Write(to, compiled.Type);
        to.Line();
        compiled.WriteSignature(to, plans, Chunks.Rows([.. plans.Backward, plans.Forward]));
        to.Append(tokens);
        to.Line();
        compiled.WritePasses(to, plans);
    }

    /// <summary>What finds why an answer is not finite: a forward pass with each operator by itself, and its doors.</summary>
    private void WriteFaults(SourceWriter to, CompiledClass compiled, WeightFields fields)
    {
        var calls = new KernelCalls("Probed", fields, Dialect.Cpu);
        WriteDoors(to, compiled);
        new ProgramWriter(Apart(compiled), calls, "Probed", compiled.Points, Dialect.Cpu) { InputSizes = compiled.InputSizes }
            .WriteProbed(to);
        calls.WriteLoops(to);
    }

    private Plan.Plan Apart(CompiledClass compiled)
    {
        try
        {
            return Planner.Plan(compiled.Derived.Forward, Limits with { IsApart = true });
        }
        catch (TooLargeException)
        {
            // Values that only fit into memory where loops take each other in are named as far as these go.
            return Planner.Plan(compiled.Derived.Forward, Limits);
        }
    }

    private static void WriteDoors(SourceWriter to, CompiledClass compiled)
    {
        to.Summary("The first value of a row's forward pass that is not finite, by name; null if all are.");
        to.Line("public string? FirstNonFinite(ReadOnlySpan<float> x) => FirstFault(x, steep: false)?.Operator;").Line();
        to.Summary("The value from which the outputs have their infinities, or at which a function is infinitely steep.");
        to.Line("public Fault? FirstFault(ReadOnlySpan<float> x, bool steep) =>");
        to.Line("    FirstFault(new FaultSearch<float> { X = x, Sought = steep ? Sought.Steep : Sought.NonFinite });").Line();
        to.Summary("The same of a target, and perhaps with another value in the place of a point's.");
        to.Block("public Fault? FirstFault(in FaultSearch<float> search)", () =>
        {
            to.Line($"var size = search.From < 0 ? {compiled.OutputSize} : Signature.Points[search.From].Shape.Size;");
            to.Line("return Kernels.FaultProbe.Find(search, size, StepsOf(search.From), search.To < 0 ? [] : StepsOf(search.To),");
            to.Line("    (x, point, value, probe) => Probed(x, point, value, 1, probe));");
        });
        to.Line();
    }
}
