using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Plain;

/// <summary>A plan's programs, each as one method.</summary>
internal sealed class PlainWriter(SourceWriter to, Plan.Plan plan, PlainLoops loops, CompiledClass compiled)
{
    private const string Read = "ReadOnlySpan<float>";
    private readonly HashSet<PlannedValue> declared = [];

    public void WriteForward()
    {
        to.Block($"private void Forward({Read} x, int point, Span<float> value, int rows, FirstSeen? probe)", () =>
        {
            ReadForward(-1);
            for (var i = 0; i < plan.Run.Steps.Count; i++)
            {
                Run(plan.Run.Steps[i], "x");
                See(plan.Run.Steps[i]);
                ReadForward(i);
            }
            var (offset, row) = (0, plan.Outputs.Sum(output => output.Size));
            to.Line("if (point >= 0)").Line("    return;");
            foreach (var output in plan.Outputs)
            {
                Out(output, "value", offset, row, "x");
                offset += output.Size;
            }
        });
        loops.WriteFunctions();
    }

    public void WriteBackward()
    {
        if (plan.Keep is { } keep)
            WriteKeep($"{plan.Method}Keep({Read} reference, Span<float> kept, int rows)", keep);
        WriteSteps();
        loops.WriteFunctions();
    }

    public void WritePath()
    {
        WriteKeep($"{plan.Method}Begin({Read} x, {Read} reference, Span<float> kept, int rows)", plan.Keep!);
        WriteSteps();
        declared.Clear();
        to.Line().Block($"public void {plan.Method}End(ReadOnlySpan<double> sums, {Read} kept, Span<float> multipliers, int rows)", () =>
        {
            if (ReadsKept(plan.End!) || plan.Results.Any(result => result?.Positive.Storage == Storage.Kept))
                to.Line($"const int keptRow = {plan.KeptSize};");
            foreach (var step in plan.End!.Steps)
                Run(step, "x");
            var offset = 0;
            for (var i = 0; i < plan.Results.Count; i++)
            {
                if (plan.Results[i] is { } result)
                    Out(result.Positive, "multipliers", offset, compiled.InputSizes.Sum(), "x");
                else
                    to.Line($"Kernels.Points.Clear(multipliers, {offset}, InputSize, rows, {compiled.InputSizes[i]});");
                offset += compiled.InputSizes[i];
            }
        });
        loops.WriteFunctions();
    }

    private void WriteKeep(string header, Program keep)
    {
        declared.Clear();
        to.Block($"public void {header}", () =>
        {
            foreach (var step in keep.Steps)
                Run(step, "x");
            foreach (var (computed, offset, _) in plan.Kept)
            {
                Declare(computed, "x");
                var stride = computed.Storage is Storage.Input or Storage.Reference ? "InputSize" : $"{computed.Size}";
                to.Line($"Kernels.Points.Out(new Kernels.Operand({computed.Name}, {stride}), kept, {offset}, {plan.KeptSize}, rows, "
                    + $"{computed.Size}, 1);");
            }
        });
        to.Line();
    }

    // Every answer on its own, the forward pass too.
    private void WriteSteps()
    {
        declared.Clear();
        to.Block($"public void {plan.Method}(in BackwardArguments<float> arguments)", () =>
            to.Line("for (var answer_ = 0; answer_ < arguments.Answers; answer_++)")
                .Line($"    {plan.Method}Once(arguments.Of(answer_));"));
        to.Line().Block($"private void {plan.Method}Once(BackwardArguments<float> arguments)", () =>
        {
            to.Line("var rows = arguments.Rows;");
            if (ReadsKept(plan.Run))
                to.Line(plan.End is null ? $"var keptRow = arguments.ReferenceRows == 1 ? 0 : {plan.KeptSize};" : "const int keptRow = 0;");
            var steps = plan.Run.Steps;
            // What a backward pass may leave out is declared before.
            foreach (var value in steps.SelectMany(step => step.From.Append(step.To)))
                Declare(value, "arguments.X", "arguments.Kept");
            for (var i = 0; i < steps.Count; i++)
            {
                if (steps[i].Guard.Kind == GuardKind.Always && steps[i] is not SeedStep)
                    Run(steps[i], "arguments.X");
                if (steps[i].Guard.Kind == GuardKind.Always)
                    Visit(i);
            }
            foreach (var parts in steps.Where(step => step.Guard.Kind == GuardKind.Deltas).GroupBy(step => step.Guard.Index))
                to.Block($"if (arguments.To is {PointsOfParts(parts.Key)})", () =>
                    parts.ToList().ForEach(step => Run(step, "arguments.X")));
            WriteBack();
        });
    }

    private void WriteBack()
    {
        foreach (var point in plan.Points.Where(point => point.Multipliers is null))
            to.Block($"if (arguments.To is {compiled.Points[point.Index]})", () =>
                to.Line($"Kernels.Points.None(in arguments, {point.Value.Size});").Line("return;"));
        to.Line("var started = false;");
        for (var i = 0; i < plan.Stops.Count; i++)
            WriteStop(i);
        if (plan.End is null)
            WriteResults();
        foreach (var (value, offset) in plan.Sums)
        {
            to.Line("for (var (at_, row_) = (0, 0); at_ < arguments.Weights.Length; at_++, row_ = at_ % rows)");
            to.Line($"for (var i_ = 0; arguments.Weights[at_] != 0 && i_ < {value.Size}; i_++)");
            to.Line($"    arguments.Sums[at_ / rows * arguments.SumStride + {offset} + i_] += arguments.Weights[at_] * "
                + $"{loops.At(value, "i_")};");
        }
    }

    private void WriteStop(int index)
    {
        var points = plan.Stops[index].Points;
        var which = string.Join(" or ", points.Select(point => compiled.Points[point]));
        foreach (var seed in plan.Run.Steps.OfType<SeedStep>().Where(step => step.Guard.Index == index))
        {
            if (seed.Coming is { } coming && coming != seed.To)
                to.Line($"{coming.Name}.CopyTo({seed.To.Name}, 0);");
            foreach (var point in seed.Points)
                to.Line($"Kernels.Points.Seed(in arguments, {compiled.Points[point]}, {seed.To.Name}, {seed.To.Size}, "
                    + $"{seed.To.Channels});");
        }
        var (positive, negative) = plan.Points.First(point => point.Index == points[0]).Multipliers!.Value;
        to.Block($"if (arguments.To is {which})", () =>
            to.Line($"Kernels.Points.End(in arguments, {positive.Name}, {negative.Name}, {positive.Size}, {positive.Channels});")
                .Line("return;"));
        to.Line($"started |= arguments.From is {which};");
        to.Block("if (started)", () =>
        {
            foreach (var step in plan.Run.Steps)
            {
                if (step.Guard.Kind == GuardKind.Section && step.Guard.Index == index && step is not SeedStep)
                    Run(step, "arguments.X");
            }
        });
    }

    private static bool ReadsKept(Program program) => program.Steps.Any(step => step.From.Any(value => value.Storage == Storage.Kept));

    private void WriteResults()
    {
        var offset = 0;
        for (var i = 0; i < plan.Results.Count; i++)
        {
            var size = compiled.InputSizes[i];
            to.Line(plan.Results[i] is { } pair
                ? $"Kernels.Points.End(in arguments, {pair.Positive.Name}, {pair.Negative.Name}, {offset}, InputSize, {size}, "
                    + $"{pair.Positive.Channels});"
                : $"Kernels.Points.None(in arguments, {offset}, InputSize, {size});");
            offset += size;
        }
    }

    private string PointsOfParts(int first) => string.Join(" or ", plan.Points
        .Where(point => point.Deltas == plan.Points[first].Deltas).Select(point => compiled.Points[point.Index]));

    private void Run(Step step, string input)
    {
        if (step is ReadyMark)
            return;
        if (step is DeltaMark mark)
        {
            to.Line($"Kernels.Points.Deltas(in arguments, {mark.To.Name}, {mark.From[0].Name}, {mark.To.Size}, {mark.To.Channels});");
            return;
        }
        foreach (var value in step.From.Append(step.To))
            Declare(value, input);
        loops.Write(step);
    }

    private void See(Step step)
    {
        if (step.Named is { } named)
            to.Line($"probe?.See({step.To.Name}, {SourceWriter.Quoted(named)}, {step.To.Channels}, "
                + $"[{string.Join(", ", step.To.Shape.ToArray())}]);");
    }

    private void ReadForward(int ready)
    {
        foreach (var point in plan.Points.Where(point => point.Ready == ready))
        {
            Declare(point.Value, "x");
            to.Block($"if (point is {compiled.Points[point.Index]})", () => Out(point.Value, "value", 0, point.Value.Size, "x"));
        }
    }

    private void Visit(int ready)
    {
        foreach (var point in plan.Points.Where(point => point.Ready == ready && point.Value.Storage == Storage.Arena))
            to.Line($"Kernels.Points.Visit(in arguments, {compiled.Points[point.Index]}, {point.Value.Name}, {point.Value.Size}, "
                + $"{point.Value.Channels});");
    }

    private void Out(PlannedValue value, string into, int offset, int row, string input)
    {
        Declare(value, input);
        var stride = value.Storage switch
        {
            Storage.Input or Storage.Reference => "InputSize",
            Storage.Kept => "keptRow",
            _ => $"{value.Size}",
        };
        to.Line($"Kernels.Points.Out(new Kernels.Operand({value.Name}, {stride}), {into}, {offset}, {row}, rows, {value.Size}, "
            + $"{value.Channels});");
    }

    private void Declare(PlannedValue value, string input, string kept = "kept")
    {
        if (value.Storage == Storage.Constant || !declared.Add(value))
            return;
        to.Line($"var {value.Name} = " + value.Storage switch
        {
            Storage.Input => $"{input}[{value.Offset}..];",
            Storage.Reference => $"reference[{value.Offset}..];",
            Storage.Kept => $"{kept}[{value.Offset}..];",
            _ => $"new float[rows * {value.Size}]; // {value.Shape}",
        });
    }
}
