using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>A path's three programs: before its steps, some of them, and after.</summary>
internal sealed partial class ProgramWriter
{
    private Frame Begins => new(
        $"{References}, int rows, {dialect.Values} arena{Written("kept")}",
        $"x, reference, {(dialect.HasEpilogueStructs ? "referenceRow, " : "")}rows, arena{Writes("kept")}", "x", false, false)
        {
            Written = "kept",
        };

    // On a device one reference may serve all paths.
    private string References => $"{dialect.ReadOnlyValues} x, {dialect.ReadOnlyValues} reference"
        + (dialect.HasEpilogueStructs ? ", int referenceRow" : "");

    private Frame Ends => new(
        $"{dialect.Sums} sums, {dialect.ReadOnlyValues} kept, int rows, {dialect.Values} arena{Written("multipliers")}",
        $"sums, kept, rows, arena{Writes("multipliers")}", "", false, false) { Written = "multipliers" };

    /// <summary>The path: PathBegin, Path and PathEnd.</summary>
    public void WritePath(SourceWriter to) => WriteShared(to, WriteWholePath);

    private void WriteWholePath(SourceWriter to)
    {
        to.Summary("What is the same at all steps of a path: what moves in proportion to it at the reference, and how far it moves.");
        to.Block(
            $"public {Overrides}void {prefix}Begin({References}, {dialect.Values} kept, int rows)", () =>
                WriteKeeping(to, plan.Keep!, prefix + "Begin", Begins));
        to.Line();
        to.Summary("Some steps of one path, there and back: what moves in any other way, and each answer's multipliers that come back to "
            + "what moves in proportion.");
        WriteBackwardOf(to);
        to.Line();
        to.Summary("After all steps: the sums of the multipliers on their way back to the inputs.");
        to.Block($"public {Overrides}void {prefix}End({dialect.Sums} sums, {dialect.ReadOnlyValues} kept, {dialect.Values} multipliers, "
            + "int rows)", () =>
        {
            WriteArena(to, plan.End!);
            WriteCalls(to, Indexed(plan.End!), prefix + "End", Ends);
            WriteEnds(to);
        });
        WriteParts(to);
    }

    private string KeptRow(Frame frame) =>
        !frame.IsBackward
            ? $"const int keptRow = {plan.KeptSize};"
            : plan.End is null ? $"var keptRow = arguments.ReferenceRows == 1 ? 0 : {plan.KeptSize};" : dialect.PathRow(plan.KeptSize);

    /// <summary>Adds the steps' multipliers to the sums.</summary>
    private void WriteSums(SourceWriter to)
    {
        if (plan.Sums.Count == 0)
            return;
        to.Line().Line("// The sums over the steps");
        Declare(to, plan.Sums.Select(sum => sum.Value).Except(Shown()), Backs);
        foreach (var (value, offset) in plan.Sums)
            to.Line($"{dialect.Kernels}.Paths.Add(in arguments, {value.Name}, {offset}, {value.Size});");
    }

    private void WriteEnds(SourceWriter to)
    {
        Declare(to, plan.Results.Select(result => result?.Positive).OfType<PlannedValue>()
            .Where(value => value.Storage != Storage.Written), Ends);
        var offset = 0;
        for (var i = 0; i < plan.Results.Count; i++)
        {
            if (plan.Results[i] is { Positive.Storage: Storage.Written })
            {
                offset += InputSizes[i];
                continue;
            }
            to.Line(plan.Results[i] is { } pair
                ? $"{dialect.Kernels}.Points.Out({Operand(pair.Positive)}, multipliers, {offset}, InputSize, rows, {InputSizes[i]}, "
                    + $"{pair.Positive.Channels});"
                : $"{dialect.Kernels}.Points.Clear(multipliers, {offset}, InputSize, rows, {InputSizes[i]});");
            offset += InputSizes[i];
        }
    }
}
