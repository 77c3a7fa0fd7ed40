using System.Globalization;
using Whence.Generator.Emit.Cpu;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>Writes a path's programs as one kernel, and the method that launches it.</summary>
internal sealed class WholeWriter(WholePlan plan, Plan.Plan path, KernelCalls calls, WeightFields fields, CompiledClass compiled)
    : GroupWriter(plan.Memory, path, plan.Starts, "Gpu.Tile.Same(p.Seed, pair * p.SeedRow)", calls, fields)
{
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
            to.Statement($"pathsWeights ??= Gpu.Whole.Join({Parts});");
            to.Line($"Gpu.Whole.Paths<PathsKernel>(in arguments, start, pathsWeights, {Memory.ScratchSize});");
        });
        to.Line();
        to.Append(kernel);
    }

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
                WriteLocals(to);
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
            HaveWaited();
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
        HaveWaited();
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
}
