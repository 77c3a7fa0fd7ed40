using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>
/// Writes a plan's programs as methods: the steps in parts short enough for the JIT to compile well, each with its buffers in sight
/// and a comment a step.
/// </summary>
internal sealed partial class ProgramWriter(Plan.Plan plan, KernelCalls calls, string prefix, IReadOnlyList<string> names, Dialect dialect)
{
    // A loop in a method of tens of kilobytes of IL runs at half speed; a part of this many steps stays far below.
    private const int StepsInPart = 16;

    private readonly List<(string Name, Chunk Chunk, Frame Frame)> parts = [];
    private readonly Lazy<Causes> causes = new(() => new(plan.Run));

    /// <summary>What a part is given: its parameters, how it is called with them, and what a step is followed by.</summary>
    private sealed record Frame(string Parameters, string Arguments, string Input, bool IsBackward, bool ReadsPoint, bool GoesBack = false)
    {
        /// <summary>What was kept.</summary>
        public string Kept => IsBackward ? "arguments.Kept" : "kept";

        /// <summary>Whether each value is shown to a probe.</summary>
        public bool IsProbed { get; init; }

        /// <summary>Whether its text is compared with that of others, so that what is at 0 is said like what is elsewhere.</summary>
        public bool IsShared { get; init; }

        /// <summary>What is written out at once.</summary>
        public string Written { get; init; } = "";

        /// <summary>The same in every step of a scan.</summary>
        public Frame InScan => this with { Parameters = Parameters + ", int step", Arguments = Arguments + ", step" };
    }

    private string Asked => $"{dialect.ReadOnlyValues} x, int point, {dialect.Values} value, int rows";

    private Frame Forwards => new($"{Asked}, {dialect.Values} arena", "x, point, value, rows, arena", "x", false, true);

    private string Probed => $"{Asked}, {dialect.Kernels}.FaultProbe probe";

    private Frame Probes =>
        new($"{Probed}, {dialect.Values} arena", "x, point, value, rows, probe, arena", "x", false, true) { IsProbed = true };

    private Frame Keeps => new(
        $"{dialect.ReadOnlyValues} reference, int rows, {dialect.Values} arena{Written("kept")}",
        $"reference, rows, arena{Writes("kept")}", "", false, false) { Written = "kept" };

    // Where products write at once what is read out, the parts are given it.
    private string Written(string to) => dialect.HasEpilogueStructs ? $", {dialect.Values} {to}" : "";

    private string Writes(string to) => dialect.HasEpilogueStructs ? $", {to}" : "";

    private Frame Backward =>
        new($"in {dialect.Arguments} arguments, {dialect.Values} arena", "in arguments, arena", "arguments.X", true, false);

    private Frame Backs => new(
        $"in {dialect.Arguments} arguments, {dialect.Values} arena, {dialect.Values} back", "in arguments, arena, back", "arguments.X",
        true,
        false, true);

    /// <summary>The forward pass: Forward.</summary>
    public void WriteForward(SourceWriter to) => WriteShared(to, WriteWholeForward);

    private void WriteWholeForward(SourceWriter to)
    {
        to.Summary("The forward pass; reads out one point, or all outputs if point is negative.");
        var rest = WriteForward(to, $"public {dialect.Overrides}void Forward({Asked})", Forwards);
        if (Local is not null)
            WriteLocal(to, Local, rest);
    }

    /// <summary>The forward pass, planned with each operator by itself, which shows a probe what each makes: Probed.</summary>
    public void WriteProbed(SourceWriter to) => WriteShared(to, WriteWholeProbed);

    private void WriteWholeProbed(SourceWriter to)
    {
        to.Summary("The forward pass with each operator by itself: run only to say why an answer is not finite.");
        WriteForward(to, $"private void Probed({Probed})", Probes);
        to.Line();
        WriteStepsOf(to);
    }

    // Gives back the calls from the cut on, where there is one.
    private IReadOnlyList<string> WriteForward(SourceWriter to, string header, Frame frame)
    {
        List<string> rest = [];
        to.Block(header, () =>
        {
            var (steps, cut) = (Indexed(plan.Run), Local?.Cut ?? plan.Run.Steps.Count);
            WriteArena(to, plan.Run);
            WriteCalls(to, steps.Take(cut).ToList(), prefix, frame);
            rest = Calls(steps.Skip(cut).ToList(), prefix + "Rest", frame);
            foreach (var call in rest)
                to.Line(call);
            ReadInputPoints(to, frame);
        });
        WriteParts(to);
        return rest;
    }

    /// <summary>The steps that a probe is told of, by what they make.</summary>
    private void WriteStepsOf(SourceWriter to)
    {
        to.Summary("The numbers of the steps that make a point, or the outputs.");
        to.Line("private static ReadOnlySpan<int> StepsOf(int point) => point switch").Line("{");
        foreach (var points in plan.Points
            .Where(point => names[point.Index] is not null)
            .GroupBy(point => Numbers(causes.Value.Behind(point.Value))))
            to.Line($"    {Constants(points.Select(point => point.Index))} => {points.Key},");
        to.Line($"    _ => {Numbers(plan.Outputs.SelectMany(causes.Value.Behind).Distinct())},").Line("};");
    }

    private static string Numbers(IEnumerable<int> numbers) => $"[{string.Join(", ", numbers)}]";

    /// <summary>The reference's forward pass and the backward pass: the method's own name, and "Keep" before it.</summary>
    public void WriteBackward(SourceWriter to) => WriteShared(to, WriteWholeBackward);

    private void WriteWholeBackward(SourceWriter to)
    {
        if (plan.Keep is { } keep)
            WriteKeep(to, keep);
        to.Summary(
            $"Walks back by {plan.Method}: the forward pass, then each answer's multipliers from arguments.From down to arguments.To.");
        WriteBackwardOf(to);
        WriteParts(to);
    }

    private void WriteBackwardOf(SourceWriter to)
    {
        to.Block($"public {Overrides}void {prefix}(in {dialect.Arguments} arguments)", () =>
        {
            to.Line("var rows = arguments.Rows;");
            WriteShiftedArena(to);
            WriteForwardHalf(to);
            to.Line("for (var answer = 0; answer < arguments.Answers; answer++)");
            to.Line($"    {prefix}Back(arguments.Of(answer), arena, arena[shift..]);");
        });
        to.Line();
        to.Block($"private void {prefix}Back({Backs.Parameters})", () => WriteBackwardHalf(to));
    }

    private void WriteShiftedArena(SourceWriter to)
    {
        if (plan.Run.Shift > 0)
            to.Line("// Where several answers go back, none may write over what the next reads of the forward pass.");
        to.Line(plan.Run.Shift > 0 ? $"var shift = arguments.Answers > 1 ? rows * {plan.Run.Shift} : 0;" : "const int shift = 0;");
        to.Line($"using var scratch = {dialect.Kernels}.Scratch.Rent(rows * {plan.Run.ArenaSize} + shift);")
            .Line("var arena = scratch.Span;");
    }

    // Of a path, whose programs the device's class calls itself.
    private string Overrides => plan.End is null ? "" : dialect.Overrides;

    private static IReadOnlyList<(Step, int)> Indexed(Program program) => program.Steps.Select((step, i) => (step, i)).ToList();

    private void WriteArena(SourceWriter to, Program program) =>
        to.Line($"using var scratch = {dialect.Kernels}.Scratch.Rent(rows * {program.ArenaSize});").Line("var arena = scratch.Span;");

    private void WriteKeep(SourceWriter to, Program keep)
    {
        to.Summary($"The reference's forward pass: what backward passes by {plan.Method} need of it.");
        to.Block($"public void {prefix}Keep({dialect.ReadOnlyValues} reference, {dialect.Values} kept, int rows)", () =>
            WriteKeeping(to, keep, prefix + "Keep", Keeps));
        to.Line();
    }

    private void WriteKeeping(SourceWriter to, Program keep, string name, Frame frame)
    {
        WriteArena(to, keep);
        WriteCalls(to, Indexed(keep), name, frame);
        WriteKept(to, plan.Kept.Where(pair => !pair.Computed.Moves && pair.Computed.Storage != Storage.Written).ToList(), frame);
        foreach (var scan in plan.Kept.Where(pair => pair.Computed.Moves).GroupBy(pair => pair.Steps))
            to.Block($"for (var step = 0; step < {scan.Key}; step++)", () => WriteKept(to, scan.ToList(), frame));
    }

    private void WriteKept(SourceWriter to, IReadOnlyList<KeptValue> kept, Frame frame)
    {
        if (IsLong && kept.All(pair => pair.Computed is { Storage: Storage.Arena, Moves: false }))
        {
            WriteKeptList(to, kept);
            return;
        }
        Declare(to, kept.Select(pair => pair.Computed), frame);
        foreach (var (computed, offset, _) in kept)
            to.Line(
                $"{dialect.Kernels}.Points.Out({Operand(computed)}, kept, {(computed.Moves ? Slot(offset, computed.Size) : $"{offset}")}, "
                    + $"{plan.KeptSize}, rows, {computed.Size}, 1);");
    }

    // Where there are many, where they lie is a list.
    private void WriteKeptList(SourceWriter to, IReadOnlyList<KeptValue> kept)
    {
        to.Comment("Where each lies in the arena and in what is kept, and its size");
        to.Line("ReadOnlySpan<int> values =").Line("[");
        to.Indented(() =>
        {
            foreach (var (computed, offset, _) in kept)
                to.Line($"{computed.Offset}, {offset}, {computed.Size}, // {computed.Name} {computed.Shape}");
        });
        to.Line("];");
        to.Line($"{dialect.Kernels}.Points.Keep(values, arena, kept, {plan.KeptSize}, rows);");
    }

    private void WriteForwardHalf(SourceWriter to)
    {
        var steps = Indexed(plan.Run).Where(pair => pair.Item1.Guard.Kind != GuardKind.Section && pair.Item1 is not SeedStep).ToList();
        ReadPoints(to, -1, Backward);
        var always = steps.Where(pair => pair.Item1.Guard.Kind == GuardKind.Always).ToList();
        var read = dialect.HasEpilogueStructs ? Placing.NeededBack(plan, always) : always.Count;
        WriteForwardRuns(to, always.Take(read).ToList());
        WriteReadOut(to, always.Skip(read).ToList());
        foreach (var group in steps.Where(pair => pair.Item1.Guard.Kind == GuardKind.Deltas).GroupBy(pair => pair.Item1.Guard.Index))
            to.Branch($"if (arguments.To is {PointsOfParts(group.Key)})",
                Calls(group.ToList(), $"{prefix}PartsOf{names[group.Key]}", Backward));
    }

    // What only a value is made of that is read out.
    private void WriteReadOut(SourceWriter to, IReadOnlyList<(Step Step, int Index)> steps)
    {
        var points = plan.Points.Where(point => steps.Any(pair => pair.Index == point.Ready)).Select(point => names[point.Index]).ToList();
        if (points.Count == 0)
            return;
        to.Branch($"if ({string.Join(" || ", points.Select(point => $"arguments.Reads({point})"))})",
            Calls(steps, prefix + "Outputs", Backward));
    }

    // Only the gradient is asked for between values of a layer.
    private void WriteForwardRuns(SourceWriter to, IReadOnlyList<(Step, int)> steps)
    {
        if (plan.Method != "Gradient" || Placing.Runs(plan, steps) is not { Count: > 1 } runs)
        {
            WriteCalls(to, steps, prefix + "Forward", Backward);
            return;
        }
        to.Line("// A pass that is given a layer's value and ends there needs nothing of what is only below it.");
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            var name = run.Ready.Count > 0 ? $"UpTo{names[run.Ready[0].Index]}" : i == runs.Count - 1 ? "Forward" : $"Forward{i + 1}";
            var calls = Calls(run.Steps, prefix + name, Backward);
            if (run.Points.Count == 0)
            {
                foreach (var call in calls)
                    to.Line(call);
                continue;
            }
            var points = run.Points.Count == 1 ? Constants(run.Points) : $"({Constants(run.Points)})";
            to.Branch($"if (arguments.StandsAt is not {points})", calls);
            Declare(to, run.Ready.Select(point => point.Value), Backward);
            foreach (var point in run.Ready)
            {
                to.Line($"if (arguments.StandsAt is {names[point.Index]})");
                to.Line($"    {dialect.Kernels}.Points.Visit(in arguments, {names[point.Index]}, {point.Value.Name}, {point.Value.Size}, "
                    + $"{point.Value.Channels});");
            }
        }
    }

    private void WriteBackwardHalf(SourceWriter to)
    {
        to.Line("var rows = arguments.Rows;");
        foreach (var points in plan.Points.Where(point => point.Multipliers is null).GroupBy(point => point.Value.Size))
        {
            to.Line().Line($"// {string.Join(", ", points.Select(point => point.Value.Name).Distinct())}: no input moves it");
            to.Block($"if (arguments.To is {Constants(points.Select(point => point.Index))})",
                () => to.Line($"{dialect.Kernels}.Points.None(in arguments, {points.Key});").Line("return;"));
        }
        if (plan.Run.Steps.Any(step => step.Guard.Kind == GuardKind.Section))
            to.Line("var started = false;");
        Declare(to, Shown(), Backs);
        for (var i = 0; i < plan.Stops.Count; i++)
            WriteStop(to, i);
        if (plan.End is null)
            WriteResults(to);
        else
            WriteSums(to);
    }

    private string PointsOfParts(int first) =>
        Constants(plan.Points.Where(point => point.Deltas == plan.Points[first].Deltas).Select(point => point.Index));

    private string Constants(IEnumerable<int> points) => string.Join(" or ", points.Select(point => names[point]));

    /// <summary>The values that the backward pass itself touches, between the parts that compute them.</summary>
    private IEnumerable<PlannedValue> Shown() =>
        plan.Run.Steps.OfType<SeedStep>().SelectMany(step => step.From.Append(step.To))
            .Concat(plan.Cleared.Select(cleared => cleared.Value));

    private void WriteStop(SourceWriter to, int index)
    {
        var stop = plan.Stops[index];
        var all = Indexed(plan.Run);
        var which = Constants(stop.Points);
        to.Line().Line($"// {string.Join(", ", stop.Points.Select(PointName).Distinct())}");
        var seeds = all.Select(pair => pair.Item1).OfType<SeedStep>().Where(seed => seed.Guard.Index == index).ToList();
        WriteSeeds(to, seeds.Where(seed => !seed.IsTakenIn));
        var (positive, negative) = At(stop.Points[0]).Multipliers!.Value;
        to.Block($"if (arguments.To is {which})", () =>
        {
            WriteSeeds(to, seeds.Where(seed => seed.IsTakenIn));
            to.Line($"{dialect.Kernels}.Points.End(in arguments, {positive.Name}, {negative.Name}, {positive.Size}, {positive.Channels});");
            to.Line("return;");
        });
        if (plan.Run.Steps.Any(step => step.Guard.Kind == GuardKind.Section))
            to.Line($"started |= arguments.From is {which};");
        var section = all.Where(pair => pair.Item1.Guard.Kind == GuardKind.Section && pair.Item1.Guard.Index == index).ToList();
        if (section.Count == 0)
            return;
        var cleared = plan.Cleared.Where(value => value.Section == index).ToList();
        to.Branch("if (started)", Calls(section, $"{prefix}Below{names[stop.Points[0]]}", Backs));
        if (cleared.Count > 0)
            to.Branch("else", cleared.Select(value => $"{value.Value.Name}.Clear();").ToList());
    }

    private void WriteSeeds(SourceWriter to, IEnumerable<SeedStep> seeds)
    {
        foreach (var seed in seeds)
        {
            if (seed.Coming is null)
                to.Line($"{seed.To.Name}.Clear();");
            else if (seed.Coming != seed.To)
                to.Line($"{seed.Coming.Name}.CopyTo({seed.To.Name});");
            foreach (var point in seed.Points)
                to.Line(
                    $"{dialect.Kernels}.Points.Seed(in arguments, {names[point]}, {seed.To.Name}, {seed.To.Size}, {seed.To.Channels});");
        }
    }

    private string PointName(int point) => At(point).Value.Name;

    private PlannedPoint At(int point) => plan.Points.First(planned => planned.Index == point);

    private void WriteResults(SourceWriter to)
    {
        to.Line().Line("// The inputs");
        Declare(to, plan.Results.SelectMany(result => result is { } pair ? new[] { pair.Positive, pair.Negative } : []).Except(Shown()),
            Backs);
        var offset = 0;
        for (var i = 0; i < plan.Results.Count; i++)
        {
            var size = InputSizes[i];
            to.Line(plan.Results[i] is { } pair
                ? $"{dialect.Kernels}.Points.End(in arguments, {pair.Positive.Name}, {pair.Negative.Name}, {offset}, InputSize, {size}, "
                    + $"{pair.Positive.Channels});"
                : $"{dialect.Kernels}.Points.None(in arguments, {offset}, InputSize, {size});");
            offset += size;
        }
    }

    /// <summary>The inputs' sizes, in order.</summary>
    public required IReadOnlyList<int> InputSizes { get; init; }

    private void ReadInputPoints(SourceWriter to, Frame frame)
    {
        ReadPoints(to, -1, frame);
        Declare(to, plan.Outputs, frame);
        ReadOutputs(to);
    }

    private void ReadOutputs(SourceWriter to)
    {
        var offset = 0;
        var row = plan.Outputs.Sum(output => output.Size);
        var reads = new List<string>();
        foreach (var output in plan.Outputs)
        {
            reads.Add($"{dialect.Kernels}.Points.Out({Operand(output)}, value, {offset}, {row}, rows, {output.Size}, {output.Channels});");
            offset += output.Size;
        }
        to.Branch("if (point < 0)", reads);
    }

    private void WriteCalls(SourceWriter to, IReadOnlyList<(Step Step, int Index)> steps, string name, Frame frame)
    {
        foreach (var call in Calls(steps, name, frame))
            to.Line(call);
    }

    /// <summary>The calls of the parts that these steps make, which are written later.</summary>
    private List<string> Calls(IReadOnlyList<(Step Step, int Index)> steps, string name, Frame frame)
    {
        met?.Add((steps, frame));
        var calls = new List<string>();
        var chunks = chunked?.Dequeue().ToList() ?? Chunks(steps).Select(chunk => new Chunk(chunk)).ToList();
        var several = chunks.Count(chunk => ScanOf(chunk) is null) > 1;
        var (scans, plain) = (0, 0);
        while (chunks.Count > 0)
        {
            if (ScanOf(chunks[0]) is not { } scan)
            {
                var isNew = chunks[0].Shared?.Name is null;
                var own = !isNew ? "" : several ? $"{name}Steps{++plain}" : name + "Steps";
                calls.AddRange(chunks[0].Shared is null ? [Part(own, chunks[0], frame)] : Call(chunks[0], own, frame));
                chunks.RemoveAt(0);
                continue;
            }
            WriteScan(calls, chunks, scan, $"{name}Scan{++scans}", frame);
        }
        return calls;
    }

    private static Scan? ScanOf(Chunk chunk) => chunk.Steps[0].Step.Scan;

    private void WriteScan(List<string> calls, List<Chunk> chunks, Scan scan, string name, Frame frame)
    {
        var together = chunks.TakeWhile(chunk => ScanOf(chunk) == scan).ToList();
        chunks.RemoveRange(0, together.Count);
        calls.Add(scan.Reversed
            ? $"for (var step = {scan.Steps - 1}; step >= 0; step--)"
            : $"for (var step = 0; step < {scan.Steps}; step++)");
        calls.Add("{");
        calls.AddRange(
            together.Select((chunk, i) => "    " + Part(together.Count == 1 ? name : $"{name}Steps{i + 1}", chunk, frame.InScan)));
        calls.Add("}");
    }

    /// <summary>What goes into one part: so many steps, all of one scan or of none.</summary>
    private static IEnumerable<List<(Step Step, int Index)>> Chunks(IReadOnlyList<(Step Step, int Index)> steps)
    {
        var chunk = new List<(Step Step, int Index)>();
        foreach (var pair in steps)
        {
            if (chunk.Count == StepsInPart || chunk.Count > 0 && chunk[0].Step.Scan != pair.Step.Scan)
            {
                yield return chunk;
                chunk = [];
            }
            chunk.Add(pair);
        }
        if (chunk.Count > 0)
            yield return chunk;
    }

    private string Part(string name, Chunk chunk, Frame frame)
    {
        parts.Add((name, chunk, frame));
        return $"{name}({frame.Arguments});";
    }

    private void WriteParts(SourceWriter to)
    {
        if (met is not null)
            parts.Clear();
        foreach (var (name, chunk, frame) in parts)
        {
            to.Line();
            if (chunk.Shared is { } shared)
                WriteSharedPart(to, shared, name, frame);
            else
                to.Block($"private void {name}({frame.Parameters})", () => WritePart(to, chunk.Steps, frame));
        }
        parts.Clear();
    }

    private void WritePart(SourceWriter to, IReadOnlyList<(Step Step, int Index)> steps, Frame frame)
    {
        if (frame.IsBackward)
            to.Line("var rows = arguments.Rows;");
        if (steps.Any(pair => pair.Step.From.Any(value => value.Storage == Storage.Kept)))
            to.Line(KeptRow(frame));
        var points = frame.IsBackward || frame.ReadsPoint
            ? plan.Points.Where(point => steps.Any(pair => pair.Index == point.Ready)).Select(point => point.Value)
            : [];
        Declare(to, steps.SelectMany(pair => pair.Step.From.Append(pair.Step.To)).Concat(points), frame);
        foreach (var (step, index) in steps)
            WriteStep(to, step, index, frame);
    }

    private void WriteStep(SourceWriter to, Step step, int index, Frame frame)
    {
        if (step is DeltaMark mark)
        {
            to.Line().Line($"{dialect.Kernels}.Points.Deltas(in arguments, {mark.To.Name}, {mark.From[0].Name}, {mark.To.Size}, "
                + $"{mark.To.Channels});");
            return;
        }
        if (step is ReadyMark)
        {
            ReadPoints(to, index, frame);
            return;
        }
        WriteComments(to.Line(), step);
        calls.Write(to, step);
        if (frame.IsProbed && step.Named is { } named)
            WriteProbe(to, step, index, named);
        if (step.Guard.Kind == GuardKind.Always && step.Scan is null)
            ReadPoints(to, index, frame);
    }

    private void WriteComments(SourceWriter to, Step step)
    {
        foreach (var (text, shape) in Texts(step))
            to.Comment(text, shape);
        if (dialect.Cost(step) is { } cost)
            to.Comment(cost);
    }

    private static IEnumerable<(string Text, string Shape)> Texts(Step step) => step switch
    {
        FusedStep fused => fused.Comments,
        TwiceStep twice => [.. twice.First.Comments, .. twice.Second.Comments],
        MapStep map => [.. map.Taken, (map.Comment, map.To.Shape.ToString())],
        PairStep pair => [.. pair.Taken, .. Texts(pair.First), .. Texts(pair.Second)],
        _ => [(step.Comment, step.To.Shape.ToString())],
    };

    private void WriteProbe(SourceWriter to, Step step, int index, string named)
    {
        to.Line($"probe.See({step.To.Name}, {SourceWriter.Quoted(named)}, {step.To.Channels}, {Numbers(step.To.Shape.ToArray())}, {index}, "
            + $"{Numbers(causes.Value.Of(index))});");
        if (!step.IsSteep || step is not MapStep { Expr: Apply { Function: var function } })
            return;
        var only = step.SteepAtZeroOnly is { } points ? $", [{string.Join(", ", points.Select(point => names[point]))}]" : "";
        to.Line($"probe.Slopes({ExpressionText.New(function)}, {step.From[0].Name}, {step.To.Name}, {step.To.Channels}{only});");
    }

    private void ReadPoints(SourceWriter to, int ready, Frame frame)
    {
        if (!frame.IsBackward && !frame.ReadsPoint)
            return;
        foreach (var points in plan.Points.Where(point => point.Ready == ready).GroupBy(point => point.Value))
        {
            var value = points.Key;
            if (ready < 0)
                Declare(to, [value], frame);
            if (!frame.IsBackward)
                to.Line($"if (point is {Constants(points.Select(point => point.Index))})")
                    .Line(frame.IsProbed && value.Storage == Storage.Arena
                        ? $"    probe.Reach({value.Name}, value, rows, {value.Size}, {value.Channels});"
                        : $"    {dialect.Kernels}.Points.Out({Operand(value)}, value, 0, {value.Size}, rows, {value.Size}, "
                            + $"{value.Channels});");
            else if (value.Storage == Storage.Arena)
                foreach (var point in points)
                    to.Line($"{dialect.Kernels}.Points.Visit(in arguments, {names[point.Index]}, {value.Name}, {value.Size}, "
                        + $"{value.Channels});");
        }
    }

    private string Operand(PlannedValue value) => value.Storage is Storage.Input or Storage.Reference
        ? $"new {dialect.Kernels}.Operand({value.Name}, {Dialect.GivenRow(value)})"
        : $"new {dialect.Kernels}.Operand({value.Name}, {value.Size})";

    /// <summary>Where a value lies in each step of a scan.</summary>
    private static string Slot(int offset, int size) => offset == 0 ? $"{size} * step" : $"{offset} + {size} * step";

    // Where in each row a stretch begins.
    private static string Start(PlannedValue value) =>
        value.StartStep == 0 ? $"{value.Start}" : $"({KernelCalls.Offset(value.Start, value.StartStep)})";

    private static string ArenaStart(PlannedValue value, Frame frame) =>
        value.Moves ? $"rows * ({Slot(value.Offset, value.Size)})" :
        value.Offset == 0 && !frame.IsShared ? "0" : $"rows * {value.Offset}";

    private static string From(string values, PlannedValue value, Frame frame) =>
        value.Offset == 0 && !frame.IsShared ? values : $"{values}[{value.Offset}..]";

    private void Declare(SourceWriter to, IEnumerable<PlannedValue> values, Frame frame)
    {
        var all = values.SelectMany(value => value.Whole is { } whole ? [whole, value] : new[] { value }).Distinct();
        foreach (var value in all.Where(value => value.Last >= 0).OrderBy(value => value.First).ThenBy(value => value.Whole is not null))
        {
            if (value.Whole is { } whole)
            {
                to.Line($"var {value.Name} = {whole.Name}[{Start(value)}..]; // {value.Shape} of {whole.Shape}");
                continue;
            }
            var from = value.Storage switch
            {
                Storage.Arena => $"{(frame.GoesBack && plan.Run.IsBack(value) ? "back" : "arena")}"
                    + $".Slice({ArenaStart(value, frame)}, rows * {value.Size})",
                Storage.Input => From(frame.Input, value, frame),
                Storage.Written => From(frame.Written, value, frame),
                Storage.Reference => From("reference", value, frame),
                Storage.Kept when value.Moves => $"{frame.Kept}[({Slot(value.Offset, value.Size)})..]",
                Storage.Kept => From(frame.Kept, value, frame),
                _ => null,
            };
            if (from is not null)
                to.Line($"var {value.Name} = {from}; // {value.Shape}");
        }
    }
}
