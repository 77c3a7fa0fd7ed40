using Whence.Generator.Derive;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>The files of plans' programs, one a question, in the words of a device.</summary>
internal sealed class ProgramFiles(CompiledClass compiled, Plans plans, string target, Dialect dialect, LocalPass? local = null)
{
    /// <summary>Writes them; what gives the calls of kernels is told a program's name, and may write what they call below it.</summary>
    public IEnumerable<(string HintName, string Text)> Write(Action<SourceWriter, string, Action<KernelCalls>> withCalls)
    {
        var graphs = compiled.Derived;
        yield return File("Predict", "Forward", plans.Forward, graphs.Forward, (writer, to) => writer.WriteForward(to), withCalls);
        foreach (var (backward, derived) in plans.Backward.Zip(graphs.Backward, (backward, derived) => (backward, derived)))
            yield return File(backward.Method!, backward.Method!, backward, derived, (writer, to) => writer.WriteBackward(to), withCalls);
        if (plans.Path is { } path)
            yield return File(path.Method!, path.Method!, path, graphs.Path, (writer, to) => writer.WritePath(to), withCalls);
    }

    private (string HintName, string Text) File(string part, string prefix, Plan.Plan plan, DerivedGraph? derived,
        Action<ProgramWriter, SourceWriter> write, Action<SourceWriter, string, Action<KernelCalls>> withCalls) =>
        compiled.File($"{part}.{target}", derived, to => withCalls(to, prefix, calls =>
            write(
                new ProgramWriter(plan, calls, prefix, compiled.Points, dialect)
                {
                    InputSizes = compiled.InputSizes, Local = plan == plans.Forward ? local : null,
                },
                to)));
}
