using Whence.Generator.Emit.Cpu;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>
/// Writes steps as what a group of threads does: each value a place in the group's memory, and a wait only where a thread reads what
/// another wrote.
/// </summary>
/// <param name="memory">Where values lie.</param>
/// <param name="program">The program.</param>
/// <param name="starts">The stops of it at which a way back may begin.</param>
/// <param name="seed">Where the seed lies, as an expression.</param>
/// <param name="calls">The structs of loops.</param>
/// <param name="fields">The fields of weights.</param>
internal abstract class GroupWriter(WholeMemory memory, Plan.Plan program, IReadOnlyList<Stop> starts, string seed, KernelCalls calls,
    WeightFields fields)
{
    // Of a group, as the runtime has it; and what a thread of it has in registers of a product: four numbers of eight rows, and
    // what makes them.
    protected const int Threads = 128;
    protected const int LiveFloats = 8 * 4 + 8 + 4;

    private readonly Hazards hazards = new();
    private readonly Dictionary<PlannedValue, string> names = [];
    private readonly Dictionary<string, (string Local, int Offset)> weights = [];
    private readonly List<string> parts = [];
    private readonly Dictionary<string, string> slidings = [];
    private readonly Taken taken = new("p", "pair", "shared", "scratch", "first", "step", "alphas", "weights", "sums", "lost", "seed");
    private int weightsSize;

    protected WholeMemory Memory => memory;

    protected Plan.Plan Program => program;

    /// <summary>All that comes with the network, as arguments: known once the kernel is written.</summary>
    protected string Parts => string.Join(", ", parts);

    /// <summary>Where a way back begins, as the kernel counts.</summary>
    protected int Index(Stop start) => program.Stops.ToList().IndexOf(start);

    private bool IsStart(Step step) => step is SeedStep && starts.Any(start => Index(start) == step.Guard.Index);

    /// <summary>The group's memory, the weights, and how convolutions look at their operands.</summary>
    protected void WriteLocals(SourceWriter to)
    {
        if (Memory.SharedSize > 0)
            to.Line($"var shared = Gpu.ThisGroup.Shared({Memory.SharedSize});");
        if (Memory.ScratchSize > 0)
            to.Line($"var scratch = Gpu.ThisGroup.Index * {Memory.ScratchSize};");
        foreach (var (local, offset) in weights.Values)
            to.Line($"var {local} = Gpu.Tile.Same(p.Weights, {offset});");
        foreach (var sliding in slidings)
            to.Statement($"var {sliding.Value} = new Gpu.Sliding {{ {sliding.Key} }};");
    }

    // Steps in order, those of a scan or of a section together.
    protected void WriteSteps(SourceWriter to, IReadOnlyList<WholeStep> steps)
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

    protected void Declare(SourceWriter to, IEnumerable<Step> steps, bool inSteps) =>
        Declare(to, steps.SelectMany(step => step.From.Append(step.To)).Select(Memory.Computed).Distinct()
            .Where(value => value.Storage != Storage.Constant && !Moves(value) && Memory.IsOfSteps(value) == inSteps));

    protected void Declare(SourceWriter to, IEnumerable<PlannedValue> values)
    {
        foreach (var value in values)
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
        new WholeCalls(Name, Weight, Sliding, seed, calls, fields, Memory.IsOfSteps).Write(to, step, IsStart(step));
    }

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

    protected string Name(PlannedValue value)
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
        if (!IsHeld(value))
        {
            var row = value.Storage == Storage.Input ? "p.X, pair * InputSize" : "p.References, pair * p.ReferenceRow";
            return $"Gpu.Tile.Same({row}{(value.Offset == 0 ? "" : $" + {value.Offset}")})";
        }
        var (start, each) = (Start(value), value.Moves ? value.Size : 0);
        return Memory.IsOfSteps(value) ? Steps(start * Memory.Rows, each * Memory.Rows) : Pair(start, 0, each);
    }

    private int Start(PlannedValue computed) =>
        (Memory.IsOfSteps(computed) ? Memory.StepOffsets : Memory.PairOffsets)[computed.Memory] + computed.Slot * computed.Size;

    protected string Steps(int offset, int each) => Memory.AreStepsShared
        ? $"Gpu.Tile.Of(shared, {Moving(offset + (Memory.IsPairShared ? Memory.PairSize : 0), each)}, {Memory.Rows})"
        : $"Gpu.Tile.Of(p.Scratch, scratch + {Moving(offset + (Memory.IsPairShared ? 0 : Memory.PairSize), each)}, {Memory.Rows})";

    protected string Pair(int offset, int rows = 0, int each = 0)
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

    private bool IsHeld(PlannedValue value) => Memory.Holds(value);

    private Access Access(PlannedValue value, bool isWritten, bool isElementwise)
    {
        var (computed, ofSteps) = (Memory.Computed(value), Memory.IsOfSteps(value));
        return new Access(ofSteps, Start(computed), value.Size, computed.Moves ? computed.Memory : null, isWritten, isElementwise);
    }

    protected void WaitToRead(SourceWriter to, PlannedValue value)
    {
        if (IsHeld(value))
            Wait(to, [Access(value, false, false)]);
    }

    /// <summary>All threads have waited.</summary>
    protected void HaveWaited() => hazards.Clear();

    private void Wait(SourceWriter to, IReadOnlyList<Access> accesses)
    {
        if (hazards.Meet(accesses))
            to.Line("Gpu.ThisGroup.Barrier();");
    }

    protected void WaitForAll(SourceWriter to)
    {
        if (!hazards.AreNone)
            to.Line("Gpu.ThisGroup.Barrier();");
        hazards.Clear();
    }
}
