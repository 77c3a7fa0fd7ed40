using System.Globalization;
using Whence.Generator.Emit.Cpu;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>Writes a program over rows as one kernel, and the method that launches it.</summary>
internal sealed class RowsWriter : GroupWriter
{
    private readonly WholeRows plan;
    private readonly CompiledClass compiled;
    private readonly string kernel;
    private readonly string weights;

    public RowsWriter(WholeRows plan, Plan.Plan program, KernelCalls calls, WeightFields fields, CompiledClass compiled)
        : base(plan.Memory, program, plan.Starts, "seed", calls, fields)
    {
        (this.plan, this.compiled) = (plan, compiled);
        (kernel, weights) = (fields.Struct($"{Question}Kernel"), fields.Struct($"{Names.Camel(Question)}Weights"));
    }

    /// <summary>What a file of it is called: "Predict", or the pass.</summary>
    public string Question => Program.Method ?? "Predict";

    private int Rows => Memory.Rows;

    private bool IsBack => Program.Method is not null;

    /// <summary>The method and the kernel.</summary>
    public void Write(SourceWriter to)
    {
        var written = new SourceWriter(to);
        WriteKernel(written);
        to.Line($"private float[]? {weights};").Line();
        if (IsBack)
            WriteBackward(to);
        else
            WriteForward(to);
        to.Line();
        to.Append(written);
    }

    private void WriteForward(SourceWriter to)
    {
        to.Summary("All outputs, or one, in one launch; false of what is no output.");
        to.Block("public override bool ForwardAtOnce(Gpu.Rows x, int point, Gpu.Rows value, int rows)", () =>
        {
            to.Line($"if (point is not (-1 or {Constants(plan.Points.Select(point => point.Index))}))").Line("    return false;");
            to.Statement($"{weights} ??= Gpu.Whole.Join({Parts});");
            to.Statement($"Gpu.Whole.Forward<{kernel}>(x, point, value, rows, {weights}, {Memory.ScratchSize}, {Rows});");
            to.Line("return true;");
        });
    }

    private void WriteBackward(SourceWriter to)
    {
        to.Summary($"A walk back by {Program.Method} from an output to the inputs, in one launch an answer; false of any other.");
        to.Block($"private bool {Program.Method}AtOnce(in Gpu.BackwardArguments arguments)", () =>
        {
            to.Line("var start = arguments.From switch").Line("{");
            to.Indented(() =>
            {
                foreach (var start in plan.Starts)
                    to.Line($"{Constants(start.Points)} => {Index(start)},");
                to.Line("_ => -1,");
            });
            to.Line("};");
            to.Line("if (start < 0 || !Gpu.Whole.Goes(in arguments))").Line("    return false;");
            to.Statement($"{weights} ??= Gpu.Whole.Join({Parts});");
            to.Statement($"Gpu.Whole.Backward<{kernel}>(in arguments, start, {Program.KeptSize}, {weights}, {Memory.ScratchSize}, "
                + $"{Rows});");
            to.Line("return true;");
        });
    }

    private string Constants(IEnumerable<int> points) => string.Join(" or ", points.Select(point => compiled.Points[point]));

    private void WriteKernel(SourceWriter to)
    {
        WriteNumbers(to);
        to.Block($"private readonly struct {kernel} : Gpu.IWholeKernel", () =>
            to.Block("public static void Run(Gpu.WholeArguments p)", () =>
            {
                var body = new SourceWriter(to);
                // So many rows have a group of their own where that costs no device memory.
                if (Memory.ScratchSize == 0)
                    WriteRows(body);
                else
                    body.Block($"for (var first = {First}; first < p.Pairs; first += Gpu.ThisGroup.Count * {Rows})", () =>
                    {
                        WriteRows(body);
                        body.Line("Gpu.ThisGroup.Barrier();");
                    });
                WriteLocals(to);
                if (Memory.ScratchSize == 0)
                    to.Line($"var first = {First};");
                to.Append(body);
            }));
    }

    private string First => $"Gpu.ThisGroup.Index * {Rows}";

    private void WriteNumbers(SourceWriter to)
    {
        static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
        to.Comment($"A group of {Threads} threads goes through {Rows} rows at a time: the {Count(Memory.StepSize)} floats that a row needs "
            + $"at most lie in {(Memory.AreStepsShared ? "shared" : "device")} memory.");
        to.Comment($"Multiply-adds: {Count(plan.Products)} a row. Device memory: {Count(4 * plan.Weights)} bytes of weights.");
        to.Comment($"Shared memory: {Count(4L * Memory.SharedSize)} bytes. {LiveFloats} floats live in a thread.");
    }

    private void WriteRows(SourceWriter to)
    {
        WriteLoads(to);
        Declare(to, plan.Forward.Concat(plan.Back).Select(each => each.Step), inSteps: true);
        WriteSteps(to, plan.Forward);
        to.Line();
        foreach (var point in plan.Points)
        {
            WaitToRead(to, point.Value);
            to.Line($"if (p.Reads == {compiled.Points[point.Index]})");
            to.Line($"    {Out(point.Value, "p.Values", $"{point.Value.Size}", 0)}");
        }
        if (IsBack)
        {
            WriteSteps(to, plan.Back);
            to.Line();
            WriteResults(to);
        }
        else
        {
            WriteOutputs(to);
        }
    }

    private void WriteLoads(SourceWriter to)
    {
        Declare(to, plan.Loaded);
        foreach (var value in plan.Loaded)
        {
            var (from, row) = value.Storage == Storage.Input ? ("p.X", "InputSize") : ("p.References", "p.ReferenceRow");
            to.Line($"Gpu.GroupRows.Load({Name(value)}, {from}, first, {row}, {value.Offset}, {value.Size}, p.Pairs);");
        }
        if (IsBack)
            to.Line($"var seed = {Steps(plan.Seed * Rows, 0)};")
                .Line("Gpu.GroupRows.Load(seed, p.Seed, first, p.SeedRow, 0, p.SeedSize, p.Pairs);");
        to.Line("Gpu.ThisGroup.Barrier();");
        HaveWaited();
    }

    private void WriteOutputs(SourceWriter to)
    {
        var (row, offset) = (Program.Outputs.Sum(output => output.Size), 0);
        foreach (var output in Program.Outputs)
        {
            WaitToRead(to, output);
            to.Line("if (p.Reads < 0)");
            to.Line($"    {Out(output, "p.Values", $"{row}", offset)}");
            offset += output.Size;
        }
    }

    private void WriteResults(SourceWriter to)
    {
        var offset = 0;
        for (var i = 0; i < Program.Results.Count; i++)
        {
            var size = compiled.InputSizes[i];
            var result = Program.Results[i];
            if (result is { } both)
            {
                WaitToRead(to, both.Positive);
                WaitToRead(to, both.Negative);
            }
            to.Line(result is { } pair ? Out(pair.Positive, "p.Multipliers", "InputSize", offset) : None("p.Multipliers", offset, size));
            to.Line("if (p.HasNegatives != 0)");
            to.Line("    " + (result is { } parts ? Out(parts.Negative, "p.Negatives", "InputSize", offset)
                : None("p.Negatives", offset, size)));
            offset += size;
        }
    }

    private string Out(PlannedValue value, string where, string row, int offset) =>
        $"Gpu.GroupRows.Out({Name(value)}, {where}, first, {row}, {offset}, {value.Size}, {value.Channels}, p.Pairs);";

    private string None(string where, int offset, int size) =>
        $"Gpu.GroupRows.None({where}, first, {Rows}, InputSize, {offset}, {size}, p.Pairs);";
}
