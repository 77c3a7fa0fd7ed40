using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Plain;

/// <summary>
/// A backend as small as can be: every step is a loop in the text, over arrays that each value has for itself and weights as they lie in
/// the file. It is not fast, and does not run all: <see cref="Lacks"/> says what.
/// </summary>
internal sealed class PlainTarget : ITarget
{
    private const int ChunkRows = 4;

    public string Name => "Plain";

    public Limits Limits { get; } = new(Operands: 4, Operations: 12);

    /// <summary>Why it does not run these plans; null if it does.</summary>
    public static string? Lacks(Plans plans) =>
        plans.Backward.Append(plans.Forward).Concat(plans.Path is { } path ? [path] : [])
            .SelectMany(plan => new[] { plan.Keep, plan.Run, plan.End }).OfType<Program>().SelectMany(program => program.Steps)
            .Select(PlainLoops.Lacks).FirstOrDefault(why => why is not null);

    public IEnumerable<(string HintName, string Text)> Write(CompiledClass compiled, Plans plans)
    {
        if (Lacks(plans) is { } why)
            throw new NotSupportedException(why);
        var (graphs, fields) = (compiled.Derived, new PlainWeights(compiled.Names));
        yield return Program(compiled, fields, plans.Forward, graphs.Forward, "Predict", writer => writer.WriteForward());
        foreach (var (backward, derived) in plans.Backward.Zip(graphs.Backward, (backward, derived) => (backward, derived)))
            yield return Program(compiled, fields, backward, derived, backward.Method!, writer => writer.WriteBackward());
        if (plans.Path is { } path)
            yield return Program(compiled, fields, path, graphs.Path!, path.Method!, writer => writer.WritePath());
        yield return compiled.File($"Compiled.{Name}", null, to =>
        {
            compiled.WriteConstants(to);
            fields.Write(to, compiled.Type);
            to.Line();
            compiled.WriteSignature(to, plans, ChunkRows);
            compiled.WriteTokens(to, (_, _) => throw new NotSupportedException("The plain backend embeds no tokens."));
            to.Line();
            WriteProbed(to, compiled);
            compiled.WritePasses(to, plans);
        });
    }

    private (string, string) Program(CompiledClass compiled, PlainWeights fields, Plan.Plan plan, Derive.DerivedGraph derived, string file,
        Action<PlainWriter> write) =>
        compiled.File($"{file}.{Name}", derived, to => write(new(to, plan, new(to, fields, plan.Method ?? "Forward"), compiled)));

    private static void WriteProbed(SourceWriter to, CompiledClass compiled)
    {
        to.Line("public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows) =>");
        to.Line("    Forward(x, point, value, rows, null);").Line();
        to.Line("public string? FirstNonFinite(ReadOnlySpan<float> x) => FirstFault(x, false)?.Operator;").Line();
        to.Block("public Fault? FirstFault(ReadOnlySpan<float> x, bool steep)", () =>
        {
            to.Line("if (steep)").Line("    return null;").Line("var probe = new FirstSeen();");
            to.Line($"Forward(x, -1, new float[{compiled.OutputSize}], 1, probe);").Line("return probe.Fault;");
        });
        to.Line();
        to.Line("public Fault? FirstFault(in FaultSearch<float> search) =>");
        to.Line("    search.At < 0 ? FirstFault(search.X, search.Sought == Sought.Steep) : null;").Line();
        WriteProbe(to);
        to.Line();
    }

    // Keeps the first value that is not finite. Of what is infinitely steep the plain backend cannot tell.
    private static void WriteProbe(SourceWriter to) => to.Block("private sealed class FirstSeen", () =>
    {
        to.Line("public Fault? Fault;").Line();
        to.Block("public void See(Span<float> value, string name, int channels, ReadOnlySpan<int> axes)", () =>
        {
            to.Line("for (var i = 0; Fault is null && i < value.Length; i++)").Line("{");
            to.Indented(() =>
            {
                to.Line("if (float.IsFinite(value[i]))").Line("    continue;");
                to.Line("var (element, index) = (i % channels * (value.Length / channels) + i / channels, new int[axes.Length]);");
                to.Line("for (var axis = axes.Length - 1; axis >= 0; axis--)");
                to.Line("    (element, index[axis]) = Math.DivRem(element, axes[axis]);");
                to.Line("Fault = new Fault(name, index, value[i]);");
            });
            to.Line("}");
        });
    });
}
