using System.Globalization;
using Whence.Generator.Emit.Cpu;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>Writes a path's programs as one kernel, and the method that launches it.</summary>
internal sealed class WholeWriter(WholePlan plan, Plan.Plan path, KernelCalls calls, WeightFields fields, CompiledClass compiled)
{
    // Of a group, as the runtime has it; and what a thread of it has in registers of a product: four numbers of eight rows, and
    // what makes them.
    private const int Threads = 128;
    private const int LiveFloats = 8 * 4 + 8 + 4;

    private readonly Hazards hazards = new();
    private readonly Dictionary<PlannedValue, string> names = [];
    private readonly Dictionary<string, (string Local, int Offset)> weights = [];
    private readonly List<string> parts = [];
    private readonly Dictionary<string, string> slidings = [];
    private readonly Taken taken = new("p", "pair", "shared", "scratch", "first", "step", "alphas", "weights", "sums", "lost");
    private int weightsSize;

    private WholeMemory Memory => plan.Memory;

    /// <summary>The method and the kernel.</summary>
    public void Write(SourceWriter to)
    {
        // What the kernel reads of the weights is known once it is written.
        var kernel = new SourceWriter(to);
        WriteKernel(kernel);
        to.Line("private float[]? pathsWeights;").Line();
        to.Summary("Whole paths from an output: one launch for all of them, a group of threads going through the steps of one.");
        to.Block("public override void Paths(in Gpu.PathArguments arguments)", () =>
        {
            to.Line("var start = arguments.From switch").Line("{");
            to.Indented(() =>
            {
                foreach (var start in plan.Starts)
                    to.Line($"{string.Join(" or ", start.Points.Select(point => compiled.Points[point]))} => {Index(start)},");
                to.Line("_ => -1,");
            });
            to.Line("};");
            to.Block("if (start < 0)", () => to.Line("base.Paths(in arguments);").Line("return;"));
            to.Statement($"pathsWeights ??= Gpu.Whole.Join({string.Join(", ", parts)});");
            to.Line($"Gpu.Whole.Paths<PathsKernel>(in arguments, start, pathsWeights, {Memory.ScratchSize});");
        });
        to.Line();
        to.Append(kernel);
    }

    private int Index(Stop start) => path.Stops.ToList().IndexOf(start);

    private void WriteKernel(SourceWriter to)
    {
        WriteNumbers(to);
        to.Block("private readonly struct PathsKernel : Gpu.IWholeKernel", () =>
            to.Block("public static void Run(Gpu.WholeArguments p)", () =>
            {
                var body = new SourceWriter(to);
                // Each pair has a group of its own where that costs no device memory.
                if (Memory.ScratchSize == 0)
                    WritePair(body);
                else
                    body.Block("for (var pair = Gpu.ThisGroup.Index; pair < p.Pairs; pair += Gpu.ThisGroup.Count)", () =>
                    {
                        WritePair(body);
                        body.Line("Gpu.ThisGroup.Barrier();");
                    });
                if (Memory.SharedSize > 0)
                    to.Line($"var shared = Gpu.ThisGroup.Shared({Memory.SharedSize});");
                if (Memory.ScratchSize > 0)
                    to.Line($"var scratch = Gpu.ThisGroup.Index * {Memory.ScratchSize};");
                foreach (var (local, offset) in weights.Values)
                    to.Line($"var {local} = Gpu.Tile.Same(p.Weights, {offset});");
                foreach (var sliding in slidings)
                    to.Statement($"var {sliding.Value} = new Gpu.Sliding {{ {sliding.Key} }};");
                to.Line($"var alphas = {Pair(Memory.Alphas, Memory.Rows)};").Line($"var weights = {Pair(Memory.Weights, Memory.Rows)};");
                to.Line($"var sums = {Pair(Memory.Sums)};").Line($"var lost = {Pair(Memory.Lost)};");
                if (Memory.ScratchSize == 0)
                    to.Line("var pair = Gpu.ThisGroup.Index;");
                to.Append(body);
            }));
    }

    private void WriteNumbers(SourceWriter to)
    {
        var (cost, rows) = (plan.Cost, Memory.Rows);
        static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
        to.Comment($"A group of {Threads} threads goes through a pair's path, {rows} steps at a time: " + (Memory.AreStepsShared
            ? $"the {Count(Memory.StepSize)} floats that a step needs at most lie in shared memory{(rows < WholeMemory.MostRows
                ? ", where twice as many steps would not fit" : "")}."
            : $"the {Count(Memory.StepSize)} floats of a step, which a scan remembers, lie in device memory."));
        to.Comment($"Multiply-adds: {Count(cost.PairProducts)} a pair, {Count(cost.StepProducts)} a step.");
        var stepBytes = Memory.AreStepsShared ? 0 : 2L * sizeof(float) * Memory.StepSize;
        to.Comment($"Device memory: {Count(4 * cost.Weights)} bytes of weights, {Count(cost.PairBytes)} bytes a pair, {Count(stepBytes)} a "
            + "step.");
        to.Comment($"Floats in use: {Count(Memory.PairSize)} a pair, {Count(Memory.StepSize)} a step. Shared memory: "
            + $"{Count(4L * Memory.SharedSize)} bytes. {LiveFloats} live in a thread.");
    }

    private void WritePair(SourceWriter to)
    {
        Declare(to, plan.Before.Select(each => each.Step), inSteps: false);
        WriteSteps(to, plan.Before);
        to.Line($"Gpu.GroupPath.Clear(sums, lost, {plan.SumsSize});");
        to.Line();
        to.Line($"for (var first = 0; first < p.Steps; first += {Memory.Rows})");
        to.Block("", () =>
        {
            // Also what another group of steps has left.
            to.Line("Gpu.ThisGroup.Barrier();").Line("Gpu.GroupPath.Load(p, first, alphas, weights);").Line("Gpu.ThisGroup.Barrier();");
            hazards.Clear();
            Declare(to, plan.Steps.Select(each => each.Step), inSteps: true);
            WriteSteps(to, plan.Steps);
            to.Line();
            foreach (var (value, offset) in plan.Sums)
            {
                WaitToRead(to, value);
                to.Line($"Gpu.GroupPath.Add(sums, lost, {offset}, weights, {Name(value)}, {value.Size});");
            }
        });
        to.Line("Gpu.ThisGroup.Barrier();");
        hazards.Clear();
        Declare(to, plan.After, inSteps: false);
        WriteSteps(to, plan.After.Select(WholeStep.Always).ToList());
        to.Line();
        WriteResults(to);
    }

    private void WriteResults(SourceWriter to)
    {
        var offset = 0;
        for (var i = 0; i < plan.Results.Count; i++)
        {
            var (result, size) = (plan.Results[i], compiled.InputSizes[i]);
            var at = offset == 0 ? "pair * InputSize" : $"pair * InputSize + {offset}";
            if (result is not null)
                WaitToRead(to, result);
            to.Line(result is null
                ? $"Gpu.GroupPath.None(p.Multipliers, {at}, {size});"
                : $"Gpu.GroupPath.Out({Name(result)}, p.Multipliers, {at}, {size}, {result.Channels});");
            offset += size;
        }
    }

    // Steps in order, those of a scan or of a section together.
    private void WriteSteps(SourceWriter to, IReadOnlyList<WholeStep> steps)
    {
        for (var i = 0; i < steps.Count;)
        {
            var (scan, section) = (steps[i].Step.Scan, steps[i].Section);
            var together = steps.Skip(i).TakeWhile(each => each.Step.Scan == scan && each.Section == section).ToList();
            i += together.Count;
            if (section < 0)
                WriteRun(to, together);
            else
                WriteSection(to, together);
        }
    }

    private void WriteSection(SourceWriter to, List<WholeStep> steps)
    {
        to.Line();
        WaitForAll(to);
        to.Block($"if (p.Start <= {steps[0].Section})", () =>
        {
            WriteRun(to, steps);
            WaitForAll(to);
        });
        if (steps.Any(each => each.Cleared))
            to.Block("else", () =>
            {
                foreach (var value in steps.Where(each => each.Cleared).Select(each => each.Step.To).Distinct())
                    to.Line($"Gpu.GroupCopy.Fill({Name(value)}, {value.Size}, 0f);");
                to.Line("Gpu.ThisGroup.Barrier();");
            });
    }

    private void WriteRun(SourceWriter to, List<WholeStep> steps)
    {
        if (steps[0].Step.Scan is not { } scan)
        {
            foreach (var each in steps)
                Write(to, each.Step);
            return;
        }
        to.Line();
        WaitForAll(to);
        to.Line(scan.Reversed
            ? $"for (var step = {scan.Steps - 1}; step >= 0; step--)"
            : $"for (var step = 0; step < {scan.Steps}; step++)");
        to.Block("", () =>
        {
            foreach (var value in steps.SelectMany(each => each.Step.From.Append(each.Step.To)).Where(Moves).Select(Memory.Computed)
                .Distinct())
                to.Line($"var {Name(value)} = {Place(value)}; // {value.Shape}");
            foreach (var each in steps)
                Write(to, each.Step);
            WaitForAll(to);
        });
    }

    // What moves with a scan's steps is declared there.
    private bool Moves(PlannedValue value) => Memory.Computed(value).Moves;

    private void Declare(SourceWriter to, IEnumerable<Step> steps, bool inSteps)
    {
        foreach (var value in steps.SelectMany(step => step.From.Append(step.To)).Select(Memory.Computed).Distinct()
            .Where(value => value.Storage != Storage.Constant && !Moves(value) && Memory.IsOfSteps(value) == inSteps))
        {
            if (!names.ContainsKey(value))
                to.Line($"var {Name(value)} = {Place(value)}; // {value.Shape}");
        }
    }

    private void Write(SourceWriter to, Step step)
    {
        // A seed of a layer, from which no way back begins here.
        if (step is SeedStep { Coming: { } same } && same == step.To && !IsStart(step))
            return;
        to.Line().Comment(step.Comment, step.To.Shape.ToString());
        Wait(to, Accesses(step));
        new WholeCalls(Name, Weight, Sliding, calls, fields, Memory.IsOfSteps).Write(to, step, IsStart(step));
    }

    private bool IsStart(Step step) => step is SeedStep && plan.Starts.Any(start => Index(start) == step.Guard.Index);

    /// <summary>A part of the weights by its field, so many floats.</summary>
    private string Weight(string field, int size)
    {
        if (!weights.TryGetValue(field, out var known))
        {
            weights[field] = known = (taken.Take(Names.Camel(field)), weightsSize);
            parts.Add(field);
            weightsSize += (size + 3) / 4 * 4;
        }
        return known.Local;
    }

    private string Sliding(string how)
    {
        if (!slidings.TryGetValue(how, out var name))
            slidings[how] = name = taken.Take("sliding");
        return name;
    }

    private string Name(PlannedValue value)
    {
        value = Memory.Computed(value);
        if (value.Storage == Storage.Constant)
            return Weight(fields.Constant(value), value.Size);
        if (!names.TryGetValue(value, out var name))
            names[value] = name = taken.Take(value.Name);
        return name;
    }

    private string Place(PlannedValue value)
    {
        value = Memory.Computed(value);
        if (value.Storage is Storage.Input or Storage.Reference)
        {
            var row = value.Storage == Storage.Input ? "p.X, pair * InputSize" : "p.References, pair * p.ReferenceRow";
            return $"Gpu.Tile.Same({row}{(value.Offset == 0 ? "" : $" + {value.Offset}")})";
        }
        var (start, each) = (Start(value), value.Moves ? value.Size : 0);
        return Memory.IsOfSteps(value) ? Steps(start * Memory.Rows, each * Memory.Rows) : Pair(start, 0, each);
    }

    private int Start(PlannedValue computed) =>
        (Memory.IsOfSteps(computed) ? Memory.StepOffsets : Memory.PairOffsets)[computed.Memory] + computed.Slot * computed.Size;

    private string Steps(int offset, int each) => Memory.AreStepsShared
        ? $"Gpu.Tile.Of(shared, {Moving(offset + (Memory.IsPairShared ? Memory.PairSize : 0), each)}, {Memory.Rows})"
        : $"Gpu.Tile.Of(p.Scratch, scratch + {Moving(offset + (Memory.IsPairShared ? 0 : Memory.PairSize), each)}, {Memory.Rows})";

    private string Pair(int offset, int rows = 0, int each = 0)
    {
        var place = Memory.IsPairShared ? $"shared, {Moving(offset, each)}" : $"p.Scratch, scratch + {Moving(offset, each)}";
        return rows == 0 ? $"Gpu.Tile.Same({place})" : $"Gpu.Tile.Of({place}, {rows})";
    }

    private static string Moving(int offset, int each) => each == 0 ? $"{offset}" : $"{offset} + {each} * step";

    private List<Access> Accesses(Step step)
    {
        var isElementwise = step is MapStep or BetweenStep;
        var accesses = step.From.Where(IsHeld).Select(value => Access(value, false, isElementwise)).ToList();
        accesses.Add(Access(step.To, true, isElementwise));
        return accesses;
    }

    private bool IsHeld(PlannedValue value) => Memory.Computed(value).Storage == Storage.Arena;

    private Access Access(PlannedValue value, bool isWritten, bool isElementwise)
    {
        var (computed, ofSteps) = (Memory.Computed(value), Memory.IsOfSteps(value));
        return new Access(ofSteps, Start(computed), value.Size, computed.Moves ? computed.Memory : null, isWritten, isElementwise);
    }

    private void WaitToRead(SourceWriter to, PlannedValue value)
    {
        if (IsHeld(value))
            Wait(to, [Access(value, false, false)]);
    }

    private void Wait(SourceWriter to, IReadOnlyList<Access> accesses)
    {
        if (hazards.Meet(accesses))
            to.Line("Gpu.ThisGroup.Barrier();");
    }

    private void WaitForAll(SourceWriter to)
    {
        if (!hazards.AreNone)
            to.Line("Gpu.ThisGroup.Barrier();");
        hazards.Clear();
    }
}
