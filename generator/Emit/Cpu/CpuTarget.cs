using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>Plans as methods over spans that call the runtime's kernels, in one class with one file a question.</summary>
internal sealed class CpuTarget : ITarget
{
    public string Name => "Cpu";

    // As many operands as Loop.Map has overloads for.
    public Limits Limits { get; } = new(Operands: 8, Operations: 48);

    public IEnumerable<(string HintName, string Text)> Write(CompiledClass compiled, Plans plans)
    {
        var fields = new WeightFields(compiled.Names, Dialect.Cpu);
        foreach (var file in new ProgramFiles(compiled, plans, Name, Dialect.Cpu).Write((to, prefix, write) =>
        {
            var calls = new KernelCalls(prefix, fields, Dialect.Cpu);
            write(calls);
            calls.WriteLoops(to);
        }))
            yield return file;
        yield return compiled.File("Compiled", null, to => WriteClass(to, compiled, fields, plans));
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
        WriteProbed(to, compiled);
        compiled.WritePasses(to, plans);
    }

    /// <summary>The forward pass without a probe, and with the one that finds what is not finite.</summary>
    private static void WriteProbed(SourceWriter to, CompiledClass compiled)
    {
        to.Summary("The forward pass over a chunk of rows.");
        to.Block("public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows)", () =>
            to.Line("var probe = default(Kernels.NoProbe);").Line("Forward(x, point, value, rows, ref probe);"));
        to.Line();
        to.Summary("The first value of a row's forward pass that is not finite, by name; null if all are.");
        to.Line("public string? FirstNonFinite(ReadOnlySpan<float> x) => FirstFault(x, steep: false)?.Operator;").Line();
        to.Summary("The value from which the outputs have their infinities, or at which a function is infinitely steep.");
        to.Line("public Fault? FirstFault(ReadOnlySpan<float> x, bool steep) => "
            + "FirstFault(new FaultSearch<float> { X = x, Steep = steep });").Line();
        to.Summary("The same of a target, and perhaps with another value in the place of a point's.");
        to.Block("public Fault? FirstFault(in FaultSearch<float> search)", () =>
        {
            to.Line($"var size = search.From < 0 ? {compiled.OutputSize} : Signature.Points[search.From].Shape.Size;");
            to.Line("return Kernels.FaultProbe.Find(search, size, StepsOf(search.From), search.To < 0 ? [] : StepsOf(search.To),");
            to.Line("    (float[] x, int point, float[] value, ref Kernels.FaultProbe probe) => Forward(x, point, value, 1, ref probe));");
        });
        to.Line();
    }
}
